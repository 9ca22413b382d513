"""How Close says "slow down" and "denied"."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

from sources._crm.saying import denied, limited
from sources.errors import BadConfig, Denied, RateLimited, SourceError

if TYPE_CHECKING:
    from sources.http import Answer

#: Seconds until it helps to ask again, where nothing says so.
_UNTOLD: Final = 2.0
#: As in ``limit=100, remaining=0, reset=3``, or ``"lead";r=0;t=3`` of later drafts of the header.
_RESET: Final = re.compile(r"\b(?:reset|t)=(\d+(?:\.\d+)?)")
_UNAUTHORIZED: Final = 401
_REFUSED: Final = "the key or token is not taken; was it deleted? Close shows those there are in its settings"
_MAY_NOT: Final = "the user or the app may not read leads"


def explain(answer: Answer, failure: SourceError) -> SourceError:
    """Return what Close means by a failed answer."""
    if isinstance(failure, RateLimited):
        wait = failure.retry_after if failure.retry_after is not None else _reset(answer)
        return limited(answer, "the limit for this group of requests is reached", wait)
    if isinstance(failure, Denied):
        return denied(answer, _REFUSED if answer.status == _UNAUTHORIZED else _MAY_NOT)
    if isinstance(failure, BadConfig) and failure.setting == "url":
        return BadConfig(str(failure), "base_url")
    return failure


def _reset(answer: Answer) -> float:
    """Return the seconds to wait: from the header, or from the body that was there before it."""
    header = _RESET.search(answer.headers.get("ratelimit", ""))
    error = answer.data.get("error") if isinstance(answer.data, dict) else None
    told = header[1] if header else error.get("rate_reset") if isinstance(error, dict) else None
    return _seconds(told)


def _seconds(told: Any) -> float:
    try:
        seconds = float(told)
    except (TypeError, ValueError):
        return _UNTOLD
    return seconds if math.isfinite(seconds) and seconds >= 0 else _UNTOLD
