"""Which keys one poll has met, in flat memory: a temporary file on disk once there are many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sources._spill import Spill
from sync.changes import read_changed, write_changed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

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
        self._kept = Spill(_TABLE, "the keys of this poll")
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
        with self._kept.opened() as database:
            database.execute("BEGIN")
            added = database.executemany(_ADD, rows).rowcount
            database.execute("COMMIT")
            return {} if added == len(sightings) else _before(database, start, [s.key for s in sightings])

    def close(self) -> None:
        """Give the file back."""
        self._kept.close()


_ADD = "INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?, ?)"
_TABLE = """
CREATE TABLE seen (key TEXT PRIMARY KEY, digest BLOB, changed TEXT, place TEXT, number INTEGER)
WITHOUT ROWID
"""


def _before(database: sqlite3.Connection, number: int, keys: Sequence[str]) -> dict[str, Sighting]:
    """Return which of these were there before that number."""
    found: dict[str, Sighting] = {}
    for first in range(0, len(keys), _MOST):
        some = keys[first : first + _MOST]
        marks = ",".join("?" * len(some))
        rows = database.execute(
            f"SELECT key, digest, changed, place FROM seen WHERE number < ? AND key IN ({marks})",
            (number, *some),
        )
        found.update((key, Sighting(key, mark, read_changed(at), place)) for key, mark, at, place in rows)
    return found
