"""Our own pace, and our patience with a server that fails or asks us to wait."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sources.errors import RateLimited, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from sources._http.clock import Clock
    from sources.units import Rate


class Pacer:
    """Spaces requests evenly, so that a rate holds in every window and not only on average.

    Args:
        rate: at most so many in so long; None: no limit of our own.
        clock: what to wait with.

    """

    def __init__(self, rate: Rate | None, clock: Clock) -> None:
        self._gap = 1 / rate.per_second if rate else 0.0
        self._clock = clock
        self._next = 0.0

    async def turn(self) -> None:
        """Wait until the next request may be sent. Concurrent callers each get a turn of their own."""
        now = self._clock.monotonic()
        turn = max(now, self._next)
        self._next = turn + self._gap
        if turn > now:
            await self._clock.sleep(turn - now)

    def hold(self, seconds: float) -> None:
        """Let nobody have a turn for this long."""
        self._next = max(self._next, self._clock.monotonic() + seconds)


class Transient(Unavailable):
    """A failure that may be gone in a second: 5xx, a timeout, a connection that was cut."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try inside one poll."""

    #: How often one request is sent at most.
    attempts: int = 4
    #: Seconds before the second attempt; doubled before each further one.
    first_delay: float = 0.5
    #: No longer than this between two attempts, in seconds.
    longest_delay: float = 8.0
    #: The longest Retry-After that is waited out, in seconds; for a longer one the run ends.
    longest_wait: float = 60.0
    #: Returns a number in 0..1; spreads the attempts of many clients.
    jitter: Callable[[], float] = random.random

    def delay(self, error: RateLimited | Transient, failures: int) -> float:
        """Return the seconds to wait before the next attempt.

        Args:
            error: why the last attempt failed; raised as it is when there is no next attempt.
            failures: attempts made so far.

        """
        asked = error.retry_after if isinstance(error, RateLimited) else None
        if failures >= self.attempts or (asked or 0) > self.longest_wait:
            raise error
        if asked is not None:
            return asked
        backed_off = min(self.longest_delay, self.first_delay * 2.0 ** (failures - 1))
        return backed_off * (0.5 + self.jitter() / 2)
