"""A backfill: poll → map → compare with what a person wishes → stage into a lane of its own.

Like `sync.engine` it knows only protocols. It never moves the source's live position, and takes the
source's lease for one page at a time.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from sources.base import HasLookback, PollRequest
from sources.errors import SourceError
from sync.asking import fields_to_ask
from sync.compare import Kind, Rules
from sync.counting import count
from sync.events import Counts, PageStaged, RunFinished, RunStarted
from sync.ledger import Staging
from sync.screening import Screening

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection, Sequence
    from contextlib import AbstractAsyncContextManager

    from sources.base import Page
    from sources.position import Position
    from sync.compare import Decision, Evaluates, Known
    from sync.engine import Plan
    from sync.events import Events
    from sync.screening import Screened
    from sync.wishes import Wishes


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

    async def staged(self, keys: Collection[str]) -> Collection[str]:
        """Return those of these keys that this very job has staged before it was stopped."""
        ...

    async def stage(self, staging: Staging) -> None:
        """Write a page's decisions and the backfill's own position, in one transaction."""
        ...

    async def older_mappings(self) -> Callable[[str], Evaluates | None]:
        """Return what finds a mapping that once made leads by its hash."""
        ...

    async def also_read(self) -> frozenset[str] | None:
        """Return the fields that older mappings read by which leads of the source stand; None: all."""
        ...

    async def differing(self, decisions: Sequence[Decision], mapping: Evaluates) -> Collection[str]:
        """Return the keys of those whose lead says something else than the endpoint was given last."""
        ...

    async def end(self, error: str | None, *, all_read: bool) -> None:
        """Note the end of the reading."""
        ...


@dataclass(slots=True)
class BackfillResult:
    """How the reading went."""

    counts: Counts
    #: Records that were not asked for, as those outside of the span.
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
        self, plan: Plan, wish: Wishes, ledger: BackfillLedger, tell: Events, counts: Counts | None = None
    ) -> None:
        self._plan = plan
        self._wish = wish
        self._ledger = ledger
        self._tell = tell
        self._screening = Screening(plan.mapping, by_change=isinstance(plan.source, HasLookback))
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
        await self._ledger.begin(plan.kind)
        self._tell(RunStarted(plan.name, plan.kind))
        try:
            await self._read(position)
        except SourceError as error:
            result.error, result.cause = str(error), error
        finally:
            self._screening.close()
        await self._ledger.end(result.error, all_read=result.all_read)
        self._tell(RunFinished(plan.name, plan.kind, result.counts, result.error))
        return result

    async def _read(self, position: Position | None) -> None:
        plan = self._plan
        older = await self._ledger.older_mappings()
        rules = Rules(plan.mapping, older, sends_adopted=True, created_after=plan.created_after)
        reads = None if self._wish.reads_all else plan.reads
        reads = await fields_to_ask(plan.source, reads, self._ledger)
        request = PollRequest(position, self._wish.window, reads, self._plan.page_size)
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
        decisions: list[Decision] = []
        for decision in await self._decide(screened, rules):
            if decision is None:
                result.outside += 1
            elif decision.kind is Kind.SEND and self._is_enough:
                break
            else:
                decisions.append(decision)
                count(result.counts, decision)
        result.counts.polled += len(page.records) + len(page.bad)
        await self._ledger.stage(Staging(decisions, position=page.position))

    async def _decide(self, screened: Screened, rules: Rules) -> list[Decision | None]:
        """Decide about every record of a page; None for what is not asked for, or was staged before."""
        known = await self._ledger.known([*screened.records])
        before = await self._ledger.staged([*screened.records])
        decisions = [
            None if key in before else self._wish.decide(record, digest, known.get(key), rules)
            for key, (record, digest) in screened.records.items()
        ]
        if not self._wish.only_differing:
            return decisions
        meant = await self._ledger.differing([d for d in decisions if d], rules.mapping)
        return [d if d and d.record.key in meant else None for d in decisions]
