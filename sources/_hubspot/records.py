"""From HubSpot's objects to records: every property under its own name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from sources._crm.items import records_of
from sources._rest.changed import read_changed
from sources.base import Record
from sources.errors import BadRecord
from sources.keys import canonical_key

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What an object says of itself, beside its properties.
OWN: Final = ("id", "createdAt", "updatedAt", "archived", "archivedAt")
#: All properties once more, under the name that HubSpot has them under.
WHOLE: Final = "properties"


@dataclass(frozen=True, slots=True)
class Shape:
    """How records are made."""

    #: The property with the time of the change.
    modified: str
    #: Whether to show the properties once more as a whole.
    whole: bool = False

    def page(self, items: Sequence[Any]) -> tuple[list[Record], list[BadRecord]]:
        """Return the records of a page, and what could not be made one."""
        return records_of(items, self.record)

    def record(self, item: Any, where: str) -> Record:
        """Return one object as a record.

        Raises:
            BadRecord: when it is no object, or has no id.

        """
        properties = item.get("properties") if isinstance(item, dict) else None
        if not isinstance(properties, dict):
            raise BadRecord("it has no properties", where)
        key = canonical_key(item.get("id"))
        if key is None:
            raise BadRecord("it has no id", where, properties)
        fields = {**properties, **{name: item[name] for name in OWN if name in item}}
        if self.whole:
            fields[WHOLE] = properties
        at = item.get("archivedAt") or properties.get(self.modified) or item.get("updatedAt")
        return Record(key, fields, read_changed(at, "auto", UTC), f"id {key}")
