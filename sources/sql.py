"""SQL databases as a source: any that SQLAlchemy speaks to; a table, a view, or a query.

With a `cursor` it goes by position: keyset pages in the order of cursor and key, each read in a short
transaction that can only read, from the last cursor on, inclusive. Rows without a cursor are read in each
poll and compared. Without a `cursor` every poll reads all rows, by one cursor at the server.

Row versions (`cursor_type: row_version`) stand in for a cursor where a table has no time: PostgreSQL's
`xmin`, by a scan in the database, or SQL Server's `rowversion`.

Timestamps without a zone are in the source's `timezone`; in the hour that clocks are set back they are
read again, and compared by content. MySQL's TIMESTAMP is read in UTC. SQLite has no timestamps: text is
taken as one when nearly all of it is ISO text of one form, and what is written otherwise is set aside.
A row dated more than minutes ahead of the database's clock is set aside until its time has come, and never
moves the position.

Values are as the driver gives them; UUIDs, times and the like are text, bytes are hexadecimal, JSON is
what it says.
"""

from __future__ import annotations

from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from sources._sql.database import Database
from sources._sql.fetching import fetch_rows
from sources._sql.following import follow
from sources._sql.looking import look
from sources._sql.newest import newest_position
from sources._sql.notices import notices
from sources._sql.reading_versions import read_versions
from sources._sql.settings import SqlSettings
from sources._sql.shape import look_at
from sources._sql.snapshot import read_whole
from sources._threads import each_in_thread, in_thread

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sources.base import Page, PollRequest, Position, Record, SourceContext

__all__ = ["Sql", "SqlSettings"]


class Sql:
    """Reads the rows of a database as records.

    Args:
        settings: see `SqlSettings`.
        context: where the source stands.

    """

    name: ClassVar[str] = "sql"
    Settings: ClassVar[type[SqlSettings]] = SqlSettings
    #: Transactions that were open for so long are still found when they commit.
    default_lookback: ClassVar[timedelta] = timedelta(minutes=10)

    def __init__(self, settings: SqlSettings, context: SourceContext) -> None:
        self._settings = settings
        self._zone = context.timezone
        self._database = Database(settings, context)

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield pages of what changed since the request's position; without a cursor, of everything.

        Raises:
            Unavailable: when the database can't be reached, or takes longer than `timeout`.
            Denied: when it refuses the user.
            BadConfig: when what the settings name is not there, or can't be used as they say.

        """
        if self._settings.cursor is None:
            pages = read_whole(self._database, self._settings, request)
        elif self._settings.by_row_version:
            pages = read_versions(self._database, self._settings, request)
        else:
            pages = follow(self._database, self._settings, self._zone, request)
        async with aclosing(each_in_thread(pages)) as each:
            async for page in each:
                yield page

    async def check(self) -> str:
        """Look at the table or query, and say how many rows and which columns it has.

        Raises:
            SourceError: when it could not be polled as things stand.

        """
        return await in_thread(lambda: look(self._database, self._settings, self._zone))

    async def latest(self) -> Position | None:
        """Return where the newest row stands, never past the database's clock; None without a cursor.

        None for row versions too: a first sync takes the whole table over, for a position that is lost when
        the database is put back, or another takes its place, sends nobody what was there before.

        Raises:
            SourceError: as `poll`.

        """
        if self._settings.cursor is None or self._settings.by_row_version:
            return None
        return await in_thread(lambda: newest_position(self._database, self._settings, self._zone))

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the rows of these keys that are there.

        Raises:
            SourceError: as `poll`.

        """
        return await in_thread(lambda: fetch_rows(self._database, self._settings, self._zone, keys))

    async def fields(self) -> Sequence[str]:
        """Return the columns of the table or query.

        Raises:
            SourceError: as `poll`.

        """
        return await in_thread(self._columns)

    async def hints(self) -> AsyncGenerator[None, None]:
        """Yield when the channel of `notify` is notified; nothing without that setting.

        Raises:
            SourceError: when nothing can be heard of it.

        """
        if self._settings.notify is not None:
            async with aclosing(notices(self._database.url, self._settings.notify)) as each:
                async for _ in each:
                    yield

    async def close(self) -> None:
        """Give back the connections."""
        await in_thread(self._database.close)

    def _columns(self) -> list[str]:
        with self._database.reading() as connection:
            return list(look_at(connection, self._settings).columns)
