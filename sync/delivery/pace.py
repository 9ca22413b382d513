"""Our own pace: how many requests may go now, and when the next may."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.units import Rate

#: Requests are spaced evenly; only what is due within so many seconds may go together, so that a rate
#: of thousands a second does not need a timer as fine.
_TOGETHER = 0.02
_UNLIMITED = 1_000_000


class Pace:
    """Spaces requests evenly, so that a rate holds in every span of time and not only on average.

    Args:
        rate: at most so many in so long; None: no limit of our own.

    """

    def __init__(self, rate: Rate | None) -> None:
        self._gap = 1 / rate.per_second if rate else 0.0
        self._next = 0.0

    def available(self, now: float) -> int:
        """Return how many may go at this moment."""
        if not self._gap:
            return _UNLIMITED
        self._not_too_far_ahead(now)
        if self._next > now:
            return 0
        return 1 + math.floor((now - max(self._next, now - _TOGETHER)) / self._gap)

    def take(self, count: int, now: float) -> None:
        """Note that so many go now."""
        if count and self._gap:
            self._next = max(self._next, now - _TOGETHER) + count * self._gap

    def opens_at(self, now: float) -> float:
        """Return when the next may go; not later than now when one may go now."""
        self._not_too_far_ahead(now)
        return self._next

    def _not_too_far_ahead(self, now: float) -> None:
        """Forget a turn that a clock set back would make us wait for."""
        if self._next - now > self._gap + _TOGETHER:
            self._next = now + self._gap
