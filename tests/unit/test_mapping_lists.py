"""Lists: split out of text, found in a record, picked from, put together, or sent flat."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mapping_kit import compiled, field, mapped, refused

TAGS = {"tags": [{"name": "a"}, {"name": "B"}, {"name": "-"}, {"name": None}]}


@pytest.mark.parametrize(
    ("written", "record", "expected"),
    [
        ('{ from: a, split: ",", pick: first }', {"a": " x , y ,, z"}, "x"),
        ('{ from: a, split: ",", pick: last }', {"a": "x,y, "}, "y"),
        ('{ from: a, split: ",", pick: 2 }', {"a": "x,,y"}, "y"),
        ('{ from: a, split: ",", pick: 9 }', {"a": "x,y"}, None),
        ('{ from: a, split: ",", pick: 2 }', {"a": "x, N/A, y"}, "y"),
        ('{ from: a, split: ",", pick: first }', {"a": " , "}, None),
        ('{ from: a, split: [";", "/"], join: "+" }', {"a": "x;y/z"}, "x+y+z"),
        ('{ from: a, split: ["-", "->"], join: "+" }', {"a": "x->y-z"}, "x+y+z"),
        ('{ from: a, split: ",", join: " & " }', {"a": ["x,y", "z"]}, "x & y & z"),
        ("{ from: a, pick: last }", {"a": ["x", "y"]}, "y"),
        ("{ from: a, pick: first }", {"a": "x"}, "x"),
        ("{ from: a, pick: 2 }", {"a": "x"}, None),
        ("{ from: a, pick: first }", {"a": []}, None),
        ("{ from: 'tags[].name', join: ', ' }", TAGS, "a, B"),
        ("{ from: 'tags[].name', values: { a: A }, join: ', ' }", TAGS, "A, B"),
        ("{ from: 'tags[].name', values: { a: A, b: }, join: ', ' }", TAGS, "A"),
        ("{ from: 'tags[].name', values: { a: A }, otherwise: drop, join: ', ' }", TAGS, "A"),
        ("{ from: 'tags[].name', values: { z: A }, otherwise: drop, join: ', ', default: d }", TAGS, "d"),
        ("{ from: 'tags[].name', as: { text: { case: upper } }, join: ' ' }", TAGS, "A B"),
        ("{ from: a, join: '' }", {"a": [1, 2.0, True]}, "12true"),
        ("{ from: a, join: ', ' }", {"a": "one"}, "one"),
        ("{ expr: \"a.split(' ')\", join: '-' }", {"a": "x y"}, "x-y"),
        ("{ value: 'a,b', split: ',', join: '-' }", {}, "a-b"),
    ],
)
def test_a_list_becomes_one_text(written: str, record: dict[str, Any], expected: str | None) -> None:
    assert field(written, record) == expected


def test_a_list_of_a_custom_property_is_sent_flat() -> None:
    text = (
        "lead: { email: { value: ada@example.com } }\n"
        'custom: { tag: "tags[].name", part: { from: a, split: "," } }'
    )
    assert mapped(text, {**TAGS, "a": "x, y"}).custom == {
        "tag.0": "a", "tag.1": "B", "part.0": "x", "part.1": "y",
    }  # fmt: skip


def test_a_list_is_not_one_value() -> None:
    assert "a list of 2 values is not one value" in refused("{ from: a, join: ',' }", {"a": [["x", "y"]]})
    outcome = compiled("lead: { email: e, status: { from: a, split: ',' } }")
    assert "is not one value" in str(outcome.apply(_record({"e": "ada@example.com", "a": "x,y"})))


def test_a_phone_is_picked_out_of_a_list() -> None:
    text = "lead: { phoneNumber: { from: p, split: [';', ' or '], pick: last } }"
    assert mapped(text, {"p": "804 555 0123 or 804 555 0150"}).standard["phoneNumber"] == "8045550150"


def _record(fields: dict[str, Any]) -> Any:
    from sources.base import Record

    return Record("7", fields)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{ from: 'a[]', join: '+' }", "x+y"),
        ("{ from: a, pick: first }", "x"),
        ("{ from: a, pick: 2 }", "y"),
        ("{ from: a, pick: last, as: text }", "y"),
        ("{ from: a, values: { x: X }, otherwise: reject, if_invalid: drop, join: '+' }", None),
        ("{ from: a, values: { x: X, y: Y }, otherwise: reject, join: '+' }", "X+Y"),
        ("{ from: a, as: { text: { case: upper } }, join: '+' }", "X+Y"),
    ],
)
def test_items_that_are_nothing_are_no_part_of_a_list(written: str, expected: str | None) -> None:
    assert field(written, {"a": ["N/A", "x", None, " ", "y", "-"]}) == expected
    assert field("{ from: a, pick: first, default: none of them }", {"a": ["N/A", ""]}) == "none of them"


def test_a_phone_is_looked_for_behind_one_that_is_nothing() -> None:
    lead = mapped(
        "lead: { phoneNumber: { from: 'phones[].n', pick: first } }",
        {"phones": [{"n": "-"}, {"n": "804-555-0123"}]},
    )
    assert lead.standard["phoneNumber"] == "8045550123"
