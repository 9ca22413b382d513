"""One call of a webhook, as far as its signature needs it, and what signatures are compared by."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: An older call, or one from the future, is none: somebody may have recorded it. In seconds.
WINDOW_SECONDS = 300.0
_MOST_DIGITS = 16
#: Seconds since 1970 have ten digits until the year 2286; a longer number is of milliseconds.
_SECONDS_BELOW = 100_000_000_000


@dataclass(frozen=True, slots=True)
class Call:
    """A call, before anybody knows whether it is genuine."""

    method: str
    #: The address as the sender wrote it; empty when nobody has said what that is.
    url: str
    #: By their names in lower case.
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def header(self, name: str) -> str:
        """Return what a header says; empty when it is not there."""
        return self.headers.get(name.lower(), "").strip()


def same(found: str, expected: str) -> bool:
    """Tell whether two texts are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(found.encode(errors="replace"), expected.encode(errors="replace"))


def is_fresh(stamp: str, now: float) -> bool:
    """Tell whether a time, in seconds or milliseconds since 1970, lies within the window."""
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > _MOST_DIGITS:
        return False
    moment = int(stamp)
    return abs(now - (moment if moment < _SECONDS_BELOW else moment / 1000)) <= WINDOW_SECONDS
