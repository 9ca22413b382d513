"""From rows of an answer to records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sources.base import Record
from sources.errors import BadRecord
from sources.keys import canonical_key

#: What Salesforce puts into every record to say what it is.
_ATTRIBUTES = "attributes"


@dataclass(frozen=True, slots=True)
class Rows:
    """Makes records of rows.

    Args:
        object: its name, for messages.
        key: the field that names a record.
        changed: the field that says when it changed.

    """

    object: str
    key: str
    changed: str

    def item(self, row: Any, number: int) -> Record | BadRecord:
        """Return a row as a record, or what is wrong with it."""
        fields = _plain(row) if isinstance(row, dict) else {}
        key = canonical_key(_scalar(fields.get(self.key)))
        where = f"{self.object} {fields.get('Id') or f'number {number} of a page'}"
        if key is None:
            return BadRecord(f"its key, {self.key}, is empty", where, fields)
        at = time_of(fields.get(self.changed))
        if at is None:
            return BadRecord(f"{self.changed} holds no time", where, fields, key)
        return Record(key, fields, at, where)


def time_of(value: Any) -> datetime | None:
    """Return a time as Salesforce writes it (``2026-05-01T07:25:37.000+0000``), None when it is none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _scalar(value: Any) -> Any:
    return None if isinstance(value, (dict, list)) else value


def _plain(value: Any) -> Any:
    """Return a row, and the parents in it, without what Salesforce says about them."""
    if not isinstance(value, dict):
        return value
    return {name: _plain(inner) for name, inner in value.items() if name != _ATTRIBUTES}
