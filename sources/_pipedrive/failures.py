"""How Pipedrive says "slow down" and "denied", and how much of the day's budget is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sources._crm.saying import denied, limited
from sources.errors import BadConfig, Denied, RateLimited, SourceError

if TYPE_CHECKING:
    from sources.http import Answer

#: Seconds until the window of the burst limit is over, where no header says so.
_WINDOW: Final = 2.0
#: The day ends at midnight where Pipedrive's servers are, which we don't know: an hour is soon enough.
_DAY_WAIT: Final = 3600.0
#: Cloudflare blocks a token that went on after many 429; asking again soon makes it worse.
_BLOCK_WAIT: Final = 300.0
#: The dearest request costs so many tokens: with fewer left, it is the budget that is used up.
_DEAREST: Final = 40
#: With less than this share left, the operator hears of it.
_LITTLE: Final = 0.1
_FORBIDDEN: Final = 403
_ADVICE: Final = {
    401: "the token is not taken; the user's personal preferences in Pipedrive show the present one, unless "
    "their permissions don't include the API",
    402: "the company's account is not active: its trial is over, or a bill is open",
    403: "the token may not read this: the user's permissions, the app's scopes (leads:read, contacts:read) "
    "or the plan don't include it",
}


def explain(answer: Answer, failure: SourceError) -> SourceError:
    """Return what Pipedrive means by a failed answer."""
    if answer.status == _FORBIDDEN and not isinstance(answer.data, dict):
        blocked = "its firewall blocks us, as it does with those who ask too often"
        return limited(answer, blocked, _BLOCK_WAIT)
    if isinstance(failure, RateLimited):
        return _limit(answer, failure)
    if isinstance(failure, Denied):
        return denied(answer, _ADVICE[answer.status])
    if isinstance(failure, BadConfig) and failure.setting == "url":
        return BadConfig(str(failure), "base_url")
    return failure


def told_of(answer: Answer) -> str:
    """Return what to add to a line about an answer, with a comma before it; nothing where it isn't told."""
    budget = _budget(answer)
    return f", {budget[0]:,} of {budget[1]:,} tokens of today left" if budget else ""


def note_of(answer: Answer) -> str | None:
    """Return what the operator should hear while there are tokens left; None as long as there are many."""
    budget = _budget(answer)
    if budget is None or budget[0] > budget[1] * _LITTLE:
        return None
    return (
        f"{budget[0]:,} of the {budget[1]:,} tokens that Pipedrive gives the company for a day are left; "
        "when they are gone, nothing can be read until midnight"
    )


def _limit(answer: Answer, failure: RateLimited) -> RateLimited:
    budget = _budget(answer)
    told = str(answer.data.get("error") or "") if isinstance(answer.data, dict) else ""
    if "daily" in told.lower() or (budget is not None and budget[0] < _DEAREST):
        return limited(
            answer, "the company's tokens of this day are used up", failure.retry_after or _DAY_WAIT
        )
    wait = failure.retry_after if failure.retry_after is not None else _reset(answer)
    return limited(answer, "the limit for two seconds is reached", wait)


def _reset(answer: Answer) -> float:
    """Return how long the window still lasts: seconds from now, and no moment as with other vendors."""
    seconds = _number(answer.headers.get("x-ratelimit-reset"))
    return float(seconds) if seconds is not None else _WINDOW


def _budget(answer: Answer) -> tuple[int, int] | None:
    left = _number(answer.headers.get("x-daily-ratelimit-token-remaining"))
    whole = _number(answer.headers.get("x-daily-ratelimit-token-limit"))
    return (left, whole) if left is not None and whole is not None else None


def _number(text: Any) -> int | None:
    digits = str(text or "").strip()
    return int(digits) if digits.isdecimal() and len(digits) < 13 else None  # noqa: PLR2004 no limit is longer
