"""A rate limit with a sliding window."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

_RATE = re.compile(r"([1-9][0-9]{0,8})/([0-9]{0,6})(s|m|h)")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds; zero requests stands for no limit."""

    requests: int
    #: Seconds.
    window: int

    @classmethod
    def read(cls, text: str) -> Rate:
        """Read ``100/10s``, ``10/s`` or ``off``.

        Raises:
            ValueError: it is none of these.
        """
        if text.lower() in ("off", "false"):
            return cls(0, 0)
        match = _RATE.fullmatch(text)
        window = int(match[2] or 1) * _SECONDS[match[3]] if match else 0
        if match is None or window == 0:
            raise ValueError(f'expected a rate like 100/10s, or off; found "{text}"')
        return cls(int(match[1]), window)

    def __str__(self) -> str:
        """Return the text that `read` reads."""
        return f"{self.requests}/{self.window}s" if self.requests else "off"


@dataclass(slots=True)
class Window:
    """When the last requests of one key came; refused ones are not counted."""

    #: Monotonic seconds, oldest first.
    times: deque[float] = field(default_factory=deque)

    def admit(self, rate: Rate, now: float) -> float:
        """Count a request and return 0, or return the seconds until one would be admitted."""
        if not rate.requests:
            return 0.0
        while self.times and self.times[0] <= now - rate.window:
            self.times.popleft()
        if len(self.times) < rate.requests:
            self.times.append(now)
            return 0.0
        return self.times[len(self.times) - rate.requests] + rate.window - now
