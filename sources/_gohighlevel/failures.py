"""How GoHighLevel says "slow down" and "denied"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sources._crm.saying import denied, limited
from sources.errors import BadConfig, Denied, RateLimited, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sources.http import Answer

#: What reading contacts takes.
SCOPE: Final = "contacts.readonly"
_UNAUTHORIZED: Final = 401
_DAY: Final = 86_400.0
#: Seconds until the limit of ten seconds has passed, where no header says how long it is.
_BURST: Final = 10.0
#: Seconds until it is worth looking again whether a day is over, where no header says when it is.
_LOOK_AGAIN: Final = 3_600.0


def explain(answer: Answer, failure: SourceError) -> SourceError:
    """Return what GoHighLevel means by a failed answer."""
    if isinstance(failure, RateLimited):
        return _limit(answer, failure)
    said = _message(answer)
    if isinstance(failure, Denied):
        return _denied(answer, said)
    if isinstance(failure, BadConfig) and "location" in said:
        return BadConfig(str(failure), "location_id")
    return failure


def left_today(headers: Mapping[str, str]) -> tuple[int, int] | None:
    """Return how many requests of the day are left, and of how many; None when no header says so."""
    left, most = headers.get("x-ratelimit-daily-remaining", ""), headers.get("x-ratelimit-limit-daily", "")
    return (int(left), int(most)) if left.isdecimal() and most.isdecimal() else None


def _limit(answer: Answer, failure: RateLimited) -> RateLimited:
    headers = answer.headers
    if headers.get("x-ratelimit-daily-remaining") == "0":
        wait = _until_reset(headers.get("x-ratelimit-daily-reset", ""), answer.server_time)
        return limited(answer, "the limit for a day is reached", wait)
    told = headers.get("x-ratelimit-interval-milliseconds", "")
    wait = int(told) / 1000 if told.isdecimal() else _BURST
    if failure.retry_after is not None:
        wait = failure.retry_after
    return limited(answer, "the limit for ten seconds is reached", wait)


def _until_reset(text: str, now: datetime | None) -> float:
    """Return the seconds that a header in milliseconds means: as a rule from now on, else since 1970."""
    seconds = int(text) / 1000 if text.isdecimal() else _LOOK_AGAIN
    if seconds > 2 * _DAY:
        seconds = seconds - now.timestamp() if now is not None else _LOOK_AGAIN
    return min(max(seconds, 1.0), _DAY)


def _denied(answer: Answer, said: str) -> Denied:
    if "scope" in said:
        return denied(answer, "the token may not read contacts", [SCOPE])
    if "location" in said or answer.status != _UNAUTHORIZED:
        return denied(answer, "the token is not one for the location that `location_id` names")
    return denied(
        answer,
        "the token is not taken; was it rotated or deleted? Private Integrations shows those there are",
    )


def _message(answer: Answer) -> str:
    """Return what an answer says, in lower case; a 422 says several things."""
    data = answer.data if isinstance(answer.data, dict) else {}
    told = data.get("message", "")
    return " ".join(map(str, told) if isinstance(told, list) else [str(told)]).lower()
