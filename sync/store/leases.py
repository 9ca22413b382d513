"""One at a time: leases held by something that dies with its process.

Beside SQLite a lease is an operating-system lock on a file; in PostgreSQL it is an advisory lock of
the session that also does all the writing, so that a process whose session is lost can't write
either. The `lease` table only says who holds what, for people.
"""

from __future__ import annotations

import hashlib
import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import DBAPIError, InvalidRequestError

from sync.store import tables
from sync.store.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from filelock import BaseFileLock
    from sqlalchemy import Connection


def this_process() -> str:
    """Name this process for people: ``pid 4711 on host``."""
    return f"pid {os.getpid()} on {socket.gethostname()}"


class Locks(Protocol):
    """What takes and gives back the lock behind a lease."""

    def take(self, connection: Connection, name: str) -> bool:
        """Try to take it, without waiting."""
        ...

    def give_back(self, connection: Connection, name: str) -> None:
        """Give it back."""
        ...

    def forget(self) -> None:
        """Give back all that can be given back without a connection."""
        ...


class FileLocks:
    """Locks on files in a directory beside the SQLite file."""

    def __init__(self, database: Path) -> None:
        self._folder = database.with_name(database.name + ".locks")
        self._held: dict[str, BaseFileLock] = {}

    def take(self, connection: Connection, name: str) -> bool:  # noqa: ARG002
        """Try to lock the file of this name."""
        from filelock import FileLock, Timeout

        try:
            self._folder.mkdir(exist_ok=True)
            lock = FileLock(self._folder / _file_name(name), thread_local=False)
            lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as error:
            raise StoreError(f"the locks in {self._folder} can't be taken: {error.strerror}") from error
        self._held[name] = lock
        return True

    def give_back(self, connection: Connection, name: str) -> None:  # noqa: ARG002
        """Unlock the file of this name."""
        self._held.pop(name).release()

    def forget(self) -> None:
        """Unlock all."""
        while self._held:
            self._held.popitem()[1].release()


def _file_name(name: str) -> str:
    """Return a name that any file system takes, different for every lease, as in ``source-crm.lock``."""
    kind, _, what = name.partition(":")
    return f"{kind}-{quote(what, safe=' ')}.lock"


class AdvisoryLocks:
    """Session advisory locks of PostgreSQL. A session may take its own lock twice; `Leases` sees to that."""

    def take(self, connection: Connection, name: str) -> bool:
        """Try to take the advisory lock of this name."""
        statement = text("SELECT pg_try_advisory_lock(:key)")
        return bool(connection.execute(statement, {"key": lock_key(name)}).scalar())

    def give_back(self, connection: Connection, name: str) -> None:
        """Give the advisory lock of this name back."""
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": lock_key(name)})

    def forget(self) -> None:
        """Do nothing: they went with their session."""


def lock_key(name: str) -> int:
    """Return the 64-bit number PostgreSQL wants; locks are per database, so the name is enough."""
    found = hashlib.blake2b(f"leadrelay:{name}".encode(), digest_size=8).digest()
    return int.from_bytes(found, "big", signed=True)


class Leases:
    """The leases of this process. Used from the store's writer thread only."""

    def __init__(self, locks: Locks) -> None:
        self._locks = locks
        self._held: set[str] = set()

    @property
    def held(self) -> frozenset[str]:
        """The names held by this process."""
        return frozenset(self._held)

    def acquire(self, connection: Connection, name: str, now: float) -> bool:
        """Take a lease, or return False when anybody, this process included, holds it."""
        if name in self._held or not self._locks.take(connection, name):
            return False
        try:
            with connection.begin_nested():  # what fails in it leaves the transaction usable
                connection.execute(delete(tables.lease).where(tables.lease.c.name == name))
                connection.execute(insert(tables.lease).values(name=name, holder=this_process(), since=now))
        except DBAPIError:
            self._give_back(connection, name)
            raise
        self._held.add(name)
        return True

    def release(self, connection: Connection, name: str) -> None:
        """Give a lease back; one that was lost meanwhile is forgotten."""
        if name not in self._held:
            return
        self._held.discard(name)
        self._locks.give_back(connection, name)
        ours = (tables.lease.c.name == name, tables.lease.c.holder == this_process())
        connection.execute(delete(tables.lease).where(*ours))

    def _give_back(self, connection: Connection, name: str) -> None:
        # The session is gone, and the lock with it; SQLAlchemy may refuse to use it any more.
        with suppress(DBAPIError, InvalidRequestError):
            self._locks.give_back(connection, name)

    def forget(self) -> None:
        """Drop all: the session that held them is gone."""
        self._held.clear()
        self._locks.forget()


def holder(connection: Connection, name: str) -> str | None:
    """Return who holds a lease and since when it says so, as far as is known."""
    found = connection.execute(select(tables.lease.c.holder).where(tables.lease.c.name == name)).scalar()
    return str(found) if found else None
