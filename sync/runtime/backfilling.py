"""`backfill`: a job that is begun or gone on with, read, and delivered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sources.errors import BadConfig
from sync.backfill import Backfill, BackfillResult
from sync.delivery import Delivered, Goal
from sync.events import Counts, Event, PageStaged
from sync.runtime.delivering import deliver
from sync.runtime.making import using
from sync.runtime.polling import plan_of, text_of
from sync.runtime.preparing import dry_ledger_of, prepare
from sync.runtime.restoring import held_since_restored
from sync.runtime.together import Together
from sync.store import jobs
from sync.store.job_ledger import JobLedger
from sync.store.ledger import Scope

if TYPE_CHECKING:
    from sources.units import Rate
    from sync.config import SourceConfig
    from sync.delivery import Courier
    from sync.runtime.connector import Connector
    from sync.runtime.stopping import Stop
    from sync.store.jobs import Job
    from sync.wishes import Wishes


@dataclass(slots=True)
class BackfillReport:
    """What one `backfill` did."""

    job_id: int | None
    #: Whether an earlier one of the same window was gone on with.
    resumed: bool
    read: BackfillResult
    #: None for a dry run.
    delivered: Delivered | None = None


async def dry_backfill(connector: Connector, source: SourceConfig, wish: Wishes) -> BackfillReport:
    """Read all that a backfill would read; write and send nothing.

    Raises:
        BadConfig: when the source's settings can't work.
        ConfigError: when a source or an endpoint is not what it was.
        StoreError: when the store can't be used.

    """
    ledger = await dry_ledger_of(connector, source)
    async with using(connector.config, source) as adapter:
        plan = replace(plan_of(source, adapter), kind="backfill")
        read = await Backfill(plan, wish, ledger, connector.tell).run()
    return BackfillReport(None, resumed=False, read=read)


async def backfill(
    connector: Connector, source: SourceConfig, wish: Wishes, rate: Rate | None, stop: Stop
) -> BackfillReport:
    """Begin a backfill or go on with an unfinished one of the same window; read and deliver it.

    Raises:
        BadConfig: when the source's settings can't work.
        ConfigError: when a source or an endpoint is not what it was.
        StoreError: when the store can't be used; what was staged stays staged.

    """
    await prepare(connector)
    work = _Work(connector, source, stop)
    scope = Scope(source.endpoint, source.name)
    now = connector.store.clock()
    job = await connector.store.write(
        lambda connection: jobs.begin_or_resume(
            connection, scope, wish.request(), str(rate) if rate else None, now
        )
    )
    report = BackfillReport(job.id, job.resumed, BackfillResult(Counts(), all_read=job.state == jobs.SENDING))
    together = Together()
    connector.tell.observers.append(work)
    try:
        with stop.telling(together.stop.ask):
            reading = [work.read(job, wish, report, together.stop)] if not report.read.all_read else []
            work.reads = bool(reading)
            await together.run([work.deliver(report, together.stop), *reading])
    finally:
        connector.tell.observers.remove(work)
    await connector.store.write(
        lambda connection: jobs.finish_delivered(connection, source.endpoint, connector.store.clock())
    )
    return report


class _Work:
    """The two halves of one backfill, reading and delivering, side by side."""

    def __init__(self, connector: Connector, source: SourceConfig, stop: Stop) -> None:
        self._connector = connector
        self._source = source
        self._stop = stop
        self._courier: Courier | None = None
        self.reads = False

    def __call__(self, event: Event) -> None:
        """Wake the courier when a page was staged."""
        if isinstance(event, PageStaged) and event.source == self._source.name:
            self._wake()

    async def read(self, job: Job, wish: Wishes, report: BackfillReport, stop: Stop) -> None:
        """Read what is wished for from where the job stands."""
        source, counts = self._source, report.read.counts
        scope = Scope(source.endpoint, source.name)
        ledger = JobLedger(self._connector.store, scope, text_of(source.mapping), job.id, counts)
        ledger.hold = await held_since_restored(self._connector, source.name)
        try:
            async with using(self._connector.config, source) as adapter:
                plan = replace(plan_of(source, adapter), kind="backfill")
                reading = Backfill(plan, wish, ledger, self._connector.tell, counts)
                report.read = reading.result
                with stop.telling(reading.stop):
                    await reading.run(job.position)
        except BadConfig as error:
            report.read.error, report.read.cause = str(error), error
        finally:
            self.reads = False
            self._wake()

    async def deliver(self, report: BackfillReport, stop: Stop) -> None:
        """Deliver while it is read, and until nothing is due."""
        endpoint = self._connector.config.endpoints[self._source.endpoint]
        goal = Goal(endpoint.settings.give_up.total_seconds(), lambda: self.reads and not stop.asked)
        report.delivered = await deliver(self._connector, endpoint, stop, goal, self._knows)

    def _knows(self, courier: Courier) -> None:
        self._courier = courier

    def _wake(self) -> None:
        if self._courier is not None:
            self._courier.wake()
