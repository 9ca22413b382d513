"""How much stands where: counts of versions by state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from sync.states import State
from sync.store import tables

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

_version = tables.version
#: What is not settled for good.
OPEN = (State.PENDING, State.HELD, State.SENDING, State.UNKNOWN, State.REJECTED, State.INVALID)


def count_of(connection: Connection, endpoint: str, state: State) -> int:
    """Return how many versions for an endpoint stand in a state."""
    query = select(func.count()).where(_version.c.endpoint == endpoint, _version.c.state == state.value)
    return int(connection.execute(query).scalar_one())


def open_counts(connection: Connection, sources: Collection[str]) -> dict[State, int]:
    """Return how many versions of these sources stand in each state that is not settled for good."""
    query = (
        select(_version.c.state, func.count())
        .where(_version.c.source.in_(list(sources)), _version.c.state.in_([each.value for each in OPEN]))
        .group_by(_version.c.state)
    )
    found = dict.fromkeys(OPEN, 0)
    found.update((State(state), count) for state, count in connection.execute(query))
    return found
