"""Lists of leads by where they stand. Never a name, a phone or an e-mail."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, func, literal, null, select, tuple_

from sync.states import State
from sync.store import tables
from sync.store.views.selection import LEAD_STATES, OPEN_STATES, Selection, leads_in, versions_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

_lead, _version = tables.lead, tables.version


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One lead, or one version of it, and where it stands."""

    lead_id: int
    #: 0 when the lead's own row says where it stands.
    version_id: int
    endpoint: str
    source: str
    key: str
    state: State
    reason: str | None
    #: When it came to stand there, in seconds since the epoch.
    at: float
    #: When it may be sent; None: not by itself, or its run is not finished.
    due_at: float | None
    tries: int

    @property
    def id(self) -> str:
        """What a person types to name it."""
        return f"{self.source}:{self.key}"

    @property
    def cursor(self) -> str:
        """Where a list that ended here goes on."""
        return f"{self.lead_id}.{self.version_id}"


#: In the order in which the queries below select them.
_COLUMNS = tuple(column.name for column in fields(LeadRow))


def list_leads(
    connection: Connection, selection: Selection, limit: int, after: str | None = None
) -> list[LeadRow]:
    """Return leads of a selection in the order they were first seen.

    Args:
        connection: of the store.
        selection: which.
        limit: at most so many.
        after: the `LeadRow.cursor` that the list before ended with.

    Raises:
        ValueError: when ``after`` is not such a cursor.

    """
    place = place_of(after)
    rows: list[LeadRow] = []
    for query in _queries(selection, place, limit):
        rows += map(_row, connection.execute(query))
    return sorted(rows, key=lambda row: (row.lead_id, row.version_id))[:limit]


def count_leads(connection: Connection, selection: Selection) -> dict[State, int]:
    """Return how many leads or versions of a selection stand where."""
    versions = (
        select(_version.c.state, func.count())
        .where(tables.IS_OPEN, versions_in(selection, OPEN_STATES))
        .group_by(_version.c.state)
    )
    leads = select(_lead.c.state, func.count()).where(leads_in(selection)).group_by(_lead.c.state)
    found: dict[State, int] = {}
    for query in (versions, leads) if _wants(selection, LEAD_STATES) else (versions,):
        found |= {State(state): number for state, number in connection.execute(query)}
    return found


def _row(row: Any) -> LeadRow:
    return LeadRow(**dict(zip(_COLUMNS, row, strict=True)) | {"state": State(row.state)})


def place_of(after: str | None) -> tuple[int, int] | None:
    """Return where a list goes on.

    Raises:
        ValueError: when ``after`` is not the cursor of a row.

    """
    if after is None:
        return None
    lead, _, version = after.partition(".")
    try:
        return int(lead), int(version or 0)
    except ValueError:
        raise ValueError("expected what an earlier list ended with, as in 120.345") from None


def _wants(selection: Selection, states: Sequence[State]) -> bool:
    return any(state in selection.states for state in states)


def _queries(selection: Selection, place: tuple[int, int] | None, limit: int) -> list[Any]:
    queries = []
    if _wants(selection, OPEN_STATES):
        query = _of_versions().where(tables.IS_OPEN, versions_in(selection, OPEN_STATES))
        if place:
            query = query.where(tuple_(_version.c.lead_id, _version.c.id) > place)
        queries.append(query.order_by(_version.c.lead_id, _version.c.id).limit(limit))
    if _wants(selection, LEAD_STATES):
        query = _of_leads().where(leads_in(selection))
        if place:
            query = query.where(_lead.c.id > place[0])
        queries.append(query.order_by(_lead.c.id).limit(limit))
    return queries


def _of_versions() -> Any:
    at = func.coalesce(_version.c.settled_at, _version.c.claimed_at, _version.c.staged_at)
    return select(
        _version.c.lead_id,
        _version.c.id,
        _version.c.endpoint,
        _version.c.source,
        _lead.c.key,
        _version.c.state.label("state"),
        _version.c.reason,
        at,
        _version.c.due_at,
        _version.c.tries,
    ).join_from(_version, _lead, _lead.c.id == _version.c.lead_id)


def _of_leads() -> Any:
    return select(
        _lead.c.id,
        literal(0, Integer),
        _lead.c.endpoint,
        _lead.c.source,
        _lead.c.key,
        _lead.c.state.label("state"),
        _lead.c.reason,
        _lead.c.first_seen_at,
        null(),
        literal(0, Integer),
    )
