"""Whether an endpoint is there, from its answer to a request that brings no lead.

Such a request is made with a method that the endpoint has no use for, so most refusals are about the
method and say nothing about leads: routers answer 405, others 404, some with a page. What is told is
only what is the same for every method.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.endpoints._retry_after import retry_after
from sync.endpoints._wording import told
from sync.endpoints.base import Outcome, Receipt

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sync.endpoints._exchange import Answer, Target

_KEY = frozenset({401, 403})
#: Gateways (AWS's, for one) answer 403 to a method that was not declared, and OPTIONS seldom is.
_SAYS_NOTHING = {("OPTIONS", 403)}
#: The proxy's word, and redirects that hold for every method. Others may be for browsers, to log in.
_ELSEWHERE = frozenset({301, 307, 308, 407})
#: 5xx that say "this method, never".
_NOT_THIS_METHOD = frozenset({501, 505})
_AWAY = frozenset({408, 425, 429})


class Probing:
    """Sorts the answers to requests without a lead.

    Args:
        target: what was asked.
        now: the time of day, for a Retry-After that is a date.

    """

    def __init__(self, target: Target, now: Callable[[], datetime]) -> None:
        self._target = target
        self._now = now

    def receipt(self, answer: Answer) -> Receipt:
        """Return ACCEPTED for "it answers", HALT or LATER."""
        outcome = self._outcome(answer.status)
        if outcome is Outcome.ACCEPTED:
            return Receipt(outcome, "", answer.status, None, answer.seconds)
        hint = self._target.key_hint if answer.status in _KEY else ""
        return Receipt(
            outcome,
            told(answer, self._target, b"", hint=hint),
            answer.status,
            retry_after(answer.headers, self._now),
            answer.seconds,
        )

    def _outcome(self, status: int) -> Outcome:
        if status in _AWAY or (status >= 500 and status not in _NOT_THIS_METHOD):  # noqa: PLR2004 - 5xx
            return Outcome.LATER
        if (self._target.probe_method, status) in _SAYS_NOTHING:
            return Outcome.ACCEPTED
        return Outcome.HALT if status in _KEY or status in _ELSEWHERE else Outcome.ACCEPTED
