"""From Zoho's records to ours: every field under its API name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sources._rest.changed import read_changed
from sources.base import Record
from sources.errors import BadRecord
from sources.keys import canonical_key

#: When a record was changed.
MODIFIED: Final = "Modified_Time"
#: What a record has unasked, and nobody may ask for.
OWN: Final = ("id", "$converted")


def record(item: Any, where: str) -> Record:
    """Return one record.

    Raises:
        BadRecord: when it is no object, or has no id.

    """
    if not isinstance(item, dict):
        raise BadRecord("it is not an object", where)
    fields = {name: value for name, value in item.items() if name in OWN or not name.startswith("$")}
    key = canonical_key(item.get("id"))
    if key is None:
        raise BadRecord("it has no id", where, fields)
    return Record(key, fields, time_of(item), f"id {key}")


def time_of(item: Any) -> datetime | None:
    """Return when a record was changed; None when it does not say. It comes in the user's zone."""
    return read_changed(item.get(MODIFIED), "auto", UTC) if isinstance(item, dict) else None
