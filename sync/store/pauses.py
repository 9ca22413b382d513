"""Sources and endpoints that a person stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from sync.store import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection


def is_paused(connection: Connection, scope: str) -> bool:
    """Tell whether ``source:NAME`` or ``endpoint:NAME`` is paused."""
    query = select(tables.pause.c.scope).where(tables.pause.c.scope == scope)
    return connection.execute(query).first() is not None
