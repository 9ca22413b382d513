"""Retry-After: seconds or a date (RFC 9110 section 10.2.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SECONDS = re.compile(r"\d+(\.\d+)?")
#: Some 30 years: "never", and still a number that can be added to a clock.
_LONGEST = 1e9


def retry_after(headers: Mapping[str, str], now: Callable[[], datetime]) -> float | None:
    """Return how many seconds the server asks to be left alone, None when it does not say.

    A date is compared with the server's own clock where it tells its time, so that ours may be wrong.

    Args:
        headers: of the answer, by name in lower case.
        now: our time of day, aware.

    """
    text = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), _LONGEST)
    until = _date(text)
    if until is None:
        return None
    theirs = _date(headers.get("date", "")) or now()
    return min(max((until - theirs).total_seconds(), 0.0), _LONGEST)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
