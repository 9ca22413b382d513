"""`plan`: all that a sync would read, compared; nothing written, nothing sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.engine import Run, RunResult
from sync.runtime.making import using
from sync.runtime.polling import plan_of
from sync.runtime.preparing import dry_ledger_of

if TYPE_CHECKING:
    from sync.config import SourceConfig
    from sync.runtime.connector import Connector
    from sync.runtime.dry_ledger import Planned


@dataclass(slots=True)
class PlanReport:
    """What a sync of one source would do."""

    source: str
    result: RunResult
    #: The first leads that would go and records that would be set aside; see `dry_ledger.MOST_NOTED`.
    noted: list[Planned] = field(default_factory=list)
    #: Records whose lead differs only because the mapping was edited: they are not sent.
    edited_only: int = 0


async def plan(connector: Connector, source: SourceConfig) -> PlanReport:
    """Read and compare a source as a sync would.

    Raises:
        BadConfig: when the source's settings can't work.
        ConfigError: when a source or an endpoint is not what it was.
        StoreError: when the store can't be used.

    """
    ledger = await dry_ledger_of(connector, source)
    async with using(connector.config, source) as adapter:
        result = await Run(plan_of(source, adapter), ledger, connector.tell).run()
    return PlanReport(source.name, result, ledger.noted, ledger.edited_only)
