"""Which fields a source is asked for: what the mapping reads, and what older ones did.

A lead that was made by an older mapping is compared under that one too. Without what only that one reads,
every such record would seem to have changed, and an edit that drops a column would send them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sources.base import KnowsFields

if TYPE_CHECKING:
    from sources.base import Source


class KnowsMappings(Protocol):
    """A ledger, as far as it matters here."""

    async def also_read(self) -> frozenset[str] | None:
        """Return the fields that older mappings read by which leads of the source stand; None: all."""
        ...


async def fields_to_ask(
    source: Source, reads: frozenset[str] | None, ledger: KnowsMappings
) -> frozenset[str] | None:
    """Return the names of the fields to ask a source for, None for all of them.

    Args:
        source: what will be asked.
        reads: what the mapping in force reads; None: all.
        ledger: knows which other mappings leads of the source stand by.

    Raises:
        SourceError: when the source can't say which fields it has.
        StoreError: when the ledger can't be used.

    """
    older = None if reads is None else await ledger.also_read()
    if reads is None or older is None:
        return None
    return reads | await _still_there(source, older - reads)


async def _still_there(source: Source, names: frozenset[str]) -> frozenset[str]:
    """Leave out what the source has no more: to be asked for it would be an error to some."""
    if not names or not isinstance(source, KnowsFields):
        return names
    there = frozenset(await source.fields())
    return frozenset(name for name in names if name in there or name.partition(".")[0] in there)
