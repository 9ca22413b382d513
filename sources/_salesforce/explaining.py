"""What Salesforce means by its errors: a list of objects, each with an `errorCode` and a `message`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sources._crm.saying import denied, limited, said
from sources._http.pacing import Transient
from sources.errors import BadConfig, SourceError, Unavailable

if TYPE_CHECKING:
    from sources.http import Answer

#: Asked again after this long, in seconds, when the calls of 24 hours are used up: they come back one by one.
_ALLOWANCE_WAIT: Final = 900.0
_TOO_LONG = frozenset({414, 431})
_NOT_ACCEPTABLE = 406
_PASSING = frozenset({"SERVER_UNAVAILABLE", "UNKNOWN_EXCEPTION", "UNABLE_TO_LOCK_ROW"})
_OF_THE_QUERY = frozenset(
    {"MALFORMED_QUERY", "INVALID_FIELD", "INVALID_QUERY_FILTER_OPERATOR", "INVALID_TYPE"}
)
_DENIED = {
    "INVALID_SESSION_ID": "it refuses a token that it gave a moment ago; the user needs the permission "
    "API Enabled, and may be bound to IP ranges",
    "API_DISABLED_FOR_ORG": "the API is not part of this organisation's edition",
    "API_CURRENTLY_DISABLED": "the API is switched off for this user: the permission is API Enabled",
    "INSUFFICIENT_ACCESS": "the user may not read this",
}
_OLD_VERSION = frozenset({"UNSUPPORTED_API_VERSION", "API_VERSION_NOT_SUPPORTED"})


class TooSlow(Unavailable):
    """Salesforce gave a query up after two minutes; a smaller span may do."""


class Expired(Unavailable):
    """The cursor behind a `nextRecordsUrl` is gone."""


class QueryRefused(BadConfig):
    """Salesforce does not understand a query.

    Args:
        message: for people.
        code: its `errorCode`.
        told: its whole message. It repeats the query; nothing of a record is in it.

    """

    def __init__(self, message: str, code: str, told: str) -> None:
        super().__init__(message)
        self.code = code
        self.told = told


def explain(answer: Answer, failure: SourceError) -> SourceError:
    """Return the error that Salesforce means by a failed answer."""
    code, told = first_error(answer.data)
    if code == "REQUEST_LIMIT_EXCEEDED":
        return _limit(answer, told)
    if code in _PASSING or (answer.status == _NOT_ACCEPTABLE and answer.data is None):
        return Transient(f"{said(answer)}: it has a problem of its own")
    if code in _DENIED:
        return denied(answer, _DENIED[code])
    return _of_a_query(answer, code, told) or failure


def first_error(data: Any) -> tuple[str, str]:
    """Return the code and the message of an error; empty texts where there is none."""
    item = data[0] if isinstance(data, list) and data else data
    if not isinstance(item, dict):
        return "", ""
    return str(item.get("errorCode") or ""), str(item.get("message") or "")


def _limit(answer: Answer, told: str) -> SourceError:
    if "concurrent" in told.lower():
        return limited(answer, "too many long requests run at the same time", None)
    return limited(answer, "the organisation's API calls of 24 hours are used up", _ALLOWANCE_WAIT)


def _of_a_query(answer: Answer, code: str, told: str) -> SourceError | None:
    if code == "QUERY_TIMEOUT":
        return TooSlow(f"{said(answer)}: the query takes longer than two minutes")
    if code == "INVALID_QUERY_LOCATOR":
        return Expired(f"{said(answer)}: its cursor is gone")
    if code in _OF_THE_QUERY:
        return QueryRefused(f"{said(answer)}: it does not understand the query", code, told)
    if code in _OLD_VERSION:
        return BadConfig(f"{said(answer)}: it has no such version of the API", "api_version")
    if answer.status in _TOO_LONG:
        return Unavailable(f"{said(answer)}: the request is too long for it")
    return None
