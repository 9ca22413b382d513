"""Backfills: jobs with a window, a progress and a rate of their own."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from sources.position import Position
from sync.states import Lane, State
from sync.store import tables

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from sync.events import Counts
    from sync.store.ledger import Scope

_job, _version = tables.job, tables.version
#: Still reads its source; everything is staged and not all of it settled; over.
READING, SENDING, DONE = "reading", "sending", "done"


@dataclass(frozen=True, slots=True)
class Job:
    """A backfill that is not over."""

    id: int
    state: str
    position: Position | None
    #: Whether this process did not begin it.
    resumed: bool


def begin_or_resume(
    connection: Connection, scope: Scope, request: dict[str, Any], rate: str | None, now: float
) -> Job:
    """Return the unfinished job of this very request, or a new one; the rate last given counts."""
    for row in connection.execute(_unfinished(scope)):
        if row.request == request:
            connection.execute(update(_job).where(_job.c.id == row.id).values(rate=rate))
            position = Position.from_json(row.position) if row.position else None
            return Job(row.id, row.state, position, resumed=True)
    values = {"endpoint": scope.endpoint, "source": scope.source, "request": request, "rate": rate}
    made = connection.execute(insert(_job).values(state=READING, created_at=now, **values))
    return Job(int(made.inserted_primary_key[0]), READING, None, resumed=False)  # type: ignore[index]


def _unfinished(scope: Scope) -> Any:
    return (
        select(_job.c.id, _job.c.request, _job.c.state, _job.c.position)
        .where(_job.c.endpoint == scope.endpoint, _job.c.source == scope.source, _job.c.finished_at.is_(None))
        .order_by(_job.c.id)
    )


def move(connection: Connection, job_id: int, position: Position | None, counts: Counts) -> None:
    """Write how far a job has read; None leaves its position as it is."""
    values: dict[str, Any] = {"counts": asdict(counts)}
    if position is not None:
        values["position"] = position.to_json()
    connection.execute(update(_job).where(_job.c.id == job_id).values(values))


def staged(connection: Connection, scope: Scope, job_id: int, keys: Collection[str]) -> set[str]:
    """Return those of these keys of which a job has staged a version."""
    lead = tables.lead
    query = (
        select(lead.c.key)
        .join(_version, _version.c.lead_id == lead.c.id)
        .where(
            lead.c.endpoint == scope.endpoint,
            lead.c.source == scope.source,
            lead.c.key.in_(list(keys)),
            _version.c.job_id == job_id,
        )
    )
    return set(connection.scalars(query)) if keys else set()


def all_read(connection: Connection, job_id: int) -> None:
    """Write that a job has staged all it is to send."""
    connection.execute(update(_job).where(_job.c.id == job_id).values(state=SENDING))


def finish_delivered(connection: Connection, endpoint: str, now: float) -> None:
    """Write that those jobs are over that have read everything and of which nothing waits any more."""
    waiting = (
        select(_version.c.id)
        .where(
            _version.c.endpoint == endpoint,
            _version.c.lane == Lane.BACKFILL.value,
            _version.c.state.in_([State.PENDING.value, State.SENDING.value]),
            _version.c.job_id == _job.c.id,
        )
        .exists()
    )
    over = update(_job).where(
        _job.c.endpoint == endpoint, _job.c.state == SENDING, _job.c.finished_at.is_(None), ~waiting
    )
    connection.execute(over.values(state=DONE, finished_at=now))
