"""`reconcile`: the whole source read and compared with the ledger; nothing written, nothing sent."""

from __future__ import annotations

from collections import Counter
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sources.base import HasLookback, PollRequest
from sources.errors import SourceError
from sync.accounts import UNACCOUNTED, Account, Polls, account_of, account_of_item
from sync.asking import fields_to_ask
from sync.compare import Rules, decide, set_aside
from sync.first_sync import Start
from sync.reading import blaming, read_pages
from sync.runtime.making import lookback_of, using
from sync.runtime.polling import ledger_of, plan_of
from sync.runtime.preparing import compared
from sync.screening import Screening
from sync.store.beginnings import beginning
from sync.store.ledger import Scope
from sync.store.views.accounts import number_of_leads, standing_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from sources.base import Page, Source
    from sources.position import Cursor, Position
    from sync.compare import Decision
    from sync.config import SourceConfig
    from sync.ledger import Progress
    from sync.runtime.connector import Connector
    from sync.runtime.stopping import Stop
    from sync.screening import Screened
    from sync.store.source_ledger import SourceLedger
    from sync.store.views.leads import LeadRow


@dataclass(frozen=True, slots=True)
class Listed:
    """One record of the source without an accepted delivery of what it says now."""

    key: str
    account: Account
    #: Why it stands there, for people.
    reason: str | None
    #: Since when, in seconds since the epoch; None where the ledger does not say.
    since: float | None
    #: When it may be sent, for one that waits.
    due: float | None
    #: When it changed, as the source says.
    changed: Cursor | None


@dataclass(slots=True)
class Reconciliation:
    """What a source holds, and who accounts for it."""

    source: str
    read: int = 0
    counts: Counter[Account] = field(default_factory=Counter)
    #: The first records of each kind, as many as were asked for; never those that are accepted.
    listed: dict[Account, list[Listed]] = field(default_factory=dict)
    #: The oldest change time of a record that nobody accounts for.
    oldest: datetime | None = None
    #: Leads of the ledger that the source has no more; None unless it was read to its end.
    gone: int | None = None
    error: str | None = None
    cause: Exception | None = None

    @property
    def unaccounted(self) -> int:
        """How many records nobody accounts for."""
        return sum(self.counts[each] for each in UNACCOUNTED)


async def reconcile(connector: Connector, source: SourceConfig, most: int, stop: Stop) -> Reconciliation:
    """Read a source whole and say of each record who accounts for it.

    Args:
        connector: what to work with.
        source: which.
        most: so many records of each kind are kept to be listed.
        stop: ends it after the page at hand.

    Raises:
        ConfigError: when a source or an endpoint is not what it was when the ledger was written.
        BadConfig: when the source's settings can't work.
        StoreError: when the store can't be used.

    """
    scope = (await compared(connector)).scope_now(Scope(source.endpoint, source.name))
    async with using(connector.config, source) as adapter:
        work = _Reconciling(connector, source, adapter, scope, most)
        try:
            with stop.telling(work.stop):
                await work.read()
        except SourceError as error:
            work.found.error, work.found.cause = str(error), error
        finally:
            work.screening.close()
    return work.found


class _Reconciling:
    """One reading of a source."""

    def __init__(
        self, connector: Connector, source: SourceConfig, adapter: Source, scope: Scope, most: int
    ) -> None:
        self._store = connector.store
        self._scope = scope
        self._plan = plan_of(source, adapter)
        self._ledger: SourceLedger = ledger_of(connector, source, scope)
        self._lookback = lookback_of(source, adapter) or timedelta(0)
        self._most = most
        self._met = 0
        self._stop = False
        self.screening = Screening(source.mapping, by_change=isinstance(adapter, HasLookback))
        self.found = Reconciliation(source.name)

    def stop(self) -> None:
        """End after the page at hand."""
        self._stop = True

    async def read(self) -> None:
        progress = await self._ledger.progress()
        polls = Polls(*await self._begins(progress))
        rules = Rules(
            self._plan.mapping,
            await self._ledger.older_mappings(),
            await self._left_out(progress),
            created_after=self._plan.created_after,
        )
        reads = await fields_to_ask(self._plan.source, self._plan.reads, self._ledger)
        request = PollRequest(fields=reads, page_size=self._plan.page_size)
        async with aclosing(read_pages(self._plan.source, request)) as pages:
            async for page in pages:
                await self._page(page, rules, polls)
                if page.last or self._stop:
                    break
        if not self._stop:
            there = await self._store.read(lambda connection: number_of_leads(connection, self._scope))
            self.found.gone = max(0, there - self._met)

    async def _begins(self, progress: Progress | None) -> tuple[Position | None, bool]:
        """Return where the next poll begins, and whether a source without times has news for it."""
        position = progress.position if progress else None
        if position is None:
            return None, True
        if position.at is None or position.token is not None:
            return position, await self._has_news(position)
        return position.moved_back(self._lookback), True

    async def _has_news(self, position: Position) -> bool:
        request = PollRequest(position=position, fields=self._plan.reads, page_size=self._plan.page_size)
        async with aclosing(read_pages(self._plan.source, request)) as pages:
            async for page in pages:
                if page.records or page.bad:
                    return True
                if page.last:
                    break
        return False

    async def _left_out(self, progress: Progress | None) -> Callable[..., bool] | None:
        """Return what tells the records that the first sync was told to leave out."""
        plan: Mapping[str, Any] | None = progress.first_sync if progress else None
        if plan is None:
            plan = await self._store.read(lambda connection: beginning(connection, self._scope))
        if not plan or "until" not in plan:
            return None  # everything was to be sent, or has been adopted whole
        return Start(None, dict(plan)).adopts()

    async def _page(self, page: Page, rules: Rules, polls: Polls) -> None:
        if page.records and self._plan.before_records and not self.found.read:
            with blaming(self._plan.source):
                await self._plan.before_records()
        self.found.read += len(page.records) + len(page.bad)
        screened = self.screening.sort(page)
        accounts = await self._decided(screened, rules, polls)
        self.found.counts.update(account for _, account in accounts)
        await self._list(accounts)

    async def _decided(
        self, screened: Screened, rules: Rules, polls: Polls
    ) -> list[tuple[Decision, Account]]:
        known = await self._ledger.known([*screened.records, *screened.set_aside])
        found: list[tuple[Decision, Account]] = []
        for key, (record, digest) in screened.records.items():
            if key not in screened.again:  # what it was when it was read first has been counted
                self._met += key in known
                decision = decide(record, digest, known.get(key), rules)
                found.append((decision, account_of(decision, polls)))
        for key, item in screened.set_aside.items():
            decision = set_aside(item.record, item.digest, item.reason, known.get(key))
            found.append((decision, account_of_item(decision, polls)))
        return found

    async def _list(self, accounts: list[tuple[Decision, Account]]) -> None:
        kept: list[tuple[Decision, Account]] = []
        room = {each: self._most - len(self.found.listed.get(each, ())) for each in Account}
        for decision, account in accounts:
            if account in UNACCOUNTED:
                self._note_time(decision)
            room[account] -= 1
            if account is not Account.ACCEPTED and room[account] >= 0:
                kept.append((decision, account))
        ids = [decision.known.id for decision, _ in kept if decision.known]
        rows = await self._store.read(lambda connection: standing_of(connection, ids)) if ids else {}
        for decision, account in kept:
            row = rows.get(decision.known.id) if decision.known else None
            self.found.listed.setdefault(account, []).append(_listed(decision, account, row))

    def _note_time(self, decision: Decision) -> None:
        changed, oldest = decision.record.changed, self.found.oldest
        if isinstance(changed, datetime) and (oldest is None or changed < oldest):
            self.found.oldest = changed


_NEW = "new: the next sync reads it"
_MORE = "changed after the last poll: the next sync reads it"
_SAYS = {
    Account.BEFORE_FIRST_SYNC: "was there before first_sync; a backfill sends it",
    Account.NEVER_SEEN: "the ledger does not know it, and it lies behind the position",
}


def _listed(decision: Decision, account: Account, row: LeadRow | None) -> Listed:
    record, known = decision.record, decision.known
    if account is Account.NOT_POLLED:
        return Listed(record.key, account, _MORE if known else _NEW, None, None, record.changed)
    if account is Account.OLDER_CONTENT:
        stands = known.state.value if known else ""
        said = f"it is {stands} by an older content, and its change lies behind the position"
        return Listed(record.key, account, said, row.at if row else None, None, record.changed)
    reason = _SAYS.get(account) or (row.reason if row else None) or decision.reason
    due = row.due_at if row and account is Account.PENDING else None
    return Listed(record.key, account, reason, row.at if row else None, due, record.changed)
