"""What delivery does at the moment, for people to see. No I/O, no clock of its own."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sync.delivery.health import Condition, Health

#: Between two notes of an endpoint whose condition is the same, in seconds.
_SECONDS = 1.0
#: So many notes make the rate: it is that of the last five seconds.
_NOTES = 6
#: After so many seconds without a note, what was before is not recent.
_RECENT = 10.0


class Working:
    """Says, about once a second, what is worth being written down beside what is written anyway."""

    def __init__(self) -> None:
        #: When it was noted, and how many had been accepted by then.
        self._notes: deque[tuple[float, int]] = deque(maxlen=_NOTES)
        self._condition: Condition | None = None
        self._was_busy = False

    def note(self, health: Health, in_flight: int, accepted: int, now: float) -> dict[str, Any] | None:
        """Return what to write down now, None for nothing.

        Args:
            health: how the endpoint stands, with its window.
            in_flight: requests in the air.
            accepted: leads accepted so far by this delivery.
            now: the time.

        """
        if self._condition == health.condition and not self._is_time(in_flight, now):
            return None
        self._condition, self._was_busy = health.condition, in_flight > 0
        return {
            "window": health.window.size,
            "max_in_flight": health.window.most,
            "in_flight": in_flight,
            "rate": self._rate(accepted, now),
            "next_try": None if health.is_up else health.condition.not_before,
            "at": now,
        }

    def _is_time(self, in_flight: int, now: float) -> bool:
        """Tell whether there is news: something is in the air, or nothing is any more."""
        return (in_flight > 0 or self._was_busy) and not 0 <= now - self._notes[-1][0] < _SECONDS

    def _rate(self, accepted: int, now: float) -> float:
        """Return how many were accepted a second of late."""
        if self._notes and not 0 <= now - self._notes[-1][0] < _RECENT:
            self._notes.clear()
        if not self._notes or now - self._notes[-1][0] >= _SECONDS:
            self._notes.append((now, accepted))
        since, before = self._notes[0]
        return round((accepted - before) / max(_SECONDS, now - since), 1)
