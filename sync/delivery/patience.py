"""When more is tried again after it was too much. No I/O, no clock of its own."""

from __future__ import annotations

_SHORTEST = 1.0
_LONGEST = 30.0


class Patience:
    """Waits longer each time that more was refused again, and less and less once it is not. In seconds."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._until = 0.0
        self._steps = 0

    def was_refused(self, now: float) -> None:
        """Note that more was too much."""
        self._seconds = min(_LONGEST, max(_SHORTEST, self._seconds * 2))
        self._until = now + self._seconds
        self._steps = 0

    def step(self, now: float) -> int:
        """Return how much more to try now: nothing while it is not time, then one, two, three."""
        if self._until - now > self._seconds:
            self._until = now + self._seconds  # the clock was set back
        if now < self._until:
            return 0
        if self._steps:  # the step before was not refused in all the time since
            self._seconds /= 2
        self._steps += 1
        self._until = now + self._seconds
        return self._steps
