"""Where each source's live poll goes on, and how large its ledger is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from sync.store import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

_lead, _version, _position = tables.lead, tables.version, tables.position


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the store keeps of one source."""

    endpoint: str
    source: str
    #: As the adapter wrote it.
    position: Mapping[str, Any] | None
    #: What the first sync still does, while it lasts.
    first_sync: Mapping[str, Any] | None
    #: When the position was written, in seconds since the epoch; None: never polled.
    updated_at: float | None
    #: How many leads of the ledger stand in each state.
    leads: Mapping[str, int]


def read_positions(connection: Connection, source: str | None = None) -> list[SourceState]:
    """Return what the store keeps of every source, or of one. Counts the whole ledger."""
    state = func.coalesce(_lead.c.state, _version.c.state)
    query = (
        select(_lead.c.endpoint, _lead.c.source, state.label("state"), func.count().label("number"))
        .join_from(_lead, _version, _version.c.id == _lead.c.version_id, isouter=True)
        .group_by(_lead.c.endpoint, _lead.c.source, state)
    )
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for row in connection.execute(query if source is None else query.where(_lead.c.source == source)):
        counts.setdefault((row.endpoint, row.source), {})[row.state] = row.number
    positions = {(row.endpoint, row.source): row for row in connection.execute(select(_position))}
    scopes = sorted(scope for scope in {*counts, *positions} if source in (None, scope[1]))
    return [_state(scope, positions.get(scope), counts.get(scope, {})) for scope in scopes]


def _state(scope: tuple[str, str], row: Any, counts: Mapping[str, int]) -> SourceState:
    if row is None:
        return SourceState(*scope, None, None, None, counts)
    return SourceState(*scope, row.position, row.first_sync, row.updated_at, counts)


def is_known(connection: Connection, source: str) -> bool:
    """Tell whether the store ever heard of a source of this name."""
    asked = (
        select(table.c.source).where(table.c.source == source).limit(1) for table in (_position, tables.run)
    )
    return any(connection.execute(query).first() is not None for query in asked)
