"""How long hints leave a source alone that could not be read. No I/O, no clock of its own.

Whoever denies us, or is broken, is no better a moment later; hints may come ten times a second. The schedule
is not held up by that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.config import SourceConfig

#: Seconds of the first rest, doubled with each failure that follows, and the most of them: a source with a
#: schedule of once a day is not left alone for that day.
_SHORTEST = 1.0
_LONGEST = 900.0


class Rests:
    """The rests of all sources, by their names."""

    def __init__(self) -> None:
        #: Seconds that the last rest takes, and when it is over, in seconds since 1970.
        self._of: dict[str, tuple[float, float]] = {}

    def failed(self, source: SourceConfig, now: float) -> None:
        """Note that a poll failed which ended now."""
        before, _ = self._of.get(source.name, (0.0, 0.0))
        seconds = min(max(_SHORTEST, 2 * before), longest(source))
        self._of[source.name] = seconds, now + seconds

    def succeeded(self, name: str) -> None:
        """Note that a poll read its source to the end."""
        self._of.pop(name, None)

    def free_at(self, name: str) -> float:
        """Return from when on hints may have a source polled, in seconds since 1970."""
        return self._of.get(name, (0.0, 0.0))[1]

    def forget(self) -> None:
        """Forget all of them, as when a person has changed the configuration."""
        self._of.clear()


def longest(source: SourceConfig) -> float:
    """Return the seconds of the longest rest: its schedule polls it as soon."""
    schedule = source.options.schedule
    every = schedule.every.total_seconds() if schedule and schedule.every else _LONGEST
    return min(max(every, _SHORTEST), _LONGEST)
