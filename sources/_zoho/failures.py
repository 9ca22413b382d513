"""How Zoho says "slow down" and "denied"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sources._crm.saying import denied, limited
from sources.errors import BadConfig, Denied, RateLimited, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sources.http import Answer

#: What reading takes.
SCOPES: Final = ("ZohoCRM.modules.READ", "ZohoCRM.settings.fields.READ")
_CREDITS: Final = "x-api-credits-remaining"
#: Seconds until some of the requests in the air are over.
_BUSY: Final = 10.0
#: Seconds until some of the credits of 24 hours, which come back one by one, are there again.
_SPENT: Final = 3_600.0


def explain(answer: Answer, failure: SourceError) -> SourceError:
    """Return what Zoho means by a failed answer."""
    code = code_of(answer)
    if isinstance(failure, RateLimited):
        return _limit(answer, failure)
    if code == "OAUTH_SCOPE_MISMATCH":
        return denied(answer, "the refresh token was given for too little", SCOPES)
    if code == "NO_PERMISSION":
        return denied(answer, "the user who authorised us may not read this module")
    if isinstance(failure, Denied):
        return denied(answer, "the access token is not taken; was the authorisation revoked?")
    if code in ("INVALID_MODULE", "INVALID_URL_PATTERN"):
        return BadConfig(str(failure), "module")
    return failure


def code_of(answer: Answer) -> str:
    """Return the name that Zoho gives its error; empty when it gives none."""
    return str(answer.data.get("code", "")) if isinstance(answer.data, dict) else ""


def credits_left(headers: Mapping[str, str]) -> int | None:
    """Return how many credits of 24 hours are left; None: not told, as long as half of them are."""
    told = headers.get(_CREDITS, "")
    return int(told) if told.isdecimal() else None


def _limit(answer: Answer, failure: RateLimited) -> RateLimited:
    """Tell the two limits apart: Zoho sends the same code for both, and no Retry-After."""
    if credits_left(answer.headers) == 0:
        return limited(answer, "the API credits of 24 hours are used up", failure.retry_after or _SPENT)
    return limited(answer, "too many requests are in the air at once", failure.retry_after or _BUSY)
