"""SQL Server, by pymssql.

It has no transactions that only read, and a reader waits for writers unless the database keeps row versions
(READ_COMMITTED_SNAPSHOT): no longer than `timeout`, and then says so.

pymssql writes values into the statement itself, a `datetime` with three digits. Times are therefore compared
as text, which the server converts to the column's own type: exactly, and along the index. Three digits are
what DATETIME has; its steps of 3⅓ ms are met by multiples of ten.

It writes text as NVARCHAR. A VARCHAR that is compared with one is compared by other rules than it is sorted
by (learn.microsoft.com, "Using SQL Server Collations": a-b and ab change places), and without its index: the
text is cast to VARCHAR first, in the code page of the column's own collation.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import VARCHAR, ColumnElement, String, cast, collate, func, literal_column, text
from sqlalchemy.types import TypeDecorator

from sources._sql.databases.kind import DatabaseKind
from sources._sql.pooled import CONNECT_SECONDS, GRACE_SECONDS, pooled, said_once
from sources._sql.refusal import Refusal, Why
from sources._sql.written import Written, WrittenForm

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy import Select
    from sqlalchemy.engine import URL, Connection, Engine
    from sqlalchemy.types import TypeEngine

_HOLDS = {
    **dict.fromkeys(("datetime2", "datetime", "smalldatetime"), "local"),
    "datetimeoffset": "zoned",
    "date": "date",
    **dict.fromkeys(("bigint", "int", "smallint", "tinyint"), "integer"),
    **dict.fromkeys(("decimal", "numeric", "money", "smallmoney"), "number"),
    **dict.fromkeys(("nvarchar", "varchar", "nchar", "char", "ntext", "text", "sysname"), "text"),
    "json": "json",
    "timestamp": "version",  # its old name, by which the server calls a rowversion
}
_DENIED = {18456, 18452, 18470, 18486, 18487, 18488, 229, 230, 262, 297, 300, 916, 15247, 40615}
_NO_DATABASE = {4060, 911, 40532}
_STATEMENT = {
    *(102, 105, 156, 170, 195, 207, 208, 209, 319, 1033, 2812),
    *(4104, 4121, 8120, 8155, 8156),
}
#: The statement meets data that it can't convert; the message has the value.
_DATA = {206, 220, 241, 242, 245, 248, 402, 8114, 8115, 8134}
#: A lock was not given up in time; the driver waited too long.
_TOO_LONG = {1222, 20003}
#: Of Azure: too many requests, workers or sessions.
_TOO_MUCH = {10928, 10929, 40501, 49918, 49919, 49920}
#: Numbers from here on are the driver's, and of the connection.
_DRIVERS_OWN = 20_000
_MESSAGE_ENDS = "DB-Lib error message"
_DESCRIBED = text(
    "SELECT system_type_name + COALESCE(' COLLATE ' + collation_name, '')"
    " FROM sys.dm_exec_describe_first_result_set(:statement, NULL, 0)"
    " WHERE is_hidden = 0 ORDER BY column_ordinal"
)


def _engine(url: URL, _directory: Path, timeout: timedelta) -> Engine:
    seconds = max(1, int(timeout.total_seconds()))
    arguments: dict[str, Any] = {}
    if url.get_driver_name() == "pymssql":
        waits = {"login_timeout": CONNECT_SECONDS, "timeout": seconds + GRACE_SECONDS}
        arguments = {**waits, "appname": "leadrelay"}
    engine = pooled(url, arguments)
    said_once(engine, f"SET LOCK_TIMEOUT {seconds * 1000}")
    return engine


def _types(connection: Connection, statement: Select[Any]) -> Sequence[Any]:
    """Ask the server: the driver calls all kinds of times the same."""
    words = statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    return connection.execute(_DESCRIBED, {"statement": str(words)}).scalars().all()


def _base(declared: Any) -> str:
    return str(declared or "").partition(" COLLATE ")[0].partition("(")[0].lower()


def _iso(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.convert(literal_column("VARCHAR(33)"), column, literal_column("126"))


def _iso_in_utc(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.convert(literal_column("VARCHAR(33)"), column, literal_column("127"))


_CURSORS = {
    "datetime2": Written(WrittenForm(_iso)),
    "datetime": Written(WrittenForm(_iso, digits=3, step=timedelta(milliseconds=10))),
    "smalldatetime": Written(WrittenForm(_iso, digits=0, step=timedelta(minutes=1))),
    "datetimeoffset": Written(WrittenForm(_iso_in_utc, zoned=True)),
}


class Varchar(TypeDecorator[str]):
    """The type of a column that is compared with VARCHAR.

    Args:
        collation: the column's own, which tells its code page.

    """

    impl = String
    cache_ok = True

    def __init__(self, collation: str) -> None:
        super().__init__()
        self.collation = collation

    def bind_expression(self, bindvalue: Any) -> ColumnElement[Any]:
        """Return what a text is compared as."""
        return cast(collate(bindvalue, self.collation), VARCHAR(8000))


def _field_type(declared: Any) -> TypeEngine[Any] | None:
    collation = str(declared or "").partition(" COLLATE ")[2]
    return Varchar(collation) if collation and _base(declared) in ("varchar", "char") else None


def _refused(error: Any) -> Refusal | None:
    code, said = _parts(error)
    if code in _DENIED:
        return Refusal(Why.DENIED, said, code)
    if code in _NO_DATABASE:
        return Refusal(Why.NO_DATABASE, "", code)
    if code in _STATEMENT | _DATA:
        return Refusal(Why.STATEMENT, said if code in _STATEMENT else "", code)
    if code in _TOO_LONG | _TOO_MUCH:
        return Refusal(Why.TOO_LONG if code in _TOO_LONG else Why.TOO_MUCH, "", code)
    return Refusal(Why.GONE, said if code is not None and code >= _DRIVERS_OWN else "", code)


def _parts(error: Any) -> tuple[int | None, str]:
    """Return number and message; pymssql wraps them once more where it could not connect."""
    arguments: tuple[Any, ...] = getattr(error, "args", ())
    if len(arguments) == 1 and isinstance(arguments[0], tuple):
        arguments = arguments[0]
    code = arguments[0] if arguments and isinstance(arguments[0], int) else None
    words = arguments[-1] if arguments else ""
    said = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    head, _, tail = said.partition(_MESSAGE_ENDS)
    return code, head.strip() or tail.partition("\n")[2].strip()


MSSQL = DatabaseKind(
    engine=_engine,
    clock="SELECT SYSUTCDATETIME()",
    holds=lambda declared: _HOLDS.get(_base(declared), "other"),
    cursor_type=lambda declared: _CURSORS.get(_base(declared)) or _field_type(declared),
    field_type=_field_type,
    refused=_refused,
    types=_types,
)
