"""Oracle, by python-oracledb in its thin mode, which needs no client of Oracle's.

A transaction that only reads sees one state. The session is in UTC, and sorts text as it compares it.

The driver gives the wall clock of a TIMESTAMP WITH TIME ZONE and leaves its zone out, so it is selected in
UTC. DATE has a time of day, in whole seconds. As a cursor all of them travel as text: a `datetime` that is
bound has a precision of its own, and a DATE that is compared with a TIMESTAMP does not use its index.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, literal_column

from sources._sql.databases.kind import DatabaseKind
from sources._sql.padded import Padded
from sources._sql.pooled import CONNECT_SECONDS, each_connection, pooled, said_once
from sources._sql.refusal import Refusal, Why
from sources._sql.written import InUtc, Written, WrittenForm

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import URL, Engine
    from sqlalchemy.types import TypeEngine

_HOLDS = {
    "DB_TYPE_DATE": "local",
    "DB_TYPE_TIMESTAMP": "local",
    **dict.fromkeys(("DB_TYPE_TIMESTAMP_TZ", "DB_TYPE_TIMESTAMP_LTZ"), "utc"),
    **dict.fromkeys(("DB_TYPE_NUMBER", "DB_TYPE_BINARY_INTEGER"), "number"),
    **dict.fromkeys(("DB_TYPE_VARCHAR", "DB_TYPE_NVARCHAR", "DB_TYPE_CHAR", "DB_TYPE_NCHAR"), "text"),
}
_DENIED = {
    *("ORA-01005", "ORA-01017", "ORA-01031", "ORA-01045"),
    *("ORA-28000", "ORA-28001", "ORA-28009", "ORA-41900"),
}
_NO_DATABASE = {"ORA-12154", "ORA-12505", "ORA-12514", "DPY-4000", "DPY-6001", "DPY-6003"}
#: A service that the listener does not know by this name may be known by the other kind of name.
_SID = {"ORA-12505", "DPY-6003"}
_STATEMENT = {"ORA-01456", "ORA-04044", "ORA-04063", "ORA-00942"}
_WORDS = range(900, 1000)
#: The statement meets data that it can't convert.
_DATA = {
    *("ORA-01722", "ORA-01830", "ORA-01840", "ORA-01841"),
    *("ORA-01843", "ORA-01847", "ORA-01858", "ORA-01861"),
}
_TOO_LONG = {"DPY-4024", "ORA-01013"}
_TOO_OLD = "ORA-01555"
#: NLS_SORT is of ORDER BY alone and NLS_COMP of comparisons (Oracle's Globalization Support Guide,
#: "Linguistic Sorting and Matching"): where an installation sets one of them, pages would pass rows over, and
#: no index on text serves.
_SORTED_AS_COMPARED = ("ALTER SESSION SET NLS_SORT = BINARY", "ALTER SESSION SET NLS_COMP = BINARY")
_DAY = 'YYYY-MM-DD"T"HH24:MI:SS'
_MOMENT = f"{_DAY}.FF9"


def _engine(url: URL, _directory: Path, timeout: timedelta) -> Engine:
    oracledb = url.get_driver_name() == "oracledb"
    engine = pooled(url, {"tcp_connect_timeout": CONNECT_SECONDS} if oracledb else {})
    milliseconds = int(timeout.total_seconds() * 1000)

    def limit(connection: Any) -> None:
        connection.call_timeout = milliseconds

    each_connection(engine, limit)
    said_once(engine, "ALTER SESSION SET TIME_ZONE = '+00:00'", *_SORTED_AS_COMPARED)
    return engine


def _literal(words: str) -> ColumnElement[Any]:
    return literal_column(f"'{words}'")


def _write_day(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.to_char(column, _literal(_DAY))


def _read_day(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.to_date(value, _literal(_DAY))


def _write_local(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.to_char(column, _literal(_MOMENT))


def _read_local(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.to_timestamp(value, _literal(_MOMENT))


def _in_utc(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.sys_extract_utc(column)


def _write_zoned(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.to_char(_in_utc(column), _literal(f'{_MOMENT}"+00:00"'))


def _read_zoned(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.to_timestamp_tz(value, _literal(f"{_MOMENT}TZH:TZM"))


_ZONED = Written(WrittenForm(_write_zoned, _read_zoned, zoned=True))
_CURSORS = {
    "DB_TYPE_DATE": Written(WrittenForm(_write_day, _read_day, digits=0, step=timedelta(seconds=1))),
    "DB_TYPE_TIMESTAMP": Written(WrittenForm(_write_local, _read_local)),
    "DB_TYPE_TIMESTAMP_TZ": _ZONED,
    "DB_TYPE_TIMESTAMP_LTZ": _ZONED,
}
#: A VARCHAR2, as which text is bound, differs from a CHAR by its blanks; two CHARs don't (Oracle's SQL
#: Language Reference, "Blank-Padded and Nonpadded Comparison Semantics").
_FIELDS: dict[str, TypeEngine[Any]] = {
    "DB_TYPE_TIMESTAMP_TZ": InUtc(_in_utc),
    "DB_TYPE_CHAR": Padded("CHAR(2000 BYTE)"),
    "DB_TYPE_NCHAR": Padded("NCHAR(1000)"),
}


def _refused(error: Any) -> Refusal | None:
    first = error.args[0] if getattr(error, "args", ()) else None
    number = getattr(first, "code", 0) or 0
    names = {f"ORA-{number:05}"} | {str(getattr(first, "full_code", ""))}
    code = next((name for name in sorted(names) if name not in ("ORA-00000", "")), None)
    said = str(getattr(first, "message", "")).partition("\n")[0]
    if names & _DENIED:
        return Refusal(Why.DENIED, said, code)
    if names & _NO_DATABASE:
        hint = "; a service is named by ?service_name=NAME, a SID by /NAME" if names & _SID else ""
        return Refusal(Why.NO_DATABASE, said + hint, code)
    if names & (_STATEMENT | _DATA) or number in _WORDS:
        return Refusal(Why.STATEMENT, "" if names & _DATA else said, code)
    if names & _TOO_LONG:
        return Refusal(Why.TOO_LONG, "", code)
    about_connection = any(name.startswith("DPY-") for name in names) or _TOO_OLD in names
    return Refusal(Why.GONE, said if about_connection else "", code)


ORACLE = DatabaseKind(
    engine=_engine,
    clock="SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual",
    holds=lambda native: _HOLDS.get(getattr(native, "name", ""), "other"),
    cursor_type=lambda native: _CURSORS.get(getattr(native, "name", "")),
    field_type=lambda native: _FIELDS.get(getattr(native, "name", "")),
    refused=_refused,
    begin="SET TRANSACTION READ ONLY",
    exact=False,
)
