"""The table that sorts an answer. It is here, once, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.endpoints._error_text import is_page
from sync.endpoints._json import has_errors
from sync.endpoints._retry_after import retry_after
from sync.endpoints._statuses import matcher
from sync.endpoints._wording import told
from sync.endpoints.base import Outcome, Receipt

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sync.endpoints._exchange import Answer, Target

#: "Not now": certainly not taken (RFC 6585 section 4, RFC 9110 section 15.6.4, RFC 8470 section 5.2).
_LATER = frozenset({425, 429, 503})
_KEY = frozenset({401, 403})
#: It is about the address, so every lead would fare the same (P7). A wrong base_url is answered 405 as
#: often as 404: that is what web servers say when a page is posted to.
_PLACE = frozenset({404, 405, 410, 421})
#: It is about the account, the proxy on the way, or what is the same on every request.
_EVERY_LEAD = frozenset({402, 407, 426, 431})
#: A server or a proxy gave up on a request that it may have passed on.
_GAVE_UP = 408

_BROKE_OFF = "the answer broke off before its end, or was too long to read"
_A_PAGE = "a web page came back, which this endpoint never sends: is base_url right?"
_NOT_LISTED = "is not among the statuses that success lists"


class Sorting:
    """Sorts the answers of one target.

    Args:
        target: what was sent to.
        now: the time of day, for a Retry-After that is a date.

    """

    def __init__(self, target: Target, now: Callable[[], datetime]) -> None:
        self._target = target
        self._now = now
        self._success = matcher(target.success)

    def receipt(self, answer: Answer, body: bytes) -> Receipt:
        """Return the receipt for an answer to this body."""
        status = answer.status
        if self._success(status):
            outcome, remark = self._when_successful(answer)
            if outcome is Outcome.ACCEPTED:
                return Receipt(outcome, "", status, None, answer.seconds)
        else:
            outcome, remark = _when_not(status)
        return Receipt(
            outcome,
            told(answer, self._target, body, remark=remark, hint=self._hint(status)),
            status,
            retry_after(answer.headers, self._now) if status >= 400 else None,  # noqa: PLR2004 - 4xx, 5xx
            answer.seconds,
        )

    def _when_successful(self, answer: Answer) -> tuple[Outcome, str]:
        if not answer.whole:
            return Outcome.UNKNOWN, _BROKE_OFF
        if answer.status < 300 and has_errors(answer.body):  # noqa: PLR2004 - the class 2xx
            return Outcome.REJECTED, ""
        if not self._target.answers_pages and is_page(answer.body):
            return Outcome.UNKNOWN, _A_PAGE
        return Outcome.ACCEPTED, ""

    def _hint(self, status: int) -> str:
        if status in _KEY:
            return self._target.key_hint
        return self._target.place_hint if status in _PLACE else ""


def _when_not(status: int) -> tuple[Outcome, str]:
    if status in _LATER:
        return Outcome.LATER, ""
    if status in _KEY | _PLACE | _EVERY_LEAD or 300 <= status < 400:  # noqa: PLR2004 - the class 3xx
        return Outcome.HALT, ""
    if 200 <= status < 300:  # noqa: PLR2004 - a 2xx that the settings do not list
        return Outcome.REJECTED, _NOT_LISTED
    if 400 <= status < 500 and status != _GAVE_UP:  # noqa: PLR2004 - the class 4xx
        return Outcome.REJECTED, ""
    return Outcome.UNKNOWN, ""
