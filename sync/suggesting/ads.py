"""What ad platforms write into exports beside what people answered: leads of a test, letters before codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.suggesting.choice import Field
    from sync.suggesting.columns import Column
    from sync.suggesting.seen import Seen

#: How Meta's tool for testing forms begins the answers it makes up, behind the letter a column may have.
MADE_UP = "<test lead"
#: How Meta writes the number of a lead.
_META_ID = re.compile(r"l:\d+")
#: How Meta writes a postal code, so that no spreadsheet program takes its zeros away.
_POSTAL = re.compile(r"z:[\w -]+")
#: Columns that only say whether a lead is a test.
_FLAGS = frozenset({("test", "lead"), ("is", "test"), ("is", "test", "lead"), ("testlead",), ("istest",)})
_NAMED = ("firstName", "lastName", "phoneNumber")


def meant(records: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Return the records without the tests of Meta's, from which nothing can be learned about others.

    A new form has tests only: then what they made up counts as not answered.
    """
    answered = [record for record in records if not any(map(_is_made_up, record.values()))]
    return answered or [
        {name: None if _is_made_up(value) else value for name, value in record.items()} for record in records
    ]


def test_column(
    records: Sequence[Mapping[str, Any]], seen: Sequence[Seen], fields: Mapping[str, Field]
) -> Column | None:
    """Return the column by which a test of Meta's is known; None for what is no export of Meta's."""
    tests = any(_is_made_up(value) for record in records for value in record.values())
    if not tests and not any(_is_meta_id(each) for each in seen):
        return None
    return next((fields[name].columns[0] for name in _NAMED if name in fields), None)


def test_flags(seen: Sequence[Seen]) -> list[Column]:
    """Return the columns that say whether a lead is a test."""
    return [each.column for each in seen if each.words in _FLAGS and (each.empty or each.facts.flag == 1)]


def prefix_of(seen: Seen) -> str:
    """Return what stands before every value of a column and is no part of it; empty: nothing does."""
    postal = [value for value in seen.column.values if isinstance(value, str) and _POSTAL.fullmatch(value)]
    return "z:" if postal and len(postal) == len(seen.column.values) else ""


def _is_made_up(value: Any) -> bool:
    return isinstance(value, str) and MADE_UP in value


def _is_meta_id(seen: Seen) -> bool:
    values = seen.column.values
    return bool(values) and all(isinstance(value, str) and _META_ID.fullmatch(value) for value in values)
