"""Sources and endpoints that a person stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from sync.store import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection


def is_paused(connection: Connection, scope: str) -> bool:
    """Tell whether ``source:NAME`` or ``endpoint:NAME`` is paused."""
    return paused_since(connection, scope) is not None


def paused(connection: Connection) -> list[str]:
    """Return all that is paused, as the store names it."""
    return list(connection.scalars(select(tables.pause.c.scope)))


def paused_since(connection: Connection, scope: str) -> float | None:
    """Return since when ``source:NAME`` or ``endpoint:NAME`` is paused; None: it is not."""
    query = select(tables.pause.c.since).where(tables.pause.c.scope == scope)
    found = connection.execute(query).scalar()
    return None if found is None else float(found)
