"""One run: poll → map → compare → stage.

It knows only protocols: no database, no HTTP, no logging. What it does is told by events.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from sources.base import KeysArePlaces, PollRequest
from sources.errors import RateLimited, SourceError
from sync.compare import Decision, Kind, Rules, decide
from sync.events import Counts, PageStaged, RunFinished, RunStarted, Said
from sync.first_sync import Start, begin
from sync.ledger import Progress, Staging
from sync.screening import Screening
from sync.states import State

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence

    from sources.base import Page, Record, Source
    from sources.position import Position
    from sources.units import Rate
    from sync.compare import Evaluates, Known
    from sync.events import Events
    from sync.first_sync import FirstSync
    from sync.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: the source with its mapping and the user's wishes."""

    name: str
    source: Source
    mapping: Evaluates
    first_sync: FirstSync
    lookback: timedelta = timedelta(0)
    max_sends: Rate | None = None
    #: Top-level fields the mapping reads; None: all.
    reads: frozenset[str] | None = None
    kind: str = "sync"
    page_size: int = 500


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
        self._screening = Screening(plan.mapping)
        self._result = RunResult(plan.name, plan.kind)
        self._hold: str | None = None
        self._start: Start | None = None
        self._progress = Progress()
        self._places = isinstance(plan.source, KeysArePlaces) and plan.source.keys_are_places
        self._stop = False

    def stop(self) -> None:
        """End after the page being staged; the next run goes on from there."""
        self._stop = True

    async def run(self) -> RunResult:
        """Poll to the end, or as far as it goes; what was staged stays staged.

        Raises:
            StoreError: when the ledger can't be used; nothing more was staged.

        """
        counts = self._result.counts
        await self._ledger.begin(self._plan.kind)
        self._tell(RunStarted(self._plan.name, self._plan.kind))
        try:
            await self._read()
        except SourceError as error:
            self._result.error, self._result.cause = str(error), error
        finally:
            self._screening.close()
        held = await self._ledger.finish(counts, self._result.error, self._plan.max_sends)
        self._result.held_reason = self._hold or held
        if held:
            counts.held, counts.staged = counts.held + counts.staged, 0
        self._tell(
            RunFinished(
                self._plan.name, self._plan.kind, counts, self._result.error, self._result.held_reason
            )
        )
        return self._result

    async def _read(self) -> None:
        request = await self._request()
        rules = Rules(
            self._plan.mapping,
            await self._ledger.older_mappings(),
            self._start.adopts() if self._start else None,
        )
        await self._map_again(rules)
        pages = self._plan.source.poll(request)
        async with aclosing(_closable(pages)) as closing:
            async for page in closing:
                await self._page(page, rules)
                if page.last or self._stop:
                    return

    async def _request(self) -> PollRequest:
        """Work out where this poll begins."""
        plan, progress = self._plan, await self._ledger.progress()
        if progress is None:
            self._start = await begin(plan.first_sync, plan.source, plan.lookback)
            position = self._start.position
            self._progress = Progress(position, self._start.plan)
            await self._ledger.stage(Staging((), position, first_sync=self._start.plan))
        else:
            self._progress = progress
            position = progress.position.moved_back(plan.lookback) if progress.position else None
            if progress.first_sync is not None:
                self._start = Start(progress.position, dict(progress.first_sync))
        return PollRequest(position=position, fields=plan.reads, page_size=plan.page_size)

    async def _map_again(self, rules: Rules) -> None:
        """Give records that an older mapping refused another chance; they are not polled again."""
        async for records in self._ledger.invalid_records():
            known = await self._ledger.known([record.key for record in records])
            decisions = [
                decide(r, rules.mapping.record_digest(r), known.get(r.key), replace(rules, adopts=None))
                for r in records
            ]
            self._count(decisions)
            await self._ledger.stage(self._staging(decisions))

    async def _page(self, page: Page, rules: Rules) -> None:
        screened = self._screening.sort(page)
        known = await self._ledger.known([*screened.records, *screened.set_aside])
        decisions = [
            decide(record, digest, known.get(key), rules)
            for key, (record, digest) in screened.records.items()
        ]
        decisions += [
            _set_aside(record, reason, known.get(key), rules.mapping)
            for key, (record, reason) in screened.set_aside.items()
        ]
        counts = self._result.counts
        counts.polled += len(page.records) + len(page.bad)
        counts.unchanged += screened.repeated
        self._count(decisions)
        await self._guard_places(decisions, page)
        await self._ledger.stage(self._staging(decisions, page))
        self._tell(PageStaged(self._plan.name, counts, tuple(page.notes)))

    def _staging(self, decisions: Sequence[Decision], page: Page | None = None) -> Staging:
        asked = self._start is not None and self._start.asked
        waits = (self._plan.max_sends is not None and not asked) or self._places
        common = Staging(decisions, released=not waits, asked=asked, hold=self._hold)
        plan = self._start.plan if self._start else None
        if page is None:
            return replace(common, first_sync=plan)
        return replace(
            common,
            position=self._furthest(page.position),
            first_sync=None if page.last else plan,
            places=self._result.counts.polled if page.last and self._places else None,
            set_aside=self._met(page),
        )

    def _met(self, page: Page) -> Collection[str] | None:
        """Return what was set aside in a whole read that ends here."""
        whole = page.last and (page.position is None or page.position.at is None)
        return self._screening.set_aside if whole and page.records else None

    def _furthest(self, position: Position | None) -> Position | None:
        """Never move back: a kill while the look-back is re-read must not cost what was reached."""
        stored = self._progress.position
        if position is None or (stored is not None and position.is_before(stored)):
            return None
        return position

    async def _guard_places(self, decisions: Sequence[Decision], page: Page) -> None:
        """Hold a run when rows have moved under keys that are row numbers."""
        if not self._places or self._hold:
            return
        changed = [d.digest for d in decisions if d.known and d.digest and d.kind is not Kind.REBASE]
        if changed and await self._ledger.content_is_known(changed):
            self._hold = "rows have moved: `key: row` is for a sheet that only grows at the end"
        elif page.last and self._result.counts.polled < (self._progress.places or 0):
            self._hold = "rows have gone: `key: row` is for a sheet that only grows at the end"
        if self._hold:
            counts = self._result.counts
            counts.held, counts.staged = counts.held + counts.staged, 0
            self._tell(Said(self._hold, self._plan.name, warning=True))

    def _count(self, decisions: Sequence[Decision]) -> None:
        counts = self._result.counts
        for decision in decisions:
            name = _COUNTED.get(decision.kind) or _standing(decision)
            setattr(counts, name, getattr(counts, name) + 1)
            if decision.kind is Kind.SEND:
                waits = "held" if self._hold else "staged"
                setattr(counts, waits, getattr(counts, waits) + 1)
            counts.stale += decision.kind is Kind.STALE


_COUNTED = {
    Kind.REBASE: "unchanged",
    Kind.STALE: "unchanged",
    Kind.SKIP: "skipped",
    Kind.SET_ASIDE: "invalid",
    Kind.ADOPT: "adopted",
    Kind.REVERT: "changed",
}


def _standing(decision: Decision) -> str:
    """Name the count of a record that is as it was, or of one to send."""
    if decision.kind is Kind.SEND:
        return "changed" if decision.known and decision.known.fingerprint else "new"
    state = decision.known.state if decision.known else None
    return (
        {State.SKIPPED: "skipped", State.INVALID: "invalid"}.get(state, "unchanged") if state else "unchanged"
    )


def _set_aside(record: Record, reason: str, known: Known | None, mapping: Evaluates) -> Decision:
    """Decide about an item that can't be a lead of its own, like a duplicate."""
    digest = mapping.record_digest(record)
    if known is not None and known.state is State.INVALID:
        return Decision(Kind.SAME, record, known)
    return Decision(Kind.SET_ASIDE, record, known, digest, reason=reason)


def _closable(pages: AsyncIterator[Page]) -> AsyncGenerator[Page, None]:
    """Let any iterator be closed; most are generators, which can be."""

    async def through() -> AsyncGenerator[Page, None]:
        async for page in pages:
            yield page

    return cast("AsyncGenerator[Page, None]", pages) if hasattr(pages, "aclose") else through()
