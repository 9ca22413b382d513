"""How Google says "slow down" and "denied"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from sources._crm.saying import denied, limited, said
from sources._google_sheets.account import SCOPES
from sources.errors import BadConfig, Denied, RateLimited, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sources.http import Answer

_NOT_FOUND: Final = 404
_UNAUTHORIZED: Final = 401
_LIMIT: Final = re.compile(r"limit '([A-Za-z ]+)'")
_INSUFFICIENT: Final = frozenset({"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"})
_OFF: Final = frozenset({"SERVICE_DISABLED", "accessNotConfigured"})


def explaining(email: Callable[[], str]) -> Callable[[Answer, SourceError], SourceError]:
    """Return what turns a failed answer into what Google means by it.

    Args:
        email: returns whom to share a sheet with; empty when that is the person who authorised us.

    """

    def explain(answer: Answer, failure: SourceError) -> SourceError:
        if isinstance(failure, RateLimited):
            # Google says for no limit how long it lasts. Those of a minute pass with patience.
            return limited(answer, _which(answer), failure.retry_after)
        if isinstance(failure, Denied):
            return _denial(answer, email())
        if answer.status == _NOT_FOUND:
            return BadConfig(f"{said(answer)}: there is no such spreadsheet", "spreadsheet")
        if isinstance(failure, BadConfig) and "not supported for this document" in _message(answer):
            text = "it is no Google sheet but a file such as .xlsx; in Google Sheets, save it as one"
            return BadConfig(f"{said(answer)}: {text}", "spreadsheet")
        return failure

    return explain


def _denial(answer: Answer, email: str) -> Denied:
    reasons = set(_reasons(answer.data))
    if reasons & _INSUFFICIENT:
        return denied(answer, "the authorisation was given for too little", SCOPES)
    if reasons & _OFF:
        return denied(answer, "the API is not enabled in the Google Cloud project; enable it there")
    if answer.status == _UNAUTHORIZED:
        return denied(answer, "the access token is not taken; was the authorisation revoked?")
    whom = email or "the person who authorised us"
    return denied(answer, f"the sheet is not shared with {whom}; share it, to read is enough")


def _which(answer: Answer) -> str:
    found = _LIMIT.search(_message(answer))
    return f"the limit of Google called {found[1]} is reached" if found else "a limit of Google is reached"


def _message(answer: Answer) -> str:
    error = answer.data.get("error") if isinstance(answer.data, dict) else None
    return str(error.get("message") or "") if isinstance(error, dict) else ""


def _reasons(data: Any) -> Iterator[str]:
    """Yield the reasons: under `details` as the Sheets API has them, under `errors` as Drive has them."""
    error = data.get("error") if isinstance(data, dict) else None
    if isinstance(error, dict):
        for each in [*(error.get("details") or []), *(error.get("errors") or [])]:
            if isinstance(each, dict) and isinstance(each.get("reason"), str):
                yield each["reason"]
