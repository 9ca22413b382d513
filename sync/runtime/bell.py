"""Many hints, one poll: a source is polled soon after a hint, and never more often than is good for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sync.delivery import Time

#: Hints that come together are one, in seconds.
GATHER_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Pace:
    """How often hints may have a source polled."""

    #: Seconds between the end of one poll and the beginning of the next, at least; as long as the poll
    #: took, if that is more.
    gap: float
    #: Seconds after a hint at which it is polled once more; None: never.
    again: float | None = None
    #: So many polls may come as fast as that, and from then on one in `refill` seconds; None: no such bound.
    burst: int | None = None
    #: Seconds in which one more of them may be had again.
    refill: float = 60.0


class Bell:
    """Polls when it is rung.

    Args:
        poll: polls the source, to its end.
        free_at: tells from when on the source may be polled, in seconds since 1970; it may have asked to be
            left alone.
        pace: how often.
        time: what to wait with.

    """

    def __init__(
        self, poll: Callable[[], Awaitable[None]], free_at: Callable[[], float], pace: Pace, time: Time
    ) -> None:
        self._poll = poll
        self._free_at = free_at
        self._pace = pace
        self._time = time
        self._rung = asyncio.Event()
        self._not_before = 0.0
        #: When all of the burst may be had again: later by one `refill` for each poll.
        self._full_at = 0.0
        self._again_at: float | None = None

    def ring(self) -> None:
        """Ask for a poll. What is asked for while the source is being polled is one more poll after it."""
        self._rung.set()

    async def serve(self) -> None:
        """Poll whenever it was rung, until cancelled."""
        while True:
            await self._wait_for_a_hint()
            await self._rest()
            self._again_at = self._after_a_hint()
            self._rung.clear()
            began = self._time.now()
            await self._poll()
            ended = self._time.now()
            self._not_before = max(ended + max(self._pace.gap, ended - began), self._spend(began))

    def _spend(self, began: float) -> float:
        """Take a poll off the burst; return from when on there is one left."""
        pace = self._pace
        if pace.burst is None:
            return 0.0
        self._full_at = max(self._full_at, began) + pace.refill
        return self._full_at - (pace.burst - 1) * pace.refill

    async def _wait_for_a_hint(self) -> None:
        left = None if self._again_at is None else max(0.0, self._again_at - self._time.now())
        await self._time.wait(self._rung, left)

    def _after_a_hint(self) -> float | None:
        """Return when to poll once more: counted from this poll, since a hint may have come just now."""
        again = self._pace.again
        return self._time.now() + again if again is not None and self._rung.is_set() else None

    async def _rest(self) -> None:
        """Wait until the source may be polled, and for a moment at least: hints seldom come alone."""
        never = asyncio.Event()
        await self._time.wait(never, GATHER_SECONDS)
        while (left := max(self._not_before, self._free_at()) - self._time.now()) > 0:
            await self._time.wait(never, left)
