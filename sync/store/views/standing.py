"""How many versions stand where, by source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, select

from sync.states import NEEDS_YOU, State
from sync.store import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

_version = tables.version


@dataclass(frozen=True, slots=True)
class Standing:
    """How many versions of a source stand in each state that is not the end."""

    pending: int = 0
    #: Of the pending ones, those whose time has not come: their run goes on, or they are tried again later.
    due_later: int = 0
    held: int = 0
    sending: int = 0
    unknown: int = 0
    rejected: int = 0
    invalid: int = 0
    #: When the oldest pending one was staged, in seconds since the epoch.
    oldest_pending_at: float | None = None

    @property
    def needs_you(self) -> int:
        """How many a person should look at."""
        return sum(int(getattr(self, state.value)) for state in NEEDS_YOU)


def standings(connection: Connection, now: float) -> dict[tuple[str, str], Standing]:
    """Return what stands where, by endpoint and source."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for row in connection.execute(_query(now)):
        counts = found.setdefault((row.endpoint, row.source), {})
        counts[row.state] = row.number
        if row.state == State.PENDING:
            counts["due_later"], counts["oldest_pending_at"] = row.later, row.oldest
    return {scope: Standing(**counts) for scope, counts in found.items()}  # type: ignore[arg-type]


def _query(now: float) -> Select[Any]:
    later = and_(_version.c.state == State.PENDING, func.coalesce(_version.c.due_at, now + 1) > now)
    return (
        select(
            _version.c.endpoint,
            _version.c.source,
            _version.c.state,
            func.count().label("number"),
            func.sum(case((later, 1), else_=0)).label("later"),
            func.min(_version.c.staged_at).label("oldest"),
        )
        .where(tables.IS_OPEN)
        .group_by(_version.c.endpoint, _version.c.source, _version.c.state)
    )
