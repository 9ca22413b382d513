"""The table that sorts an answer. It is here, once, and nowhere else."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

from sync.endpoints._discretion import Discretion
from sync.endpoints._error_text import error_text, is_page
from sync.endpoints._retry_after import retry_after
from sync.endpoints._statuses import matcher
from sync.endpoints._urls import shown
from sync.endpoints.base import Outcome, Receipt

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sync.endpoints._exchange import Answer, Target

#: "Not now": certainly not taken (RFC 6585 section 4, RFC 9110 section 15.6.4, RFC 8470 section 5.2).
_LATER = frozenset({425, 429, 503})
_KEY = frozenset({401, 403})
#: It is about the address, the account or the way there, so every lead would fare the same.
_PLACE = frozenset({402, 404, 405, 407, 410, 421, 426, 431})
#: A server or a proxy gave up on a request that it may have passed on.
_UNKNOWN = frozenset({408})


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
        if self._success(answer.status):
            outcome, remark = self._when_successful(answer)
            if outcome is Outcome.ACCEPTED:
                return Receipt(outcome, "", answer.status, None, answer.seconds)
        else:
            outcome, remark = self._when_not(answer)
        discretion = Discretion(body, self._target.headers.values())
        said = remark or discretion.clean(error_text(answer.body, answer.headers.get("Content-Type", "")))
        return Receipt(
            outcome,
            f"{_head(answer.status, said)}{self._hint(answer.status)}",
            answer.status,
            retry_after(answer.headers, self._now) if answer.status >= HTTPStatus.BAD_REQUEST else None,
            answer.seconds,
        )

    def _when_successful(self, answer: Answer) -> tuple[Outcome, str]:
        if not answer.whole:
            return Outcome.UNKNOWN, "the answer broke off before its end"
        if answer.status < HTTPStatus.MULTIPLE_CHOICES and has_errors(answer.body):
            return Outcome.REJECTED, ""
        if not self._target.answers_pages and is_page(answer.body):
            return Outcome.UNKNOWN, "a web page came back, which this endpoint never sends: is base_url right?"
        return Outcome.ACCEPTED, ""

    def _when_not(self, answer: Answer) -> tuple[Outcome, str]:
        status = answer.status
        if status in _LATER:
            return Outcome.LATER, ""
        if status in _KEY or status in _PLACE:
            return Outcome.HALT, ""
        if 300 <= status < 400:  # noqa: PLR2004 - the class 3xx
            return Outcome.HALT, _redirect(answer)
        if status in _UNKNOWN or not 200 <= status < 500:  # noqa: PLR2004 - neither 2xx nor 4xx
            return Outcome.UNKNOWN, ""
        if status < 300:  # noqa: PLR2004 - a 2xx that the settings do not list
            return Outcome.REJECTED, "is not among the statuses that success lists"
        return Outcome.REJECTED, ""

    def _hint(self, status: int) -> str:
        hint = self._target.key_hint if status in _KEY else self._target.place_hint if status in _PLACE else ""
        return f" ({hint})" if hint else ""


def _head(status: int, said: str) -> str:
    if said:
        return f"{status}: {said}"
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status}"


def _redirect(answer: Answer) -> str:
    place = answer.headers.get("Location", "")
    return f"redirects to {shown(place)[:200]}: is the URL right?" if place else "redirects: is the URL right?"


def has_errors(body: bytes) -> bool:
    """Tell whether an answer is a JSON object with a non-empty ``errors``."""
    text = body.strip(b" \t\r\n\xef\xbb\xbf")
    if not text.startswith(b"{"):
        return False
    found = load(text)
    return isinstance(found, dict) and bool(found.get("errors"))


def load(text: bytes) -> Any:
    """Return what JSON says, None when it is none."""
    try:
        return orjson.loads(text)
    except ValueError:
        try:  # it takes what orjson does not: NaN, half characters
            return json.loads(text)
        except (ValueError, RecursionError):
            return None
