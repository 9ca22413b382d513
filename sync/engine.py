"""One run: poll → map → compare → stage.

It knows only protocols: no database, no HTTP, no logging. What it does is told by events.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sources.base import HasLookback, KeysArePlaces, PollRequest
from sources.errors import RateLimited, SourceError
from sync.asking import fields_to_ask
from sync.compare import Rules, decide, set_aside
from sync.counting import count
from sync.events import Counts, PageStaged, RunFinished, RunStarted, Said
from sync.first_sync import Start, begin
from sync.ledger import Progress, Staging
from sync.places import GONE, MOVED, PlacesGuard, is_many, shrunk
from sync.reading import blaming, read_pages
from sync.rereading import completed
from sync.screening import Screening

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Sequence
    from datetime import datetime

    from sources.base import Page, Source
    from sources.position import Position
    from sources.units import Rate
    from sync.compare import Decision, Evaluates
    from sync.events import Events
    from sync.first_sync import FirstSync
    from sync.ledger import Ledger
    from sync.screening import Screened

#: Records compared before whatever else waits gets its turn: sending goes on while a source is read.
_AT_A_STRETCH = 50


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: the source with its mapping and the user's wishes."""

    name: str
    source: Source
    mapping: Evaluates
    first_sync: FirstSync
    lookback: timedelta = timedelta(0)
    max_sends: Rate | None = None
    #: A lead created before this is sent only where the endpoint has it already.
    created_after: datetime | None = None
    #: Top-level fields the mapping reads; None: all.
    reads: frozenset[str] | None = None
    kind: str = "sync"
    page_size: int = 500
    #: Why all that this run stages is held, if it is.
    hold: str | None = None
    #: Called before the first records are mapped, as to see that the source has what the mapping names.
    before_records: Callable[[], Awaitable[None]] | None = None


@dataclass(slots=True)
class RunResult:
    """How a run went."""

    source: str
    kind: str
    counts: Counts = field(default_factory=Counts)
    #: Why everything staged is held, if a guard holds it.
    held_reason: str | None = None
    #: What stopped the run, for people.
    error: str | None = None
    #: The same, as it was raised.
    cause: Exception | None = None

    @property
    def retry_after(self) -> float | None:
        """Seconds that the source asked to be left alone."""
        return self.cause.retry_after if isinstance(self.cause, RateLimited) else None


class Run:
    """One poll of one source."""

    def __init__(self, plan: Plan, ledger: Ledger, tell: Events) -> None:
        self._plan = plan
        self._ledger = ledger
        self._tell = tell
        self._screening = Screening(plan.mapping, by_change=isinstance(plan.source, HasLookback))
        self._result = RunResult(plan.name, plan.kind)
        self._hold = plan.hold
        self._start: Start | None = None
        self._progress = Progress()
        self._places = isinstance(plan.source, KeysArePlaces) and plan.source.keys_are_places
        self._places_guard = PlacesGuard(ledger)
        self._stop = False
        #: Whether this poll came to the end of the source.
        self._read_whole = False

    def stop(self) -> None:
        """End after the page being staged; the next run goes on from there."""
        self._stop = True

    async def run(self) -> RunResult:
        """Poll to the end, or as far as it goes; what was staged stays staged.

        Raises:
            StoreError: when the ledger can't be used; nothing more was staged.

        """
        await self._ledger.begin(self._plan.kind)
        self._tell(RunStarted(self._plan.name, self._plan.kind))
        try:
            await self._read()
        except SourceError as error:
            self._result.error, self._result.cause = str(error), error
        finally:
            self._screening.close()
        await self._finish()
        return self._result

    async def _finish(self) -> None:
        result, plan = self._result, self._plan
        # The guards of whole reads have not seen everything where a read broke off, or was stopped.
        whole = self._read_whole and not result.error
        let_go = whole or not (self._places or self._may_shrink)
        held = await self._ledger.finish(
            result.counts, result.error, plan.max_sends, let_go=let_go, hold=self._hold
        )
        result.held_reason = self._hold or held
        if held and not self._asked:
            result.counts.hold()
        self._tell(RunFinished(plan.name, plan.kind, result.counts, result.error, result.held_reason))

    @property
    def _asked(self) -> bool:
        return self._start is not None and self._start.asked

    async def _read(self) -> None:
        request = await self._request()
        rules = Rules(
            self._plan.mapping,
            await self._ledger.older_mappings(),
            self._start.adopts() if self._start else None,
            created_after=self._plan.created_after,
        )
        await self._map_again(rules)
        async with aclosing(read_pages(self._plan.source, request)) as pages:
            async for page in pages:
                await self._page(page, rules)
                self._read_whole = page.last
                if page.last or self._stop:
                    return
        self._read_whole = True
        if self._start:  # the source ended without a last page: it was read to its end all the same
            await self._ledger.stage(Staging(()))

    async def _request(self) -> PollRequest:
        """Work out where this poll begins."""
        plan, progress = self._plan, await self._ledger.progress()
        if progress is None:
            with blaming(plan.source):
                self._start = await begin(plan.first_sync, plan.source, plan.lookback)
            position = self._start.position
            self._progress = Progress(position, self._start.plan)
            await self._ledger.stage(Staging((), position, first_sync=self._start.plan))
        else:
            self._progress = progress
            position = progress.position.moved_back(plan.lookback) if progress.position else None
            if progress.first_sync is not None:
                self._start = Start(progress.position, dict(progress.first_sync))
        reads = await fields_to_ask(plan.source, plan.reads, self._ledger)
        return PollRequest(position=position, fields=reads, page_size=plan.page_size)

    async def _map_again(self, rules: Rules) -> None:
        """Give records that an older mapping refused another chance; they are not polled again."""
        rules = replace(rules, adopts=None)
        async for kept in self._ledger.invalid_records():
            records = await completed(self._plan.source, kept, self._plan.reads)
            known = await self._ledger.known([record.key for record in records])
            decisions = [decide(r, rules.mapping.record_digest(r), known.get(r.key), rules) for r in records]
            self._count(decisions)
            await self._ledger.stage(self._staging(decisions))

    async def _page(self, page: Page, rules: Rules) -> None:
        await self._look_before(page)
        screened = self._screening.sort(page)
        decisions = await self._decide(screened, rules)
        counts = self._result.counts
        counts.polled += len(page.records) + len(page.bad)
        counts.unchanged += screened.repeated
        self._count(decisions)
        await self._guard(decisions, page, rules)
        staging = self._staging(decisions, page)
        await self._ledger.stage(staging)
        if staging.position:
            self._progress = replace(self._progress, position=staging.position)
        self._tell(PageStaged(self._plan.name, counts, tuple(page.notes)))

    async def _look_before(self, page: Page) -> None:
        if page.records and self._plan.before_records and not self._result.counts.polled:
            with blaming(self._plan.source):
                await self._plan.before_records()

    async def _decide(self, screened: Screened, rules: Rules) -> list[Decision]:
        known = await self._ledger.known([*screened.records, *screened.set_aside])
        decisions: list[Decision] = []
        for key, (record, digest) in screened.records.items():
            decisions.append(decide(record, digest, known.get(key), rules))
            if len(decisions) % _AT_A_STRETCH == 0:
                await asyncio.sleep(0)
        for key, item in screened.set_aside.items():
            decisions.append(set_aside(item.record, item.digest, item.reason, known.get(key)))
        return decisions

    def _count(self, decisions: Sequence[Decision]) -> None:
        for decision in decisions:
            count(self._result.counts, decision, held=self._hold is not None)

    def _staging(self, decisions: Sequence[Decision], page: Page | None = None) -> Staging:
        counted = self._plan.max_sends is not None and not self._asked
        waits = counted or self._places or self._may_shrink or self._hold is not None
        common = Staging(decisions, released=not waits, asked=self._asked, hold=self._hold)
        plan = self._start.plan if self._start else None
        if page is None:
            return replace(common, first_sync=plan)
        read = page.last and self._was_read(page)
        return replace(
            common,
            position=self._furthest(page.position),
            first_sync=None if page.last else plan,
            places=self._result.counts.polled if read and self._by_snapshot(page.position) else None,
            set_aside=self._met(page) if read else None,
        )

    def _was_read(self, page: Page) -> bool:
        """Tell a source that holds nothing from one that was not read since nothing has changed in it."""
        unchanged = page.position is not None and page.position == self._progress.position
        return self._result.counts.polled > 0 or not unchanged

    def _by_snapshot(self, *positions: Position | None) -> bool:
        """Tell whether the source is read whole, so that it is known how many records there are."""
        return all(each is None or each.at is None for each in (self._progress.position, *positions))

    @property
    def _may_shrink(self) -> bool:
        """Whether this run is compared with an earlier whole read, so that all of it waits for its end."""
        return self._start is None and self._by_snapshot() and is_many(self._progress.places)

    def _met(self, page: Page) -> Collection[str] | None:
        """Return what was set aside in a whole read that ends here."""
        whole = page.position is None or page.position.at is None
        return self._screening.set_aside if whole else None

    def _furthest(self, position: Position | None) -> Position | None:
        """Never move back: a kill while the look-back is re-read must not cost what was reached."""
        stored = self._progress.position
        if position is None or (stored is not None and position.is_before(stored)):
            return None
        return position

    async def _guard(self, decisions: Sequence[Decision], page: Page, rules: Rules) -> None:
        """Hold a run when rows have moved under keys that are row numbers, or most records have gone."""
        if self._hold:
            return
        if self._places and await self._places_guard.have_moved(decisions, rules):
            self._hold = MOVED
        elif page.last and self._was_read(page) and self._by_snapshot(page.position):
            self._hold = self._too_few()
        if self._hold:
            self._result.counts.hold()
            self._tell(Said(self._hold, self._plan.name, warning=True))

    def _too_few(self) -> str | None:
        read, before = self._result.counts.polled, self._progress.places or 0
        if self._places and read < before:
            return GONE
        return shrunk(read, before) if self._may_shrink else None
