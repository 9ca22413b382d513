"""`preview`: a few live records, and what the mapping makes of each. Needs no state store."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from sources.base import PollRequest
from sync.created import too_old
from sync.lead import Lead, Skip
from sync.runtime.columns import column_check
from sync.runtime.making import using

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from sources.base import Page, Record
    from sources.errors import BadRecord
    from sync.config import Config, SourceConfig
    from sync.lead import Invalid


@dataclass(slots=True)
class Preview:
    """What a source gives, and what becomes of it."""

    records: list[tuple[Record, Lead | Skip | Invalid]] = field(default_factory=list)
    #: Items that could not be made a record of.
    bad: list[BadRecord] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


async def preview(config: Config, source: SourceConfig, most: int) -> Preview:
    """Read the first records of a source and map them.

    Raises:
        SourceError: when it can't be read; BadConfig also when it lacks a column that the mapping names.

    """
    found = Preview(notes=[source.vain_filter] if source.vain_filter else [])
    async with using(config, source) as adapter:
        check = column_check(source.mapping, adapter)
        if check is not None:
            await check()
        pages = cast("AsyncGenerator[Page, None]", adapter.poll(PollRequest(page_size=most)))
        async with aclosing(pages) as closing:
            async for page in closing:
                left = most - len(found.records) - len(found.bad)
                found.records += [(each, _outcome(source, each)) for each in page.records[:left]]
                found.bad += page.bad[: max(0, left - len(page.records))]
                found.notes += page.notes
                if page.last or len(found.records) + len(found.bad) >= most:
                    break
    return found


def _outcome(source: SourceConfig, record: Record) -> Lead | Skip | Invalid:
    """Map a record; whether the endpoint has it already is not known here."""
    outcome = source.mapping.apply(record)
    old = too_old(outcome, source.options.created_after) if isinstance(outcome, Lead) else None
    return Skip(f"{old}, unless the endpoint has it already") if old else outcome
