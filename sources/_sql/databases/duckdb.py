"""DuckDB, in this process: a file that is opened for nothing but reading, each time anew.

While one process has a DuckDB file open for writing, no other can open it at all, and while it is open here
nobody can write to it. So it is open for no longer than one reading takes, and where a program is writing
that is waited for, a while.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Text, cast, create_engine, literal_column
from sqlalchemy.pool import NullPool

from sources._sql.databases.duckdb_timeout import ends_statements
from sources._sql.databases.kind import DatabaseKind
from sources._sql.refusal import Refusal, Why
from sources._sql.urls import database_file
from sources._sql.written import Written, WrittenForm

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from pathlib import Path

    from sqlalchemy.engine import URL, Engine

_HOLDS = {
    "TIMESTAMP WITH TIME ZONE": "zoned",
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S"), "local"),
    "DATE": "date",
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), "integer"),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"), "integer"),
    "DECIMAL": "number",
    "VARCHAR": "text",
}
#: How often a file that a program is writing to is looked at again, and for how long at most, in seconds.
_AGAIN, _PATIENCE = 0.05, 15.0
_STATEMENT = ("Catalog", "Binder", "Parser", "Syntax", "NotImplemented", "Permission", "Dependency")
_DATA = ("Conversion", "OutOfRange", "InvalidInput", "InvalidType", "TypeMismatch")
_LOCKED = ("Conflicting lock", "Could not set lock", "different configuration", "being used by another")
_NO_DATABASE = ("not a valid DuckDB", "version number", "does not exist", "serialize", "encrypt")


def _engine(url: URL, directory: Path, timeout: timedelta) -> Engine:
    path = database_file(url, directory)
    options = {name: value for name, value in url.query.items() if name not in ("read_only", "access_mode")}
    url = url.set(database=str(path.resolve()), query=options)
    engine = create_engine(url, connect_args={"read_only": True}, poolclass=NullPool)
    engine.dialect.connect = _patient(  # type: ignore[method-assign]  # there is no event for trying again
        engine.dialect.connect, min(_PATIENCE, timeout.total_seconds())
    )
    ends_statements(engine, timeout.total_seconds())
    return engine


def _patient(connect: Callable[..., Any], patience: float) -> Callable[..., Any]:
    """Return what connects as soon as the program that is writing has closed the file."""

    def connecting(*arguments: Any, **named: Any) -> Any:
        until = time.monotonic() + patience
        while True:
            try:
                return connect(*arguments, **named)
            except Exception as error:
                if not _is_locked(str(error)) or time.monotonic() >= until:
                    raise
                time.sleep(_AGAIN)

    return connecting


def _base(native: Any) -> str:
    return str(native).partition("(")[0]


def _write(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(column, Text())


def _read(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return value.op("::")(literal_column("TIMESTAMP_NS"))


_CURSORS = {"TIMESTAMP_NS": Written(WrittenForm(_write, _read))}


def _is_locked(said: str) -> bool:
    return any(words in said for words in _LOCKED)


def _refused(error: Any) -> Refusal | None:
    if not type(error).__module__.startswith(("duckdb", "_duckdb")):
        return None
    name = type(error).__name__.removesuffix("Exception")
    said = str(error).partition("\n")[0]
    if name == "Interrupt":
        return Refusal(Why.TOO_LONG, "", name)
    if name in (*_STATEMENT, *_DATA):
        return Refusal(Why.STATEMENT, said if name in _STATEMENT else "", name)
    return _of_the_file(said) or Refusal(Why.GONE, "", name)


def _of_the_file(said: str) -> Refusal | None:
    if _is_locked(said):
        return Refusal(
            Why.GONE, "another program has it open for writing, and DuckDB lets nobody else in then"
        )
    if "ermission denied" in said:
        return Refusal(Why.DENIED, "the file may not be read")
    if any(words in said for words in _NO_DATABASE):
        return Refusal(Why.NO_DATABASE, "the file is not DuckDB's, or of a version that is not read here")
    return None


DUCKDB = DatabaseKind(
    engine=_engine,
    clock="SELECT get_current_timestamp()",
    holds=lambda native: _HOLDS.get(_base(native), "other"),
    cursor_type=lambda native: _CURSORS.get(_base(native)),
    refused=_refused,
    indexed=False,
)
