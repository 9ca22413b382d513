"""Rows that one poll has to remember, in flat memory: a private database, in a file once there are many."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sources.errors import Unavailable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


class Spill:
    """One table, made when it is first used, and gone when it is closed.

    Args:
        table: the SQL that creates it.
        what: is in it, for the message when it can't be kept.

    """

    def __init__(self, table: str, what: str) -> None:
        self._table = table
        self._what = what
        self._opened: sqlite3.Connection | None = None

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """Give the database, in autocommit.

        Raises:
            Unavailable: when the temporary file can't be used.

        """
        import sqlite3  # when there is something to remember, and not before

        try:
            if self._opened is None:
                # The empty name is SQLite's for a private database that spills from a small cache to a file,
                # which no directory lists.
                self._opened = sqlite3.connect("", isolation_level=None, check_same_thread=False)
                for statement in ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", self._table):
                    self._opened.execute(statement)
            yield self._opened
        except sqlite3.Error as error:
            raise Unavailable(
                f"{self._what} can't be kept in a temporary file ({error}); is there room in "
                f"{tempfile.gettempdir()}? TMPDIR names another directory"
            ) from error

    def close(self) -> None:
        """Give the file back."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None
