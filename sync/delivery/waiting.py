"""Time as delivery uses it: told and waited for, so that no test ever sleeps."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Protocol


class Time(Protocol):
    """What delivery needs of time."""

    def now(self) -> float:
        """Return seconds since the epoch."""
        ...

    async def wait(self, bell: asyncio.Event, seconds: float | None) -> None:
        """Wait until the bell rings, or until so many seconds are over; None: for the bell only."""
        ...


class SystemTime:
    """The time of this machine."""

    def now(self) -> float:
        """Return seconds since the epoch."""
        return time.time()

    async def wait(self, bell: asyncio.Event, seconds: float | None) -> None:
        """Wait until the bell rings, or until so many seconds are over; None: for the bell only."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await bell.wait()
