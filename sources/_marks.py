"""What one poll has given, by key, in flat memory."""

from __future__ import annotations

from sources._spill import Spill

_TABLE = "CREATE TABLE marks (key TEXT PRIMARY KEY, mark BLOB NOT NULL) WITHOUT ROWID"
#: A row stays as it is where the same mark is given again, and only then.
_SET = """
INSERT INTO marks VALUES (?, ?)
ON CONFLICT (key) DO UPDATE SET mark = excluded.mark WHERE mark <> excluded.mark
"""


class Marks:
    """Keys, each with a mark that tells one state of its record from another. Close it after the poll."""

    def __init__(self) -> None:
        self._kept = Spill(_TABLE, "what was read already")

    def put(self, key: str, mark: bytes = b"") -> bool:
        """Keep the mark of a key; tell whether the key is new, or had another mark.

        Raises:
            Unavailable: when the temporary file can't be used.

        """
        with self._kept.opened() as database:
            return database.execute(_SET, (key, mark)).rowcount > 0

    def __len__(self) -> int:
        """Return how many keys there are.

        Raises:
            Unavailable: as `put`.

        """
        with self._kept.opened() as database:
            return int(database.execute("SELECT count(*) FROM marks").fetchone()[0])

    def close(self) -> None:
        """Give the file back."""
        self._kept.close()
