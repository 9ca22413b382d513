"""Records that were kept, read once more where they lack what the mapping reads by now.

A record that no lead could be made of is kept as the mapping of that time had asked for it. An edit that
names another column finds nothing there: the record itself has to be asked for again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.base import FetchesByKey, KeysArePlaces
from sync.reading import blaming

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sources.base import Record, Source


async def completed(source: Source, records: Sequence[Record], reads: Iterable[str] | None) -> list[Record]:
    """Return records as they are in the source now, where something is missing of them.

    What the source has no more, and what it can't give by key, stays as it was kept.

    Args:
        source: where they came from.
        records: as they were kept.
        reads: the fields that the mapping reads; None: all.

    Raises:
        SourceError: when the source can't be asked.

    """
    partial = [record.key for record in records if _lacks(record, reads)]
    # A key that is a place may be another record's by now.
    places = isinstance(source, KeysArePlaces) and source.keys_are_places
    if not partial or places or not isinstance(source, FetchesByKey):
        return list(records)
    with blaming(source):
        found = {record.key: record for record in await source.fetch(partial)}
    return [found.get(record.key, record) for record in records]


def _lacks(record: Record, reads: Iterable[str] | None) -> bool:
    if reads is None:
        return False
    fields = record.fields
    return any(name not in fields and name.partition(".")[0] not in fields for name in reads)
