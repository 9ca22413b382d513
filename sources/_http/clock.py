"""Time as something that is passed in, so that no test ever sleeps."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the HTTP helpers need to know about time."""

    def now(self) -> datetime:
        """Return the present as an aware datetime."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let this many seconds pass."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the present in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Let this many seconds pass."""
        await asyncio.sleep(seconds)
