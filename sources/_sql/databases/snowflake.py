"""Snowflake, by its connector. The session is in UTC, and ends what takes too long itself.

Timestamps have nine digits, and as a cursor travel as text. VARIANT, OBJECT and ARRAY come as JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, literal_column

from sources._sql.databases.kind import DatabaseKind
from sources._sql.pooled import CONNECT_SECONDS, GRACE_SECONDS, pooled
from sources._sql.refusal import Refusal, Why
from sources._sql.written import Written, WrittenForm

if TYPE_CHECKING:
    from datetime import timedelta
    from pathlib import Path

    from sqlalchemy.engine import URL, Engine

#: Types as the connector numbers them.
_FIXED, _TEXT, _DATE = 0, 2, 3
_LTZ, _TZ, _NTZ = 6, 7, 8
_HOLDS = {
    _FIXED: "number",
    _TEXT: "text",
    _DATE: "date",
    _LTZ: "zoned",
    _TZ: "zoned",
    _NTZ: "local",
    **dict.fromkeys((5, 9, 10), "json"),
}
#: Of the connector: no user, no password; of the server: not privileged.
_DENIED = {251005, 251006, 251007, 3001, 390100, 390101, 390144, 390189}
#: A login is refused with one number, whatever the reason.
_LOGIN = 250001
_DENIED_WORDS = (
    *("ncorrect username", "JWT token", "MFA", "locked"),
    *("not allowed to access", "Role ", "expired", "token"),
)
_TO_BE_SET = {
    290404: "no account of this name answers",
    250003: "no account of this name answers",
    606: "no warehouse is running for it: add ?warehouse=NAME",
}
_TOO_LONG = {604, 630}
_MOMENT = 'YYYY-MM-DD"T"HH24:MI:SS.FF9'


def _engine(url: URL, _directory: Path, timeout: timedelta) -> Engine:
    seconds = max(1, int(timeout.total_seconds()))
    session = {
        "TIMEZONE": "UTC",
        "TIMESTAMP_INPUT_FORMAT": "AUTO",  # an account may have one of its own, and ours is ISO 8601
        "STATEMENT_TIMEOUT_IN_SECONDS": seconds,
        "QUERY_TAG": "leadrelay",
    }
    arguments = {
        "login_timeout": CONNECT_SECONDS,
        "network_timeout": seconds + GRACE_SECONDS,
        "session_parameters": session,
    }
    return pooled(url, arguments)


def _write_local(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.to_varchar(column, literal_column(f"'{_MOMENT}'"))


def _write_zoned(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.to_varchar(column, literal_column(f"'{_MOMENT}TZH:TZM'"))


def _read_local(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.to_timestamp_ntz(value)


def _read_zoned(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.to_timestamp_tz(value)


_ZONED = Written(WrittenForm(_write_zoned, _read_zoned, zoned=True))
_CURSORS = {_NTZ: Written(WrittenForm(_write_local, _read_local)), _TZ: _ZONED, _LTZ: _ZONED}


def _refused(error: Any) -> Refusal | None:
    code, state = getattr(error, "errno", None), str(getattr(error, "sqlstate", None) or "")
    said = " ".join(str(getattr(error, "raw_msg", None) or getattr(error, "msg", "")).split())
    if code in _DENIED or (code == _LOGIN and any(words in said for words in _DENIED_WORDS)):
        return Refusal(Why.DENIED, said, code)
    if code in _TO_BE_SET:
        return Refusal(Why.NO_DATABASE, _TO_BE_SET[code], code)
    if code in _TOO_LONG:
        return Refusal(Why.TOO_LONG, "", code)
    if state.startswith(("42", "02", "22")):
        return Refusal(Why.STATEMENT, "" if state.startswith("22") else said, code)
    return Refusal(Why.GONE, said if state.startswith("08") or code == _LOGIN else "", code)


SNOWFLAKE = DatabaseKind(
    engine=_engine,
    clock="SELECT SYSDATE()",
    holds=lambda native: _HOLDS.get(native, "other"),
    cursor_type=_CURSORS.get,
    refused=_refused,
    exact=False,
    indexed=False,
)
