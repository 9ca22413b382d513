"""A person's wish that a failing endpoint is tried at once: told from one process to the one that delivers.

The wish stands in the endpoint's row as a pause that is over since the beginning of time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, select, update

from sync.store import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

_state = tables.endpoint_state
_AT_ONCE = 0.0


@dataclass(frozen=True, slots=True)
class Failing:
    """An endpoint that is halted or down."""

    endpoint: str
    state: str
    reason: str | None
    #: Until when it asked to be left alone, in seconds since the epoch; None: it is tried at once.
    left_alone_until: float | None


def try_again(connection: Connection, now: float) -> list[Failing]:
    """Let endpoints that fail be tried at once, but for those that asked to be left alone; return both."""
    connection.execute(_TRY, {"now": now})
    rows = connection.execute(select(_state).where(_state.c.state != "up").order_by(_state.c.endpoint))
    return [
        Failing(row.endpoint, row.state, row.reason, row.not_before if row.not_before > now else None)
        for row in rows
    ]


def is_to_be_tried(connection: Connection, endpoint: str) -> bool:
    """Tell whether a person wants an endpoint tried at once."""
    query = select(_state.c.not_before).where(_state.c.endpoint == endpoint, _state.c.state != "up")
    return connection.execute(query).scalar() == _AT_ONCE


def wish_was_heard(connection: Connection, endpoint: str) -> None:
    """Note that it is being tried, so that it is not once more."""
    connection.execute(_HEARD, {"of": endpoint})


_TRY = (
    update(_state)
    .where(
        _state.c.state != "up",
        or_(_state.c.not_before.is_(None), _state.c.not_before <= bindparam("now")),
    )
    .values(not_before=_AT_ONCE)
)
_HEARD = (
    update(_state)
    .where(_state.c.endpoint == bindparam("of"), _state.c.not_before == _AT_ONCE)
    .values(not_before=None)
)
