"""What Dataverse means by its errors: an object with a `code` like 0x80040220 and a `message`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from sources.errors import BadConfig, Denied, RateLimited, SourceError

if TYPE_CHECKING:
    from sources.http import Answer

#: The service protection limits, each counted for one user at one web server.
_LIMITS: Final = {
    "0x80072322": "more than 6,000 requests of this user in five minutes",
    "0x80072321": "the requests of this user took more than 20 minutes of computing in five minutes",
    "0x80072326": "more than 52 requests of this user at the same time",
}
_DENIED: Final = {
    "0x80072560": "the app is no user of this environment: add it as an application user in the Power "
    "Platform admin center, with a security role that may read the table",
    "0x80040225": "the user is disabled in this environment",
    "0x80048306": "the user may not read this",
}
_PRIVILEGE: Final = re.compile(r"missing (prv\w+) privilege", re.IGNORECASE)
_TABLE: Final = re.compile(r"for entity '(\w+)'")
_NO_COLUMN: Final = re.compile(r"Could not find a property named '([^']*)'")
_NO_TABLE: Final = "Resource not found for the segment"
_BAD_REQUEST, _UNAUTHORIZED, _NOT_FOUND, _TOO_LONG = 400, 401, 404, 414


class UnknownTable(BadConfig):
    """There is no entity set of this name."""


class Refused(BadConfig):
    """Dataverse does not take a query.

    Args:
        message: for people.
        column: the column that it does not know, if that is why.

    """

    def __init__(self, message: str, column: str | None = None) -> None:
        super().__init__(message)
        self.column = column


def explain(answer: Answer, failure: SourceError) -> SourceError:
    """Return the error that Dataverse means by a failed answer."""
    code, told = first_error(answer.data)
    where = f"{answer.where} answered {answer.status}" + (f" ({code})" if code else "")
    if code in _LIMITS:
        return RateLimited(f"{where}: {_LIMITS[code]}", getattr(failure, "retry_after", None))
    if found := _PRIVILEGE.search(told):
        return Denied(f"{where}: {_missing(found[1], told)}")
    if code in _DENIED:
        return Denied(f"{where}: {_DENIED[code]}")
    return _by_status(answer.status, where, told) or failure


def first_error(data: Any) -> tuple[str, str]:
    """Return the code and the message of an error; empty texts where there is none."""
    error = data.get("error") if isinstance(data, dict) else None
    if not isinstance(error, dict):
        return "", ""
    code = str(error.get("code") or "").lower()
    return code if re.fullmatch(r"0x[0-9a-f]{1,8}", code) else "", str(error.get("message") or "")


def _missing(privilege: str, told: str) -> str:
    table = _TABLE.search(told)
    of = f" of the table {table[1]}" if table else ""
    return f"the user lacks the privilege {privilege}{of}: give it to one of the user's security roles"


def _by_status(status: int, where: str, told: str) -> SourceError | None:
    if status == _UNAUTHORIZED:
        return Denied(f"{where}: it takes no token of this tenant; do `url` and `tenant` belong together?")
    if status == _NOT_FOUND and _NO_TABLE in told:
        return UnknownTable(f"{where}: there is no such table", "table")
    if status == _TOO_LONG:
        return Refused(f"{where}: the query is too long for it")
    if status == _BAD_REQUEST:
        column = _NO_COLUMN.search(told)
        return Refused(f"{where}: it does not take the query", column[1] if column else None)
    return None
