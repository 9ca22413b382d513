"""Which keys one poll has met, in flat memory: a temporary file on disk once there are many."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.changes import read_changed, write_changed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources.position import Cursor


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
        # The empty name is SQLite's for a private database that spills from a small cache to a
        # temporary file, which is gone when it is closed.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute(
            "CREATE TABLE seen (key TEXT PRIMARY KEY, digest BLOB, changed TEXT, place TEXT) WITHOUT ROWID"
        )

    def before(self, keys: Sequence[str]) -> dict[str, Sighting]:
        """Return the sightings there already are of these keys, at most 900 at once."""
        found: dict[str, Sighting] = {}
        for start in range(0, len(keys), 900):
            some = keys[start : start + 900]
            marks = ",".join("?" * len(some))
            rows = self._database.execute(
                f"SELECT key, digest, changed, place FROM seen WHERE key IN ({marks})", some
            )
            found.update((key, Sighting(key, mark, read_changed(at), place)) for key, mark, at, place in rows)
        return found

    def add(self, sightings: Sequence[Sighting]) -> None:
        """Keep these; the first sighting of a key stays."""
        rows = ((s.key, s.digest, write_changed(s.changed), s.where) for s in sightings)
        self._database.execute("BEGIN")
        self._database.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)", rows)
        self._database.execute("COMMIT")

    def close(self) -> None:
        """Give the file back."""
        self._database.close()
