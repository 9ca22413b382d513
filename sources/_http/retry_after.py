"""How long a server asks us to wait."""

from __future__ import annotations

import math
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def parse_retry_after(header: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for; None when it asks for nothing sensible.

    Args:
        header: seconds (also with decimals) or an HTTP date (RFC 9110 section 10.2.3).
        now: aware; best the server's own Date, so that a wrong clock on either side does no harm.

    """
    text = (header or "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        return _until(text, now)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _until(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=now.tzinfo)
    return max(0.0, (moment - now).total_seconds())
