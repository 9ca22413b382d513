"""A backfill: poll a window → map → compare → stage into a lane of its own.

Like `sync.engine` it knows only protocols. It never moves the source's live position, sends nothing that
the ledger says is accepted, and takes the source's lease for one page at a time.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, cast

from sources.base import PollRequest, Window
from sources.errors import SourceError
from sync.compare import Kind, Rules, decide
from sync.counting import count
from sync.events import Counts, PageStaged, RunFinished, RunStarted
from sync.first_sync import moment, time_of
from sync.lead import Lead
from sync.ledger import Staging
from sync.screening import Screening

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection
    from contextlib import AbstractAsyncContextManager

    from sources.base import Page
    from sources.position import Position
    from sync.compare import Decision, Evaluates, Known
    from sync.engine import Plan
    from sync.events import Events


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be filled in."""

    #: Half-open: since <= time < until.
    window: Window = field(default_factory=Window)
    #: Whether the window is about when a lead was created, not when it was last changed.
    by_created: bool = False
    #: At most so many leads.
    limit: int | None = None

    @property
    def is_bounded(self) -> bool:
        """Whether there is any window at all."""
        return self.window.since is not None or self.window.until is not None


class BackfillLedger(Protocol):
    """The ledger of one source, as a backfill needs it. All methods raise StoreError when it fails."""

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Keep a live poll from staging while a page is compared and staged."""
        ...

    async def begin(self, kind: str) -> None:
        """Note that it begins."""
        ...

    async def known(self, keys: Collection[str]) -> dict[str, Known]:
        """Return what is known of these keys."""
        ...

    async def stage(self, staging: Staging) -> None:
        """Write a page's decisions and the backfill's own position, in one transaction."""
        ...

    async def older_mappings(self) -> Callable[[str], Evaluates | None]:
        """Return what finds a mapping that once made leads by its hash."""
        ...

    async def end(self, error: str | None, *, all_read: bool) -> None:
        """Note the end of the reading."""
        ...


@dataclass(slots=True)
class BackfillResult:
    """How the reading went."""

    counts: Counts
    #: Records outside of the window, or without a time to tell by.
    outside: int = 0
    all_read: bool = False
    error: str | None = None
    cause: Exception | None = None


class Backfill:
    """Reads what is wished for and stages it.

    Args:
        plan: the source with its mapping.
        wish: what is to be filled in.
        ledger: what is known, and where it is staged.
        tell: who is told.
        counts: where to count, shared with the ledger.

    """

    def __init__(
        self, plan: Plan, wish: Wish, ledger: BackfillLedger, tell: Events, counts: Counts | None = None
    ) -> None:
        self._plan = plan
        self._wish = wish
        self._ledger = ledger
        self._tell = tell
        self._screening = Screening(plan.mapping)
        self.result = BackfillResult(counts or Counts())
        self._stop = False

    def stop(self) -> None:
        """End after the page being staged; the next one goes on from there."""
        self._stop = True

    async def run(self, position: Position | None = None) -> BackfillResult:
        """Read from a position to the end of the window, or as far as it goes.

        Raises:
            StoreError: when the ledger can't be used; nothing more was staged.

        """
        result, plan = self.result, self._plan
        await self._ledger.begin("backfill")
        self._tell(RunStarted(plan.name, "backfill"))
        try:
            await self._read(position)
        except SourceError as error:
            result.error, result.cause = str(error), error
        finally:
            self._screening.close()
        await self._ledger.end(result.error, all_read=result.all_read)
        self._tell(RunFinished(plan.name, "backfill", result.counts, result.error))
        return result

    async def _read(self, position: Position | None) -> None:
        rules = Rules(self._plan.mapping, await self._ledger.older_mappings(), sends_adopted=True)
        window = self._wish.window if self._wish.is_bounded and not self._wish.by_created else None
        request = PollRequest(position, window, self._plan.reads, self._plan.page_size)
        pages = cast("AsyncGenerator[Page, None]", self._plan.source.poll(request))
        async with aclosing(pages) as closing:
            async for page in closing:
                if page.records and self._plan.before_records and not self.result.counts.polled:
                    await self._plan.before_records()
                async with self._ledger.turn():
                    await self._page(page, rules)
                self._tell(PageStaged(self._plan.name, self.result.counts, tuple(page.notes)))
                self.result.all_read = page.last or self._is_enough
                if self.result.all_read or self._stop:
                    return

    @property
    def _is_enough(self) -> bool:
        return self._wish.limit is not None and self.result.counts.staged >= self._wish.limit

    async def _page(self, page: Page, rules: Rules) -> None:
        result = self.result
        screened = self._screening.sort(page)
        known = await self._ledger.known([*screened.records])
        decisions = []
        for key, (record, digest) in screened.records.items():
            decision = decide(record, digest, known.get(key), rules)
            if not self._is_wished(decision):
                result.outside += 1
            elif decision.kind is Kind.SEND and self._is_enough:
                break
            else:
                decisions.append(decision)
                count(result.counts, decision)
        result.counts.polled += len(page.records) + len(page.bad)
        await self._ledger.stage(Staging(decisions, position=page.position))

    def _is_wished(self, decision: Decision) -> bool:
        """Tell whether a record is inside of the window; one without a time is not."""
        if not self._wish.is_bounded:
            return True
        when = self._when(decision)
        since, until = self._wish.window.since, self._wish.window.until
        return when is not None and (since is None or when >= since) and (until is None or when < until)

    def _when(self, decision: Decision) -> datetime | None:
        record = decision.record
        if not self._wish.by_created and isinstance(record.changed, datetime):
            return record.changed
        outcome = decision.lead or self._plan.mapping.apply(record)
        if self._wish.by_created:
            return time_of(outcome, "createdAt") if isinstance(outcome, Lead) else None
        return moment(record, outcome)
