"""Stopping and starting a source or an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from sync.store import tables
from sync.store.pauses import is_paused, paused_since
from sync.store.upsert import insert_ignoring

if TYPE_CHECKING:
    from sqlalchemy import Connection


def source_scope(name: str) -> str:
    """Return what the store calls a source that is paused: it is not polled, nothing of it is sent."""
    return f"source:{name}"


def endpoint_scope(name: str) -> str:
    """Return what the store calls an endpoint that is paused: nothing is sent to it."""
    return f"endpoint:{name}"


def pause(connection: Connection, scope: str, now: float) -> bool:
    """Pause; False when it was paused already."""
    if is_paused(connection, scope):
        return False
    insert_ignoring(connection, tables.pause, [{"scope": scope, "since": now}], ["scope"])
    return True


def copy_pause(connection: Connection, from_: str, to: str) -> None:
    """Pause another scope as well where one is paused, since the same time."""
    since = paused_since(connection, from_)
    if since is not None:
        insert_ignoring(connection, tables.pause, [{"scope": to, "since": since}], ["scope"])


def resume(connection: Connection, scope: str) -> bool:
    """Go on; False when it was not paused."""
    return connection.execute(delete(tables.pause).where(tables.pause.c.scope == scope)).rowcount > 0
