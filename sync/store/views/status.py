"""How the sources, the endpoints and the backfills stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from sources.position import Position
from sync.store import tables
from sync.store.views.holders import live_holder
from sync.store.views.standing import Standing, standings
from sync.store.views.working import Working, read_working

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class RunStatus:
    """One run of a source. Times are seconds since the epoch."""

    id: int
    kind: str
    started_at: float
    #: None while it goes on, and for ever when its process died.
    finished_at: float | None
    #: ``done``, ``failed``, ``held`` by a guard, or None for a run that did not finish.
    outcome: str | None
    #: What stopped it, or why it is held.
    error: str | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How one source stands with the endpoint its leads go to."""

    endpoint: str
    source: str
    last_run: RunStatus | None
    #: Where the next poll goes on; None when it was never polled, or always reads everything.
    position: Position | None
    #: When the position was written.
    position_at: float | None
    #: Seconds from the position's own time to now; None when it has none.
    lag: float | None
    #: Whether the first sync was begun and is not done.
    first_sync_unfinished: bool
    standing: Standing
    #: The process that polls it now.
    poller: str | None
    paused_since: float | None

    @property
    def needs_you(self) -> bool:
        """Whether its last run failed or was held, or leads of it want a person."""
        stopped = self.last_run is not None and self.last_run.outcome in ("failed", "held")
        return stopped or self.standing.needs_you > 0


@dataclass(frozen=True, slots=True)
class EndpointStatus:
    """How one endpoint stands."""

    endpoint: str
    #: ``up``, ``down``, ``halted``; "up" also when nothing is known.
    state: str
    reason: str | None
    since: float | None
    #: Nothing is sent before this time: it asked for that.
    not_before: float | None
    #: The process that delivers to it now.
    deliverer: str | None
    paused_since: float | None
    #: What that process does; None when there is none.
    working: Working | None = None


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A backfill that is not finished."""

    id: int
    endpoint: str
    source: str
    state: str
    request: Mapping[str, Any]
    rate: str | None
    counts: Mapping[str, int]
    created_at: float


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """All that the store knows of how things stand."""

    sources: tuple[SourceStatus, ...]
    endpoints: tuple[EndpointStatus, ...]
    jobs: tuple[JobStatus, ...]

    @property
    def needs_you(self) -> bool:
        """Whether anything in the store wants a person."""
        halted = any(endpoint.state == "halted" for endpoint in self.endpoints)
        return halted or any(source.needs_you for source in self.sources)


def read_status(connection: Connection, now: float) -> StoreStatus:
    """Return how everything stands that the store has ever heard of."""
    paused = _by(connection, tables.pause.c.scope, tables.pause.c.since)
    counted = standings(connection, now)
    positions = {(row.endpoint, row.source): row for row in connection.execute(select(tables.position))}
    runs = _last_runs(connection)
    scopes = sorted({*counted, *positions, *runs}, key=lambda scope: (scope[1], scope[0]))
    sources = []
    for scope in scopes:
        lease = f"source:{scope[1]}"
        position, written, lag, first = _kept(positions.get(scope), now)
        standing, poller = counted.get(scope, Standing()), live_holder(connection, lease)
        sources.append(
            SourceStatus(
                *scope, runs.get(scope), position, written, lag, first, standing, poller, paused.get(lease)
            )
        )
    names = {endpoint for endpoint, _ in scopes}
    return StoreStatus(tuple(sources), _endpoints(connection, names, paused), _jobs(connection))


def _by(connection: Connection, key: Any, value: Any) -> dict[str, float]:
    return {row[0]: row[1] for row in connection.execute(select(key, value))}


def _kept(row: Any, now: float) -> tuple[Position | None, float | None, float | None, bool]:
    """Return the position, when it was written, its lag, and whether the first sync goes on."""
    if row is None:
        return None, None, None, False
    position = Position.from_json(row.position) if row.position else None
    at = position.at if position else None
    lag = now - at.timestamp() if isinstance(at, datetime) else None
    return position, row.updated_at, lag, row.first_sync is not None


def _last_runs(connection: Connection) -> dict[tuple[str, str], RunStatus]:
    table = tables.run
    newest = select(func.max(table.c.id)).group_by(table.c.endpoint, table.c.source)
    rows = connection.execute(select(table).where(table.c.id.in_(newest)))
    return {
        (row.endpoint, row.source): RunStatus(
            row.id, row.kind, row.started_at, row.finished_at, row.outcome, row.error, row.counts or {}
        )
        for row in rows
    }


def _endpoints(
    connection: Connection, names: set[str], paused: Mapping[str, float]
) -> tuple[EndpointStatus, ...]:
    known = {row.endpoint: row for row in connection.execute(select(tables.endpoint_state))}
    stopped = {scope.removeprefix("endpoint:") for scope in paused if scope.startswith("endpoint:")}
    found = []
    for name in sorted({*names, *known, *stopped}):
        row = known.get(name)
        lease = f"endpoint:{name}"
        deliverer, stopped_at = live_holder(connection, lease), paused.get(lease)
        if row is None:
            found.append(EndpointStatus(name, "up", None, None, None, deliverer, stopped_at))
        else:
            said = row.state, row.reason, row.since, row.not_before
            working = read_working(row.working) if deliverer else None
            found.append(EndpointStatus(name, *said, deliverer, stopped_at, working))
    return tuple(found)


def _jobs(connection: Connection) -> tuple[JobStatus, ...]:
    table = tables.job
    rows = connection.execute(select(table).where(table.c.finished_at.is_(None)).order_by(table.c.id))
    return tuple(
        JobStatus(
            row.id,
            row.endpoint,
            row.source,
            row.state,
            row.request,
            row.rate,
            row.counts or {},
            row.created_at,
        )
        for row in rows
    )
