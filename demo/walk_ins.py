"""The company's walk-in list: a workbook as people keep one, with a title above and numbers for phones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from demo.people import people
from demo.workbook import write_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COUNT = 18
#: Who left neither a phone number nor an e-mail address.
UNREACHABLE = "W-11"
COLUMNS = (
    "Lead ID",
    "First Name",
    "Last Name",
    "Phone",
    "Mobile",
    "E-mail",
    "Visited on",
    "Interested in",
    "Taken by",
)
_INTERESTS = ("windows", "doors", "a new roof")

#: A row by its columns.
Row = dict[str, Any]


def rows(now: datetime) -> list[Row]:
    """Return the rows of the list, the oldest visit first."""
    first = now.date() - timedelta(days=COUNT)
    return [_row(f"W-{number + 1}", number, first + timedelta(days=number)) for number in range(COUNT)]


def save(path: Path, content: Sequence[Row]) -> None:
    """Write the workbook, in the order of the rows given."""
    table = [[row.get(column) for column in COLUMNS] for row in content]
    write_workbook(path, "Leads", [["Walk-ins, showroom Roanoke"], [], list(COLUMNS), *table])


def _row(key: str, number: int, visited: date) -> Row:
    person = people(COUNT, "540")[number]
    row: Row = {
        "Lead ID": key,
        "First Name": person.first,
        "Last Name": person.last,
        "Visited on": visited,
        "Interested in": _INTERESTS[number % len(_INTERESTS)],
        "Taken by": "Chloe" if number % 2 else None,
    }
    if key == UNREACHABLE:
        return row
    # A number that was typed without signs is a number to a spreadsheet.
    reach = {"Phone": float(person.phone)} if number % 3 else {"Mobile": person.phone_as_written}
    return {**row, **reach, "E-mail": person.email if number % 4 else "did not say"}
