"""Reading by row version: what was written since the last poll, and nothing that is not committed yet.

PostgreSQL has no index on `xmin`: a poll scans the table, in the database, and only the rows that have
changed travel. It is one statement, in one transaction that sees one state, sorted by the key. SQL Server
has an index on its `rowversion`, or can have one, and is read along it in short transactions: what changes
meanwhile gets a version beyond the horizon, and leaves the span that is read. A row of a table always has
a version; one of a view or a query may have none (an outer join found it no partner): such rows are read in
each poll, and compared.

Each page says behind which row to go on, should the poll be broken off. It then goes on in a later state;
the next poll begins at the horizon of the first one, so that what has changed behind its back is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, inspect, or_, select

from sources._sql.keyset import Order, Walk, bound
from sources._sql.postgresql_versions import cost_of_a_scan, take_snapshot, written_since
from sources._sql.row_versions import reading
from sources._sql.rows import Rows, named
from sources._sql.shape import look_at
from sources._sql.snapshot import streamed
from sources._sql.sql_server_versions import ask, refuse_other_columns, spelled_out
from sources._sql.undated import undated_pages
from sources._sql.version_pages import Turning, notes_of
from sources.base import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from sources._sql.database import Database
    from sources._sql.row_versions import Horizon, Reading
    from sources._sql.settings import SqlSettings
    from sources._sql.shape import Shape
    from sources.base import PollRequest

_WAITING = "the replica has not come as far as what was read already: nothing is read until it has"


def read_versions(database: Database, settings: SqlSettings, request: PollRequest) -> Iterator[Page]:
    """Yield pages of what was written since the request's position; of all rows for a span of time.

    Raises:
        SourceError: when the database can't be read, or the settings don't fit it.

    """
    if database.url.get_backend_name() == "postgresql":
        return scanned(database, settings, request)
    return walked(database, settings, request, ask)


def try_versions(connection: Connection, settings: SqlSettings) -> str:
    """Return what a poll costs, for `leadrelay check`. Call it before anything else is asked.

    Raises:
        BadConfig: when there are no versions to go by.

    """
    if connection.dialect.name == "postgresql":
        horizon = take_snapshot(connection, settings)
        look_at(connection, settings)
        return cost_of_a_scan(connection, settings, horizon)
    ask(connection, settings)
    refuse_other_columns(settings, look_at(connection, settings))
    return ""


def scanned(database: Database, settings: SqlSettings, request: PollRequest) -> Iterator[Page]:
    """Yield pages of a table of PostgreSQL's, all of one state.

    Raises:
        SourceError: as `read_versions`.

    """
    with database.reading() as connection:
        horizon = take_snapshot(connection, settings)
        now = reading(request.position, horizon, settings)
        if now is None:
            yield Page((), request.position, last=True, notes=(_WAITING,))
            return
        if (
            now.since is not None and horizon.upcoming <= now.since
        ):  # nothing was written in the whole cluster
            yield Page((), now.done(), last=True)
            return
        shape = look_at(connection, settings)
        rows = Rows(settings, shape, request.fields)
        turning = Turning(rows, now, settings.key_columns, notes_of(now, request))
        if now.since is not None:  # the first row is no sooner there for an index that all rows are read by
            connection.exec_driver_sql("SET LOCAL cursor_tuple_fraction = 1")
        keys = [shape.columns[name] for name in settings.key_columns]
        chosen = select(*named(turning.rows, shape.columns)).select_from(shape.origin)
        wanted = chosen.where(*_wanted(connection, settings, shape, now)).order_by(*keys)
        with streamed(connection, wanted, request.page_size) as result:
            held: Sequence[Any] = result.fetchmany(request.page_size)
            while following := result.fetchmany(request.page_size):
                yield turning.page(held)
                held = following
        yield turning.page(held, last=True)


def walked(
    database: Database, settings: SqlSettings, request: PollRequest, asks: Callable[..., Horizon]
) -> Iterator[Page]:
    """Yield pages of what has a column of versions, each read in a transaction of its own.

    Args:
        database: where it is.
        settings: the source's settings.
        request: what is asked for.
        asks: tells the database's horizon.

    Raises:
        SourceError: as `read_versions`.

    """
    with database.reading() as connection:
        horizon = asks(connection, settings)
        shape = look_at(connection, settings)
        if connection.dialect.name == "mssql":
            refuse_other_columns(settings, shape)
        all_have_one = _is_table(connection, settings)
    now = reading(request.position, horizon, settings)
    if now is None:
        yield Page((), request.position, last=True, notes=(_WAITING,))
        return
    if all_have_one and now.since is not None and now.until <= now.since:
        yield Page((), now.done(), last=True)
        return
    by = (settings.cursor or "", *settings.key_columns)
    rows = Rows(settings, shape, request.fields)
    if not all_have_one:
        yield from undated_pages(database, settings, shape, rows, (None, None, request.page_size))
    turning = Turning(rows, now, by, notes_of(now, request))
    walk = Walk(_order(shape, turning, by, now), request.page_size, now.place)
    done = False
    while not done:
        with database.reading() as connection:
            found, done = walk.page(connection)
        yield turning.page(found, last=done)


def _is_table(connection: Connection, settings: SqlSettings) -> bool:
    return settings.table in inspect(connection).get_table_names(schema=settings.schema_)


def _order(shape: Shape, turning: Turning, by: tuple[str, ...], now: Reading) -> Order:
    versions = shape.columns[by[0]]
    span = [versions < bound(spelled_out(now.until))]
    if now.since is not None:
        span.append(versions >= bound(spelled_out(now.since)))
    columns = named(turning.rows, shape.columns)
    return Order(shape.origin, columns, shape.sorting(by), turning.places, tuple(span))


def _wanted(
    connection: Connection, settings: SqlSettings, shape: Shape, now: Reading
) -> Iterator[ColumnElement[bool]]:
    """Yield what is true of the rows to read."""
    if now.since is not None:
        yield written_since(now.since)
    if now.place:
        keys = [shape.columns[name] for name in settings.key_columns]
        behind = _behind(keys, now.place)
        missing = [key.is_(None) for key in keys] if _may_lack_keys(connection, settings) else []
        yield or_(*behind, *missing)


def _behind(keys: Sequence[ColumnElement[Any]], place: tuple[Any, ...]) -> Iterator[ColumnElement[bool]]:
    """Yield what is true, one or the other, of the row at the place and of those behind it."""
    for depth, key in enumerate(keys):
        same = [keys[i] == bound(place[i]) for i in range(depth)]
        last = depth == len(keys) - 1
        yield and_(*same, key >= bound(place[depth]) if last else key > bound(place[depth]))


def _may_lack_keys(connection: Connection, settings: SqlSettings) -> bool:
    columns = inspect(connection).get_columns(settings.table or "", schema=settings.schema_)
    return any(each["nullable"] for each in columns if each["name"] in settings.key_columns)
