"""Which keys one poll has met, in flat memory: a temporary file on disk once there are many."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sources.errors import Unavailable
from sync.changes import read_changed, write_changed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from sources.position import Cursor

#: Keys in one statement: any SQLite takes so many.
_MOST = 900


@dataclass(frozen=True, slots=True)
class Sighting:
    """A record of this poll, as far as telling duplicates needs it."""

    key: str
    digest: bytes
    changed: Cursor | None
    where: str


class SeenKeys:
    """The records of one poll by key. Close it after the poll."""

    def __init__(self) -> None:
        self._opened: sqlite3.Connection | None = None
        self._next = 0

    def meet(self, sightings: Sequence[Sighting]) -> dict[str, Sighting]:
        """Keep the first sighting of each key; return those there were already, by key.

        Raises:
            Unavailable: when the temporary file can't be used.

        """
        start = self._next
        self._next += len(sightings)
        rows = (
            (s.key, s.digest, write_changed(s.changed), s.where, number)
            for number, s in enumerate(sightings, start)
        )
        with _explained():
            self._database.execute("BEGIN")
            added = self._database.executemany(_ADD, rows).rowcount
            self._database.execute("COMMIT")
            return {} if added == len(sightings) else self._before(start, [s.key for s in sightings])

    def _before(self, number: int, keys: Sequence[str]) -> dict[str, Sighting]:
        found: dict[str, Sighting] = {}
        for first in range(0, len(keys), _MOST):
            some = keys[first : first + _MOST]
            marks = ",".join("?" * len(some))
            rows = self._database.execute(
                f"SELECT key, digest, changed, place FROM seen WHERE number < ? AND key IN ({marks})",
                (number, *some),
            )
            found.update((key, Sighting(key, mark, read_changed(at), place)) for key, mark, at, place in rows)
        return found

    def close(self) -> None:
        """Give the file back."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    @property
    def _database(self) -> sqlite3.Connection:
        if self._opened is None:
            import sqlite3  # the engine itself knows no database

            # The empty name is SQLite's for a private database that spills from a small cache to a
            # temporary file, which is gone when it is closed.
            self._opened = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            for statement in _SET_UP:
                self._opened.execute(statement)
        return self._opened


_ADD = "INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?, ?)"
_SET_UP = (
    "PRAGMA journal_mode=OFF",
    "PRAGMA synchronous=OFF",
    """
    CREATE TABLE seen (key TEXT PRIMARY KEY, digest BLOB, changed TEXT, place TEXT, number INTEGER)
    WITHOUT ROWID
    """,
)


@contextmanager
def _explained() -> Iterator[None]:
    import sqlite3

    try:
        yield
    except sqlite3.Error as error:
        raise Unavailable(
            f"the keys of this poll can't be kept in a temporary file ({error}); is there room in "
            f"{tempfile.gettempdir()}? TMPDIR names another directory"
        ) from error
