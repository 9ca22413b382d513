"""From rows of an answer to records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sources._dynamics.odata import MODIFIED
from sources._dynamics.tables import TEXT, Table
from sources.base import Record
from sources.errors import BadRecord
from sources.keys import canonical_key

#: Asks for the texts of values, and is what their names end with.
FORMATTED: Final = "OData.Community.Display.V1.FormattedValue"
_TEXT: Final = f"@{FORMATTED}"


@dataclass(frozen=True, slots=True)
class Rows:
    """Makes records of rows.

    Args:
        table: whose rows they are.
        key: the column that names a record.

    """

    table: Table
    key: str

    def record(self, row: Any, where: str) -> Record:
        """Return a row as a record.

        Raises:
            BadRecord: when it has no key, or no time.

        """
        fields = _plain(row) if isinstance(row, dict) else {}
        where = f"{self.table.logical} {fields.get(self.table.id) or where}"
        key = canonical_key(fields.get(self.key))
        if key is None:
            raise BadRecord(f"its key, {self.key}, is empty", where, fields)
        at = time_of(fields.get(MODIFIED))
        if at is None:
            raise BadRecord(f"{MODIFIED} holds no time", where, fields, key)
        return Record(key, fields, at, where)


def time_of(value: Any) -> datetime | None:
    """Return a time as Dataverse writes it (``2026-05-01T07:25:37Z``), None when it is none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without what OData says about it; texts have a shorter name."""
    fields: dict[str, Any] = {}
    for name, value in row.items():
        if name.endswith(_TEXT):
            fields[name.removesuffix(_TEXT) + TEXT] = value
        elif "@" not in name:
            fields[name] = value
    return fields
