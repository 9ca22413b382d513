"""From Airtable's records to ours: empty fields are there, failed formulas are empty."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from sources._rest.changed import read_changed
from sources._wording import counted
from sources.base import Record
from sources.errors import BadRecord
from sources.keys import canonical_key

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What a record has beside its fields.
OWN: Final = ("id", "createdTime")
#: What Airtable gives of an attachment for two hours only: with it a record would change all the time.
_FLEETING: Final = frozenset({"url", "thumbnails"})


@dataclass
class Maker:
    """Makes records.

    Args:
        changed: the field with the time of the last change.
        names: the fields that were asked for, which Airtable leaves out where they are empty.

    """

    changed: str | None
    names: Iterable[str] = ()
    _failed: int = field(default=0, init=False)

    def record(self, item: Any, where: str) -> Record:
        """Return one record.

        Raises:
            BadRecord: when it is no object, or has no id.

        """
        there = item.get("fields") if isinstance(item, dict) else None
        if not isinstance(there, dict):
            raise BadRecord("it is no record", where)
        key = canonical_key(item.get("id"))
        if key is None:
            raise BadRecord("it has no id", where, there)
        fields: dict[str, Any] = {name: item.get(name) for name in OWN} | dict.fromkeys(self.names)
        fields |= {name: self._value(value) for name, value in there.items()}
        at = there.get(self.changed) or item.get("createdTime") if self.changed is not None else None
        return Record(key, fields, read_changed(at, "auto", UTC), f"id {key}")

    def notes(self) -> list[str]:
        """Return what the operator should hear."""
        if not self._failed:
            return []
        return [f"{counted(self._failed, 'value')} of formulas that failed (#ERROR!, NaN), read as empty"]

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(each) for each in value]
        if not isinstance(value, dict):
            return value
        if value.keys() in ({"specialValue"}, {"error"}):
            self._failed += 1
            return None
        if "filename" in value:
            return {name: each for name, each in value.items() if name not in _FLEETING}
        return value
