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
from sync.store.leases import this_process
from sync.store.settling import Settlement, settle
from sync.store.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from sync.lead import Lead
    from sync.store.store import Store

_version, _lead, _payload = tables.version, tables.lead, tables.payload
_LANES = (Lane.LIVE, Lane.RETRY, Lane.BACKFILL)
_LANE_OF = {lane.value: lane for lane in _LANES}
#: Who goes first while it is tried whether an endpoint is back: what was sent before, so that an
#: endpoint that takes leads without saying so is not given new ones.
_SPENT_FIRST = (Lane.RETRY, Lane.LIVE, Lane.BACKFILL)


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


class Outbox:
    """Claims and settles. The caller holds the endpoint's lease, ``endpoint:NAME``."""

    def __init__(self, store: Store, endpoint: str) -> None:
        self._store = store
        self.endpoint = endpoint
        self.lease = f"endpoint:{endpoint}"
        #: Who claims: another process's claims are told from ours by it.
        self._claimer = f"{this_process()} {secrets.token_hex(4)}"

    async def turn(self, settlements: Sequence[Settlement], wanted: Wanted) -> Turn:
        """Settle what came back and claim what is due, in one durable transaction.

        Raises:
            LeaseLost: when another process may deliver by now; nothing was written.
            StoreError: when the store can't be used; nothing was written.

        """
        now = self._store.clock()

        def write(connection: Connection) -> Turn:
            superseded = settle(connection, settlements, self._claimer, now) if settlements else 0
            return Turn(self._claim(connection, wanted, now) if wanted.slots > 0 else [], superseded)

        return await self._store.write(write, self.lease)

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

    async def orphans(self) -> list[Claimed]:
        """Return versions that were claimed and never settled, by a process that is gone."""
        return await self._store.read(self._orphans)

    async def adopt(self, orphans: Sequence[Claimed]) -> None:
        """Take over claims of a process that is gone, so that this one can settle them."""
        ids = [{"of": each.version_id, "by": self._claimer} for each in orphans]
        if ids:
            await self._store.write(lambda connection: connection.execute(_TAKE_OVER, ids), self.lease)

    def _claim(self, connection: Connection, wanted: Wanted, now: float) -> list[Claimed]:
        due: list[Any] = []
        for lane in _SPENT_FIRST if wanted.spent_first else _LANES:
            left = wanted.slots - len(due)
            if left > 0 and lane is Lane.BACKFILL:
                due += self._due_of_jobs(connection, wanted, now, left)
            elif left > 0:
                due += self._due(connection, _DUE, {"lane": lane}, now, left)
        if due:
            versions = [row[0] for row in due]
            connection.execute(_CLAIM, {"versions": versions, "by": self._claimer, "now": now})
        return [_claimed(row, more=1) for row in due]

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
            connection.execute(_NEXT, {"endpoint": self.endpoint, "lane": lane}).scalar() for lane in _LANES
        )
        return min((time for time in times if time is not None), default=None)

    def _orphans(self, connection: Connection) -> list[Claimed]:
        rows = connection.execute(_ORPHANS, {"endpoint": self.endpoint, "by": self._claimer})
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
        or_(_version.c.claimed_by.is_(None), _version.c.claimed_by != bindparam("by")),
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
