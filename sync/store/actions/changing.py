"""Moving versions from one state to another, and erasing what is settled by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, delete, select, update

from sync.states import Asked, Lane, State
from sync.store import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection

    from sync.store.views.selection import Selection

_lead, _version, _payload = tables.lead, tables.version, tables.payload
#: Parameters of one statement; the databases allow some 30,000.
_SOME = 1000

#: Only the newest version of a lead may go out: never an older one after it.
IS_NEWEST = _version.c.id == (
    select(_lead.c.version_id).where(_lead.c.id == _version.c.lead_id).correlate(_version).scalar_subquery()
)


def send_now(selection: Selection, now: float) -> dict[str, Any]:
    """Return the values of a version that a person lets go.

    It is marked as asked for, so that `max_sends` neither counts nor holds it again.
    """
    asked = Asked.IN_BULK if selection.leads is None else Asked.BY_NAME
    live_first = case((_version.c.state == State.HELD, _version.c.lane), else_=int(Lane.RETRY))
    return {
        "state": State.PENDING.value,
        "lane": live_first,
        "due_at": now,
        "tries": 0,
        "repeats": 0,
        "asked": asked.value,
        "reason": None,
        "settled_at": None,
        "claimed_by": None,
        "claimed_at": None,
    }


def change(
    connection: Connection, where: Sequence[ColumnElement[bool]], values: dict[str, Any]
) -> list[tuple[int, int]]:
    """Update versions and return the ids of each and of its lead."""
    statement = update(_version).where(*where).values(values).returning(_version.c.id, _version.c.lead_id)
    return [(row.id, row.lead_id) for row in connection.execute(statement)]


def erase(connection: Connection, version_ids: Iterable[int]) -> None:
    """Delete the payloads of versions."""
    for some in in_parts(list(version_ids)):
        connection.execute(delete(_payload).where(_payload.c.version_id.in_(some)))


def in_parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield a list in parts that fit into one statement."""
    for start in range(0, len(values), _SOME):
        yield values[start : start + _SOME]
