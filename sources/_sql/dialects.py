"""What has to be said to each kind of database so that it is only read from, in UTC, and not for ever."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from sources._sql.kinds import KINDS
from sources._sql.pooled import CONNECT_SECONDS, GRACE_SECONDS, each_connection, pooled
from sources._sql.urls import database_file, read_only_uri

if TYPE_CHECKING:
    from datetime import timedelta
    from pathlib import Path

    from sqlalchemy.engine import URL, Connection, Engine

_MYSQL = ("mysql", "mariadb")
#: How long to wait for a program that is writing to the same SQLite file.
_SQLITE_LOCK_SECONDS = 15.0
_CLOCKS = {
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')",
    "postgresql": "SELECT clock_timestamp()",
    "mysql": "SELECT UTC_TIMESTAMP(6)",
    "mariadb": "SELECT UTC_TIMESTAMP(6)",
    **{name: kind.clock for name, kind in KINDS.items()},
}


def make_engine(url: URL, directory: Path, timeout: timedelta, *, streams: bool) -> Engine:
    """Make the engine of a database; nothing is connected to yet.

    Args:
        url: where the database is.
        directory: what a database that is a file is relative to.
        timeout: how long an answer may take.
        streams: whether one answer is read for as long as a whole poll takes.

    Raises:
        BadConfig: when such a file is not there.
        ImportError: when the driver is not installed.

    """
    backend = url.get_backend_name()
    if backend == "sqlite":
        return _sqlite(database_file(url, directory))
    if backend == "postgresql":
        return _postgresql(url)
    if backend in _MYSQL:
        return _mysql(url, timeout, streams=streams)
    if backend in KINDS:
        return KINDS[backend].engine(url, directory, timeout)
    return pooled(url)


def begin(connection: Connection, timeout: timedelta) -> None:
    """Begin a transaction that can only read, and that the database ends when it takes too long."""
    if connection.dialect.name == "postgresql":
        limit = int(timeout.total_seconds() * 1000)
        connection.exec_driver_sql(f"SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = {limit}")
    first = KINDS[connection.dialect.name].begin if connection.dialect.name in KINDS else None
    if first is not None:
        connection.connection.rollback()  # that the connection was tried may have begun one
        connection.exec_driver_sql(first)


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
    arguments: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS}
    if url.get_driver_name() == "psycopg":
        # Prepared statements do not survive a connection pooler that deals out transactions.
        arguments["prepare_threshold"] = None
    engine = pooled(url, arguments)
    if url.get_driver_name() == "psycopg":
        from sources._sql.psycopg_dates import read_dates_beyond_python

        each_connection(engine, read_dates_beyond_python)
    return engine


def _mysql(url: URL, timeout: timedelta, *, streams: bool) -> Engine:
    seconds = max(1, int(timeout.total_seconds()))
    arguments: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS}
    if url.get_driver_name() == "pymysql":
        arguments["read_timeout"] = seconds + (0 if streams else GRACE_SECONDS)
    engine = pooled(url, arguments)

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

    each_connection(engine, prepare)
    return engine


def _limit(connection: Any, seconds: int) -> str:
    """Return how the server is told to end a statement itself, rather than go on for nobody."""
    if "mariadb" in str(connection.get_server_info()).lower():
        return f"SET SESSION max_statement_time = {seconds}"
    return f"SET SESSION max_execution_time = {seconds * 1000}"
