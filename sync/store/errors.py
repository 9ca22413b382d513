"""Why the state store can't be used.

StoreError             exit code 4: what is wrong with it and what to do, in one message
└── LeaseLost          the session that held our locks is gone; nothing more may be written
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError


class StoreError(Exception):
    """The state store can't be used; the message says why and what to do."""


class LeaseLost(StoreError):
    """The database session that held this process's locks is gone."""


#: SQLite's primary result codes (https://www.sqlite.org/rescode.html) in words.
_SQLITE = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space and run again, nothing was lost",
    sqlite3.SQLITE_READONLY: "it is read-only; make the file and its directory writable for this user",
    sqlite3.SQLITE_BUSY: "it is locked by another process; wait for that one to end or stop it",
    sqlite3.SQLITE_CORRUPT: "it is damaged; nothing was sent; restore a backup of it, see docs/operations.md",
    sqlite3.SQLITE_NOTADB: "it is no SQLite database; is `state` in connector.yaml right?",
    sqlite3.SQLITE_CANTOPEN: "it can't be opened; is its directory there, and may this user write in it?",
    sqlite3.SQLITE_IOERR: "reading or writing it failed; is the disk full or failing?",
}
#: What SQLite says of statements that are ours, and so right, when the file is not as we left it.
_CHANGED = "it is damaged, or another program has changed it; restore a backup of it, see docs/operations.md"


def explain(error: DBAPIError, where: str) -> StoreError:
    """Say what a driver's error means for the store at ``where`` (an address without secrets)."""
    cause = error.orig
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        said = _SQLITE.get(code & 0xFF, f"{_first_line(cause)}; {_CHANGED}")
        return StoreError(f"the state store {where} can't be used: {said}")
    if error.connection_invalidated:
        return LeaseLost(f"the connection to the state store {where} was lost: {_first_line(cause)}")
    return StoreError(f"the state store {where} can't be used: {_first_line(cause)}")


def is_locked(error: DBAPIError) -> bool:
    """Tell whether another process is in the middle of writing, and has been for too long to wait on."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is not None and code & 0xFF == sqlite3.SQLITE_BUSY


def _first_line(cause: BaseException | None) -> str:
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__
