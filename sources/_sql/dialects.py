"""What has to be said to each kind of database so that it is only read from, in UTC, and not for ever."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.pool import NullPool

from sources._sql.urls import read_only_uri, sqlite_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from pathlib import Path

    from sqlalchemy.engine import URL, Connection, Engine

_MYSQL = ("mysql", "mariadb")
#: Connections kept open: one poll, and one more for `fetch` beside it.
_POOL = {"pool_size": 1, "max_overflow": 2, "pool_pre_ping": True, "pool_recycle": 900}
_CONNECT_SECONDS = 15
#: How much longer we wait than the server was told to work.
_GRACE_SECONDS = 5
#: How long to wait for a program that is writing to the same SQLite file.
_SQLITE_LOCK_SECONDS = 15.0
_CLOCKS = {
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')",
    "postgresql": "SELECT clock_timestamp()",
    "mysql": "SELECT UTC_TIMESTAMP(6)",
    "mariadb": "SELECT UTC_TIMESTAMP(6)",
}


def make_engine(url: URL, directory: Path, timeout: timedelta, *, streams: bool) -> Engine:
    """Make the engine of a database; nothing is connected to yet.

    Args:
        url: where the database is.
        directory: what a SQLite file is relative to.
        timeout: how long an answer may take.
        streams: whether one answer is read for as long as a whole poll takes.

    Raises:
        BadConfig: when a SQLite file is not there.
        ImportError: when the driver is not installed.

    """
    backend = url.get_backend_name()
    if backend == "sqlite":
        return _sqlite(sqlite_file(url, directory))
    if backend == "postgresql":
        return _postgresql(url)
    if backend in _MYSQL:
        return _mysql(url, timeout, streams=streams)
    return create_engine(url, **_POOL)


def begin(connection: Connection, timeout: timedelta) -> None:
    """Begin a transaction that can only read, and that the database ends when it takes too long."""
    if connection.dialect.name == "postgresql":
        limit = int(timeout.total_seconds() * 1000)
        connection.exec_driver_sql(f"SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = {limit}")


def clock_of(connection: Connection) -> datetime:
    """Return what time it is at the database; at a kind that we don't know, what time it is here."""
    statement = _CLOCKS.get(connection.dialect.name)
    if statement is None:
        return datetime.now(UTC)
    found = connection.execute(text(statement.replace(":", r"\:"))).scalar_one()
    moment = datetime.fromisoformat(found) if isinstance(found, str) else found
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _sqlite(path: Path) -> Engine:
    """Open the file read-only each time: a file put in its place is noticed, and none is created."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            read_only_uri(path), uri=True, timeout=_SQLITE_LOCK_SECONDS, check_same_thread=False
        )
        # One row with broken text must not keep the others from being read.
        connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        return connection

    return create_engine("sqlite://", creator=connect, poolclass=NullPool)


def _postgresql(url: URL) -> Engine:
    arguments: dict[str, Any] = {"connect_timeout": _CONNECT_SECONDS}
    if url.get_driver_name() == "psycopg":
        # Prepared statements do not survive a connection pooler that deals out transactions.
        arguments["prepare_threshold"] = None
    arguments = {name: value for name, value in arguments.items() if name not in url.query}
    engine = create_engine(url, connect_args=arguments, **_POOL)
    if url.get_driver_name() == "psycopg":
        from sources._sql.psycopg_dates import read_dates_beyond_python

        _each_connection(engine, read_dates_beyond_python)
    return engine


def _mysql(url: URL, timeout: timedelta, *, streams: bool) -> Engine:
    seconds = max(1, int(timeout.total_seconds()))
    arguments: dict[str, Any] = {"connect_timeout": _CONNECT_SECONDS}
    if url.get_driver_name() == "pymysql":
        arguments["read_timeout"] = seconds + (0 if streams else _GRACE_SECONDS)
    arguments = {name: value for name, value in arguments.items() if name not in url.query}
    engine = create_engine(url, connect_args=arguments, **_POOL)

    def prepare(connection: Any) -> None:
        cursor = connection.cursor()
        # TIMESTAMP columns come in the session's zone, where an hour each autumn exists twice.
        cursor.execute("SET SESSION time_zone = '+00:00'")
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        # A snapshot is taken from the server at the pace at which it is staged.
        cursor.execute("SET SESSION net_write_timeout = 3600")
        if not streams:
            cursor.execute(_limit(connection, seconds))
        cursor.close()

    _each_connection(engine, prepare)
    return engine


def _limit(connection: Any, seconds: int) -> str:
    """Return how the server is told to end a statement itself, rather than go on for nobody."""
    if "mariadb" in str(connection.get_server_info()).lower():
        return f"SET SESSION max_statement_time = {seconds}"
    return f"SET SESSION max_execution_time = {seconds * 1000}"


def _each_connection(engine: Engine, prepare: Callable[[Any], None]) -> None:
    event.listen(engine, "connect", lambda connection, _record: prepare(connection))
