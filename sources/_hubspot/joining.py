"""Objects that belong to others: the contacts of a lead, which alone have a phone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sources._hubspot.api import HubspotApi
    from sources.base import Record


@dataclass(frozen=True, slots=True)
class Joining:
    """Reads what is associated with the records of a page; neither list nor search says that reliably."""

    api: HubspotApi
    #: The properties that are wanted of each type.
    types: Mapping[str, Sequence[str]]

    async def joined(self, records: Sequence[Record]) -> list[Record]:
        """Return the records, each with the lists of what belongs to it."""
        for kind, names in self.types.items():
            records = await self._with(records, kind, names)
        return list(records)

    async def _with(self, records: Sequence[Record], kind: str, names: Sequence[str]) -> list[Record]:
        if not records:
            return []
        links = await self.api.linked([record.key for record in records], kind)
        ids = list(dict.fromkeys(each for linked in links.values() for each in linked))
        there = {str(item["id"]): _flat(item) for item in await self.api.read(kind, ids, names)}
        return [
            replace(record, fields={**record.fields, kind: _known(there, links.get(record.key, ()))})
            for record in records
        ]


def _flat(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**item["properties"], "id": str(item["id"])}


def _known(there: Mapping[str, dict[str, Any]], ids: Sequence[str]) -> list[dict[str, Any]]:
    return [there[each] for each in ids if each in there]
