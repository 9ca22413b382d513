"""The person of a lead: a lead itself has no name, no phone and no e-mail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sources._pipedrive.names import JOINED
from sources._pipedrive.records import Narrowed, flat
from sources.keys import canonical_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources._pipedrive.api import PipedriveApi
    from sources.base import Record


async def joined(api: PipedriveApi, records: Sequence[Record]) -> list[Record]:
    """Return leads, each with its person; None for one that has none, or whose person is gone.

    Raises:
        SourceError: the persons can't be read.

    """
    ids = list(dict.fromkeys(key for record in records if (key := _person_of(record))))
    found = await api.persons_of(ids, Narrowed())
    there: dict[str | None, Any] = {
        canonical_key(item.get("id")): flat(item) for item in found if isinstance(item, dict)
    }
    return [
        replace(record, fields={**record.fields, JOINED: there.get(_person_of(record))}) for record in records
    ]


def _person_of(record: Record) -> str | None:
    key = canonical_key(record.fields.get("person_id"))
    return key if key and key.isdecimal() else None
