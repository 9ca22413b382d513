"""Leads that the endpoint took and may have got twice: an earlier request was never answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal, select, tuple_

from sync.states import State
from sync.store import tables
from sync.store.views.leads import LeadRow, place_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

_lead, _version, _attempt = tables.lead, tables.version, tables.attempt
_unanswered = (
    select(_attempt.c.version_id, func.count().label("times"))
    .where(_attempt.c.outcome == State.UNKNOWN.value)
    .group_by(_attempt.c.version_id)
    .subquery()
)
_FROM = _version.join(_unanswered, _unanswered.c.version_id == _version.c.id).join(
    _lead, _lead.c.id == _version.c.lead_id
)


def list_repeated(
    connection: Connection, source: str | None, limit: int, after: str | None = None
) -> list[LeadRow]:
    """Return accepted versions of which an earlier request was never answered.

    Args:
        connection: of the store.
        source: only of this one; None: of any.
        limit: at most so many.
        after: the `LeadRow.cursor` that the list before ended with.

    Raises:
        ValueError: when ``after`` is not such a cursor.

    """
    query = (
        select(
            _version.c.lead_id,
            _version.c.id,
            _version.c.endpoint,
            _version.c.source,
            _lead.c.key,
            literal(State.ACCEPTED.value),
            _unanswered.c.times,
            _version.c.settled_at,
            _version.c.tries,
        )
        .select_from(_FROM)
        .where(*_wanted(source))
        .order_by(_version.c.lead_id, _version.c.id)
        .limit(limit)
    )
    if place := place_of(after):
        query = query.where(tuple_(_version.c.lead_id, _version.c.id) > place)
    return [_row(*row) for row in connection.execute(query)]


def count_repeated(connection: Connection, source: str | None) -> dict[State, int]:
    """Return how many there are, under the state they stand in."""
    query = select(func.count()).select_from(_FROM).where(*_wanted(source))
    return {State.ACCEPTED: int(connection.execute(query).scalar_one())}


def _wanted(source: str | None) -> list[Any]:
    accepted = _version.c.state == State.ACCEPTED.value
    return [accepted] if source is None else [accepted, _version.c.source == source]


def _row(*columns: Any) -> LeadRow:
    lead, version, endpoint, source, key, state, times, at, tries = columns
    requests = "an earlier request was" if times == 1 else f"{times} earlier requests were"
    reason = f"possibly repeated: {requests} never answered"
    return LeadRow(lead, version, endpoint, source, key, State(state), reason, at, None, tries)
