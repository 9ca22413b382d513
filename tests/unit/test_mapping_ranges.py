"""Tables: ranges among their keys, and what becomes of what they don't list."""

from __future__ import annotations

from typing import Any

import pytest

from sync.mapping.table_keys import range_of
from tests.mapping_kit import field, refused

SIZES = '{ from: n, values: { "<0": odd, 0: none, "1..5": few, "<= 100.5": some, ">100.5": many } }'


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (-1, "odd"),
        (0, "none"),
        ("0", "none"),
        (1, "few"),
        (5.0, "few"),
        ("5.5", "some"),
        ("100.5", "some"),
        (" 101 ", "many"),
        ("+7", "some"),
        (10**30, "many"),
        ("twelve", "twelve"),
        ("1,000", "many"),
        ("$4.50", "few"),
        ("(12)", "odd"),
        ("12,5", "12,5"),
        ("about 7", "about 7"),
        (True, "true"),
        (None, None),
    ],
)
def test_a_number_is_looked_up_in_ranges(number: Any, expected: str | None) -> None:
    assert field(SIZES, {"n": number}) == expected


@pytest.mark.parametrize(
    ("key", "inside", "outside"),
    [
        ("<10000", [9999.99, -5], [10000]),
        ("< 10", [9], [10]),
        (">=10000", [10000], [9999.99]),
        ("<= 5", [5], [5.01]),
        ("> 5", [5.01], [5]),
        ("1..5", [1, 3, 5], [0.99, 5.01]),
        ("-5 .. -1", [-5, -1], [0, -6]),
        ("0.5..1.5", [0.5, 1.5], [2]),
        (">-1", [0], [-1]),
    ],
)
def test_a_range(key: str, inside: list[float], outside: list[float]) -> None:
    span = range_of(key)
    assert span is not None
    assert [number in span for number in inside] == [True] * len(inside)
    assert [number in span for number in outside] == [False] * len(outside)


@pytest.mark.parametrize("key", ["new", ">50k", "<none>", "a..b", "1.5", "...", "<b>", "->", "2..days"])
def test_any_other_key_is_a_word(key: str) -> None:
    assert range_of(key) is None


def test_the_first_range_in_the_order_written_counts_after_exact_keys() -> None:
    table = '{ from: n, values: { "<10": small, "<100": middle, 7: lucky, ">50k": rich } }'
    assert [field(table, {"n": n}) for n in (7, 8, 50, ">50K", 100)] == [
        *("lucky", "small", "middle", "rich", "100")
    ]


@pytest.mark.parametrize(
    ("otherwise", "expected"),
    [("", "z"), (", otherwise: keep", "z"), (", otherwise: drop", None), (", default: d", "d")],
)
def test_what_becomes_of_what_is_not_listed(otherwise: str, expected: str | None) -> None:
    assert field(f'{{ from: a, values: {{ x: y, "<5": few }}{otherwise} }}', {"a": "z"}) == expected


def test_it_may_set_the_record_aside_without_a_word_of_it() -> None:
    reason = refused("{ from: a, values: { x: y }, otherwise: reject }", {"a": "secret"})
    assert reason == "m.yaml:4:7: custom.it: text of 6 characters: not listed under values"
    assert "3 digits: not listed" in refused(
        '{ from: a, values: { "<5": y }, otherwise: reject }', {"a": 123}
    ).replace("a number of ", "")


def test_a_default_wins_over_otherwise_and_nothing_over_a_default() -> None:
    table = "{ from: a, values: { x: y, junk: }, otherwise: reject, default: d }"
    assert field(table, {"a": "z"}) == "d"
    assert field(table, {}) == "d"
    assert field(table, {"a": "junk"}) is None


def test_an_entry_of_a_range_may_be_nothing() -> None:
    assert field('{ from: a, values: { "<5": }, default: d }', {"a": 3}) is None
