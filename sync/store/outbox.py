"""The outbox of one endpoint: what is due is claimed, what came back is settled, in one transaction.

A version is claimed by a commit before the first byte of it is sent, and its slot in the window is free
again only with the commit of its receipt. So what a killed process leaves behind is never more than its
window, and stands here as ``sending`` for the next process to find.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, select, update

from sync.states import BLOCKING, Lane, State
from sync.store import tables
from sync.store.among import among
from sync.store.encode import read_lead
from sync.store.gates import Sifted
from sync.store.lanes import LANES, SPENT_FIRST, Shares
from sync.store.leases import this_process
from sync.store.settling import Settlement, settle
from sync.store.standing import count_of
from sync.store.trying import is_to_be_tried, wish_was_heard
from sync.store.upsert import upsert
from sync.store.working import keep_working

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from sqlalchemy import Connection

    from sync.lead import Lead
    from sync.store.gates import Gates, TurnedAway
    from sync.store.store import Store

_version, _lead, _payload = tables.version, tables.lead, tables.payload
_LANE_OF = {lane.value: lane for lane in LANES}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A version that this process is to send now."""

    version_id: int
    lead_id: int
    source: str
    key: str
    #: None when its payload is not in the store, which only a damaged store can bring about.
    lead: Lead | None
    lane: Lane
    job_id: int | None
    #: Requests made for it, with this one.
    tries: int
    #: How many of them came after an unknown outcome.
    repeats: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much may be claimed."""

    #: Free slots in the window.
    slots: int
    #: Returns how many of a backfill's versions may go now, by its id and the rate it was given.
    job_allowance: Callable[[int, str], int]
    #: Whether what was sent before goes before what is new.
    spent_first: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn of the outbox brought."""

    claimed: list[Claimed]
    #: Versions settled that gave way to newer ones of their leads.
    superseded: int
    #: Versions that were due and must not be sent.
    turned_away: Sequence[TurnedAway] = ()
    #: How many were due and wait for a moment.
    put_off: int = 0

    @property
    def looked_at(self) -> int:
        """How many were due."""
        return len(self.claimed) + len(self.turned_away) + self.put_off


class Outbox:
    """Claims and settles. The caller holds the endpoint's lease, ``endpoint:NAME``.

    Args:
        store: the state store.
        endpoint: its name.
        gates: what a version must pass when it is claimed; None: everything passes.

    """

    def __init__(self, store: Store, endpoint: str, gates: Gates | None = None) -> None:
        self._store = store
        self._gates = gates
        self.endpoint = endpoint
        self.lease = f"endpoint:{endpoint}"
        #: Who claims: another process's claims are told from ours by it.
        self._claimer = f"{this_process()} {secrets.token_hex(4)}"
        self._shares = Shares()

    async def turn(
        self, settlements: Sequence[Settlement], wanted: Wanted, working: Mapping[str, Any] | None = None
    ) -> Turn:
        """Settle what came back and claim what is due, in one durable transaction.

        Args:
            settlements: what came back.
            wanted: how much may be claimed.
            working: what delivery does at the moment, to be kept for `status`; None: that is not new.

        Raises:
            LeaseLost: when another process may deliver by now; nothing was written.
            StoreError: when the store can't be used; nothing was written.

        """
        now = self._store.clock()

        def write(connection: Connection) -> Turn:
            superseded = settle(connection, settlements, self._claimer, now) if settlements else 0
            if working is not None:
                keep_working(connection, self.endpoint, working, now)
            if wanted.slots > 0:
                return self._claim(connection, wanted, now, superseded)
            return Turn([], superseded)

        return await self._store.write(write, self.lease)

    async def waiting(self) -> int:
        """Return how many versions wait to be sent."""
        return await self._store.read(lambda connection: count_of(connection, self.endpoint, State.PENDING))

    async def next_due(self) -> float | None:
        """Return when the next version that nothing stands in the way of comes due; None: there is none."""
        return await self._store.read(self._next_due)

    async def condition(self) -> Any:
        """Return what is remembered of the endpoint (state, reason, not_before), None for nothing."""
        table = tables.endpoint_state
        query = select(table.c.state, table.c.reason, table.c.not_before).where(
            table.c.endpoint == self.endpoint
        )
        return await self._store.read(lambda connection: connection.execute(query).first())

    async def remember(self, state: str, reason: str | None, not_before: float | None) -> None:
        """Keep how the endpoint stands, for `status` and for the next process."""
        row = {"endpoint": self.endpoint, "state": state, "reason": reason, "not_before": not_before}
        row["since"] = self._store.clock()
        await self._store.write(
            lambda connection: upsert(connection, tables.endpoint_state, row, ["endpoint"]), self.lease
        )

    async def is_to_be_tried(self) -> bool:
        """Tell, once, whether a person wants the failing endpoint tried at once."""
        if not await self._store.read(lambda connection: is_to_be_tried(connection, self.endpoint)):
            return False
        await self._store.write(lambda connection: wish_was_heard(connection, self.endpoint), self.lease)
        return True

    async def orphans(self, in_hand: Collection[int] = ()) -> list[Claimed]:
        """Return versions that were claimed and never settled, by a process that is gone or by this one.

        By this one where a commit was made whose answer was lost with the session: it does not know then
        that they are its own.

        Args:
            in_hand: versions whose receipts this process has and is still to settle.

        """
        found = await self._store.read(self._orphans)
        return [each for each in found if each.version_id not in in_hand]

    async def adopt(self, orphans: Sequence[Claimed]) -> None:
        """Take over claims of a process that is gone, so that this one can settle them."""
        ids = [{"of": each.version_id, "by": self._claimer} for each in orphans]
        if ids:
            await self._store.write(lambda connection: connection.execute(_TAKE_OVER, ids), self.lease)

    def _claim(self, connection: Connection, wanted: Wanted, now: float, superseded: int) -> Turn:
        due = self._due_by_lane(connection, wanted, now)
        sifted = self._gates.sift(connection, due, now) if due and self._gates is not None else Sifted(due)
        if sifted.passing:
            versions = [row[0] for row in sifted.passing]
            connection.execute(_CLAIM, {"versions": versions, "by": self._claimer, "now": now})
        claimed = [_claimed(row, more=1) for row in sifted.passing]
        return Turn(claimed, superseded, sifted.turned_away, sifted.put_off)

    def _due_by_lane(self, connection: Connection, wanted: Wanted, now: float) -> list[Any]:
        """Return what may go now: what is owed to lanes that wait, and then the first lane first."""
        owed = {} if wanted.spent_first else self._shares.owed(wanted.slots)
        found = {lane: self._due_in(connection, lane, wanted, now, most) for lane, most in owed.items()}
        for lane in SPENT_FIRST if wanted.spent_first else LANES:
            left = wanted.slots - sum(len(rows) for other, rows in found.items() if other is not lane)
            if left > len(found.get(lane, ())):
                found[lane] = self._due_in(connection, lane, wanted, now, left)
        if not wanted.spent_first:
            self._shares.note(wanted.slots, {lane: len(rows) for lane, rows in found.items()}, owed)
        return [row for lane in LANES for row in found.get(lane, ())]

    def _due_in(
        self, connection: Connection, lane: Lane, wanted: Wanted, now: float, most: int
    ) -> Sequence[Any]:
        if lane is Lane.BACKFILL:
            return self._due_of_jobs(connection, wanted, now, most)
        return self._due(connection, _DUE, {"lane": lane}, now, most)

    def _due(
        self, connection: Connection, query: Any, asked: dict[str, Any], now: float, most: int
    ) -> Sequence[Any]:
        return connection.execute(query, {"endpoint": self.endpoint, "now": now, "most": most, **asked}).all()

    def _due_of_jobs(self, connection: Connection, wanted: Wanted, now: float, left: int) -> list[Any]:
        """Return what is due of backfills: of those with a rate, no more than that allows."""
        rated = connection.execute(_RATED_JOBS, {"endpoint": self.endpoint}).all()
        jobs = {"jobs": [job.id for job in rated]}
        found = list(self._due(connection, _DUE_OF_NO_RATE, jobs, now, left))
        for job in rated:
            most = min(left - len(found), wanted.job_allowance(job.id, job.rate))
            if most > 0:
                found += self._due(connection, _DUE_OF_JOB, {"job": job.id}, now, most)
        return found

    def _next_due(self, connection: Connection) -> float | None:
        times = (
            connection.execute(_NEXT, {"endpoint": self.endpoint, "lane": lane}).scalar() for lane in LANES
        )
        return min((time for time in times if time is not None), default=None)

    def _orphans(self, connection: Connection) -> list[Claimed]:
        rows = connection.execute(_ORPHANS, {"endpoint": self.endpoint})
        return [_claimed(row, more=0) for row in rows]


def _claimed(row: Any, more: int) -> Claimed:
    """Return a row of `_COLUMNS`; taken apart by position, which costs a fifth of doing it by name."""
    version, lead, source, key, body, lane, job, tries, repeats = row
    said = read_lead(body) if body is not None else None
    return Claimed(version, lead, source, key, said, _LANE_OF[lane], job, tries + more, repeats)


_other = _version.alias("other")
_paused = select(tables.pause.c.scope)
#: Nothing of the same lead is in the air or unknown, and nobody has paused its source or its endpoint.
_FREE = (
    ~select(_other.c.id)
    .where(_other.c.lead_id == _version.c.lead_id, _other.c.state.in_(sorted(BLOCKING)))
    .exists(),
    ("source:" + _version.c.source).not_in(_paused),
    ("endpoint:" + _version.c.endpoint).not_in(_paused),
)
_COLUMNS = (
    _version.c.id,
    _version.c.lead_id,
    _version.c.source,
    _lead.c.key,
    _payload.c.lead.label("body"),
    _version.c.lane,
    _version.c.job_id,
    _version.c.tries,
    _version.c.repeats,
)
_FROM = _version.join(_lead, _lead.c.id == _version.c.lead_id).join(
    _payload, _payload.c.version_id == _version.c.id, isouter=True
)
_pending = (_version.c.endpoint == bindparam("endpoint"), _version.c.state == State.PENDING.value)
_now_due = _version.c.due_at <= bindparam("now")
_in_lane = _version.c.lane == bindparam("lane")
_backfilled = _version.c.lane == Lane.BACKFILL.value
_due = (
    select(*_COLUMNS)
    .select_from(_FROM)
    .where(*_pending, _now_due, *_FREE)
    .order_by(_version.c.due_at, _version.c.id)
    .limit(bindparam("most"))
    # PostgreSQL: what somebody puts away, holds or supersedes at this moment is not claimed, and nothing else
    # is judged by it. SQLite has one writer at a time and needs no such clause.
    .with_for_update(of=_version, key_share=True, skip_locked=True)
)
_DUE = _due.where(_in_lane)
_DUE_OF_JOB = _due.where(_backfilled, _version.c.job_id == bindparam("job"))
_DUE_OF_NO_RATE = _due.where(
    _backfilled,
    or_(_version.c.job_id.is_(None), ~among(_version.c.job_id, "jobs")),
)
_RATED_JOBS = (
    select(tables.job.c.id, tables.job.c.rate)
    .where(
        tables.job.c.endpoint == bindparam("endpoint"),
        tables.job.c.rate.is_not(None),
        tables.job.c.finished_at.is_(None),
    )
    .order_by(tables.job.c.id)
)
_NEXT = (
    select(_version.c.due_at)
    .where(*_pending, _in_lane, _version.c.due_at.is_not(None), *_FREE)
    .order_by(_version.c.due_at)
    .limit(1)
)
_ORPHANS = (
    select(*_COLUMNS)
    .select_from(_FROM)
    .where(
        _version.c.endpoint == bindparam("endpoint"),
        _version.c.state == State.SENDING.value,
    )
    .order_by(_version.c.id)
)
_CLAIM = (
    update(_version)
    .where(among(_version.c.id, "versions"))
    .values(
        state=State.SENDING.value,
        claimed_by=bindparam("by"),
        claimed_at=bindparam("now"),
        tries=_version.c.tries + 1,
    )
)
_TAKE_OVER = update(_version).where(_version.c.id == bindparam("of")).values(claimed_by=bindparam("by"))
