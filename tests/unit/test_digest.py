"""Digests: the same whatever the order, different for anything else, and never changed in silence."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.digest import CURRENT, SIZE, digest, keyed_digest


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "941dffce4e4308ceb33e87326003257d"),
        ({"a": 1, "b": ["x", None, True, 1.5]}, "4f3e1bb6931e2bee72941f583ab24659"),
        ([{"id": "7", "email": "ada@example.com"}, {"town": "Richmond"}], "e503e010b35202cd0c10266fc67b51e5"),
    ],
)
def test_p5_an_encoding_that_is_kept_in_ledgers_never_changes(value: Any, expected: str) -> None:
    assert digest(value, 1).hex() == expected


def test_order_of_names_does_not_matter_and_of_lists_does() -> None:
    assert digest({"a": 1, "b": {"c": 2, "d": 3}}) == digest({"b": {"d": 3, "c": 2}, "a": 1})
    assert digest([1, 2]) != digest([2, 1])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Decimal("7.00"), Decimal(7)),
        (Decimal("-0.0"), Decimal(0)),
        (datetime(2024, 1, 1, 12, tzinfo=UTC), datetime(2024, 1, 1, 7, tzinfo=timezone(timedelta(hours=-5)))),
        ({1, 2}, {2, 1}),
        (b"ab", bytearray(b"ab")),
    ],
)
def test_what_is_equal_digests_equal(one: Any, other: Any) -> None:
    assert digest(one) == digest(other)


_DISTINCT = [None, True, 0, "", "0", [], {}, 1.5, Decimal("2.5"), date(2024, 1, 1), time(1), 2**70, "\ud800"]


def test_what_differs_digests_differently() -> None:
    assert len({digest([value]) for value in _DISTINCT}) == len(_DISTINCT)


def test_an_unknown_version_is_said() -> None:
    with pytest.raises(KeyError):
        digest("x", CURRENT + 1)


def test_a_keyed_digest_needs_its_key() -> None:
    assert keyed_digest("ada@example.com", b"k" * 16) == keyed_digest("ada@example.com", b"k" * 16)
    assert keyed_digest("ada@example.com", b"k" * 16) != keyed_digest("ada@example.com", b"l" * 16)
    assert len(keyed_digest("\ud800", b"k")) == SIZE


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_any_json_has_a_digest(value: Any) -> None:
    assert len(digest(value)) == SIZE
    assert digest(value) == digest(value)
