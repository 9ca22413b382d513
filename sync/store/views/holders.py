"""Who holds a lease, as far as it can be told without taking it."""

from __future__ import annotations

import os
import re
import socket
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from sync.store import tables
from sync.store.leases import holder, lock_key, this_process

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PROCESS = re.compile(r"pid (\d+) on (.+)")
_LOCKED = text(
    "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 "
    "AND classid::bigint = :high AND objid::bigint = :low "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


def live_holder(connection: Connection, name: str) -> str | None:
    """Return the process that holds a lease, None when nobody does.

    A process that was killed leaves its name behind. PostgreSQL is asked for the lock itself; beside
    SQLite a process of this machine is looked for, and one of another machine is believed.
    """
    said = holder(connection, name)
    if said is None:
        return None
    if connection.dialect.name == "postgresql":
        return said if _is_locked(connection, name) else None
    return said if _may_live(said) else None


def live_holders(connection: Connection) -> list[str]:
    """Return the other processes that hold any lease, beside SQLite."""
    named = connection.scalars(select(tables.lease.c.holder).distinct().order_by(tables.lease.c.holder))
    return [said for said in named if said != this_process() and _may_live(said)]


def _is_locked(connection: Connection, name: str) -> bool:
    key = lock_key(name) & 0xFFFF_FFFF_FFFF_FFFF
    parts = {"high": key >> 32, "low": key & 0xFFFF_FFFF}
    return bool(connection.execute(_LOCKED, parts).scalar())


def _may_live(said: str) -> bool:
    match = _PROCESS.fullmatch(said)
    if not match or match[2] != socket.gethostname():
        return True
    try:
        os.kill(int(match[1]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # it lives, under another user
    return True
