"""A clock for tests of sources that wait: it lets time pass without taking any."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class QuickClock:
    """A `sources.http.Clock`: that of this machine, put forward by every wait instead of waiting."""

    def __init__(self) -> None:
        #: The waits so far, in seconds.
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Return the present in UTC, with all waits passed."""
        return datetime.now(UTC) + timedelta(seconds=sum(self.slept))

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        return asyncio.get_running_loop().time() + sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        """Put the clock forward, and let others have their turn."""
        self.slept.append(seconds)
        await asyncio.sleep(0)
