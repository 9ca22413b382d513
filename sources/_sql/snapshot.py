"""Reading whole: every row, by a cursor at the server, in one transaction that sees one state.

Two pages are held at a time, whatever the size of the table.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from sources._sql.rows import Batch, Rows, named
from sources._sql.shape import look_at
from sources.base import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import CursorResult, Select
    from sqlalchemy.engine import Connection

    from sources._sql.database import Database
    from sources._sql.settings import SqlSettings
    from sources.base import PollRequest


def read_whole(database: Database, settings: SqlSettings, request: PollRequest) -> Iterator[Page]:
    """Yield all rows in pages.

    Raises:
        SourceError: when the database can't be read, or the settings don't fit it.

    """
    with database.reading() as connection:
        shape = look_at(connection, settings)
        rows = Rows(settings, shape, request.fields)
        everything = select(*named(rows, shape.columns)).select_from(shape.origin)
        with streamed(connection, everything, request.page_size) as result:
            held: Sequence[Any] = result.fetchmany(request.page_size)
            while following := result.fetchmany(request.page_size):
                yield _page(held, rows, last=False)
                held = following
        yield _page(held, rows, last=True)


@contextmanager
def streamed(connection: Connection, statement: Select[Any], size: int) -> Iterator[CursorResult[Any]]:
    """Run a statement whose rows stay at the server until they are asked for."""
    options = {"stream_results": True, "max_row_buffer": size}
    result = connection.execution_options(**options).execute(statement)
    unread = getattr(result.cursor, "_result", None)
    try:
        yield result
    except BaseException:  # given up half way, by whoever reads or by the server
        if unread is not None:
            _abandon(connection, unread)
        raise
    finally:
        result.close()


def _abandon(connection: Connection, unread: Any) -> None:
    """Drop a connection of PyMySQL's, which would otherwise read all that is left before it closes.

    Where the connection is broken it would try as well, at some time, and fail.
    """
    unread.unbuffered_active = False
    if not connection.invalidated:
        connection.invalidate()


def _page(found: Sequence[Any], rows: Rows, *, last: bool) -> Page:
    batch = Batch()
    for row in found:
        batch.add(rows.record(row))
    return Page(batch.records, None, last=last, bad=batch.bad)
