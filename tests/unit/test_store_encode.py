"""Payloads: leads and raw records come back as they were, whatever a source puts into a record."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.base import Record
from sync.lead import Lead
from sync.store.encode import read_lead, read_record, write_lead, write_record

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.dates()
    | st.times()
    | st.datetimes(timezones=st.just(UTC))
    | st.decimals(allow_nan=False)
    | st.binary()
)
_VALUES = st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner))


@given(st.dictionaries(st.text("xyz"), _VALUES))
def test_a_record_comes_back_with_its_types(fields: dict[str, object]) -> None:
    record = Record("7", fields, datetime(2026, 3, 1, tzinfo=UTC), "row 7")
    assert read_record(write_record(record)) == record


def test_a_lead_comes_back() -> None:
    lead = Lead({"id": "7", "email": "ada@example.com"}, {"plan": "gold"})
    assert read_lead(write_lead(lead)) == lead


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (2**70, 2**70),
        (-(2**70), -(2**70)),
        ("half \ud800", "half ?"),
        ({7: "a", None: "b"}, {"7": "a", "null": "b"}),
        ((1, 2), [1, 2]),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (memoryview(b"ab"), b"ab"),
        (float("inf"), None),
        ({"when": datetime(2026, 3, 1, 9, tzinfo=UTC), "wide": 2**64}, None),
        ([date(2026, 3, 1), time(9), Decimal("1.50")], None),
    ],
)
def test_p6_what_json_has_no_word_for_is_kept_all_the_same(value: object, kept: object) -> None:
    expected = kept if kept is not None or value == float("inf") else value
    assert read_record(write_record(Record("7", {"value": value}))).fields == {"value": expected}


def test_p6_a_number_that_python_itself_would_not_print() -> None:
    record = Record("7", {"value": 10**5000})
    assert read_record(write_record(record)) == record


def test_p6_a_record_nested_beyond_all_reason_is_kept_without_its_depths() -> None:
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    assert read_record(write_record(Record("7", {"deep": deep, "name": "Ada"}))).fields["name"] == "Ada"
