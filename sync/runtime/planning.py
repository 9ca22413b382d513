"""`plan`: all that a sync would read, compared; nothing written, nothing sent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sync.backfill import Backfill
from sync.engine import Run, RunResult
from sync.runtime.judging import Edit, Judge
from sync.runtime.making import using
from sync.runtime.polling import plan_of
from sync.runtime.preparing import compared, dry_ledger_of
from sync.store.ledger import Scope
from sync.store.older_mappings import standing
from sync.wishes import Judging

if TYPE_CHECKING:
    from sources.base import Window
    from sync.backfill import BackfillResult
    from sync.config import SourceConfig
    from sync.engine import Plan
    from sync.runtime.connector import Connector
    from sync.runtime.dry_ledger import Planned

#: So long after an edited mapping was first used, leads that stand by an older one are spoken of, in
#: seconds: `run` takes an edit up within a second, before whoever made it can ask what it does.
_RECENT = 86_400.0


@dataclass(slots=True)
class Judged:
    """What an edit of the mapping would do, and what was read to tell."""

    edit: Edit
    #: Records that were read for it.
    read: int
    #: Whether the whole source was asked for, or a span of it, and not what a sync reads.
    whole: bool = False
    #: What stopped the reading, for people.
    error: str | None = None
    cause: Exception | None = None
    #: Leads that stand by an older mapping and were not read.
    unread: int = 0


@dataclass(slots=True)
class PlanReport:
    """What a sync of one source would do."""

    source: str
    result: RunResult
    judged: Judged
    #: The first leads that would go and records that would be set aside; see `dry_ledger.MOST_NOTED`.
    noted: list[Planned] = field(default_factory=list)
    #: Records whose lead differs only because the mapping was edited: they are not sent.
    edited_only: int = 0


async def plan(connector: Connector, source: SourceConfig, span: Window | None = None) -> PlanReport:
    """Read and compare a source as a sync would.

    Args:
        connector: with the store.
        source: what to read.
        span: what to read beyond that, to judge an edit of the mapping; an unbounded one is everything.

    Raises:
        BadConfig: when the source's settings can't work.
        ConfigError: when a source or an endpoint is not what it was.
        StoreError: when the store can't be used.

    """
    judge = Judge(connector.store, source.mapping, thorough=False)
    ledger = await dry_ledger_of(connector, source, judge)
    async with using(connector.config, source) as adapter:
        told = replace(plan_of(source, adapter), kind="plan")
        result = await Run(told, ledger, connector.tell).run()
        judged = Judged(judge.edit, result.counts.polled)
        if span is not None and not result.error:
            judge = Judge(connector.store, source.mapping, thorough=True)
            judged = await _judged(connector, source, told, judge, span)
    judged.unread = await _unread(connector, source, judge)
    return PlanReport(source.name, result, judged, ledger.noted, ledger.edited_only)


async def _judged(
    connector: Connector, source: SourceConfig, told: Plan, judge: Judge, span: Window
) -> Judged:
    """Read a source, page by page, for the judge alone."""
    ledger = await dry_ledger_of(connector, source, judge)
    reading = Backfill(replace(told, kind="reading"), Judging(span), ledger, connector.tell)
    result: BackfillResult = await reading.run()
    return Judged(judge.edit, result.counts.polled, whole=True, error=result.error, cause=result.cause)


async def _unread(connector: Connector, source: SourceConfig, judge: Judge) -> int:
    """Return how many leads stand by an older mapping and were not looked at, for a day after an edit."""
    scope = (await compared(connector)).scope_now(Scope(source.endpoint, source.name))
    found = await connector.store.read(lambda connection: standing(connection, scope, source.mapping.hash))
    recent = found.since is None or connector.store.clock() - found.since < _RECENT
    return max(0, found.leads - judge.older) if recent else 0
