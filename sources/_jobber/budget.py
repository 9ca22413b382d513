"""Jobber's points: a query takes as many as it has fields and records, and they come back by and by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sources.http import Answer, Clock

#: Seconds that are waited at most before a query; if that was not enough, Jobber says so.
_LONGEST: Final = 60.0
#: Seconds more than it would take, since clocks and points are not exact.
_MARGIN: Final = 0.1


@dataclass(frozen=True, slots=True)
class Cost:
    """What an answer says of points."""

    #: What the query may take at most, by its fields.
    requested: float
    #: How many there are ever, how many there are now, and how many come back in a second.
    maximum: float
    available: float
    restored: float

    def wait_for(self, points: float) -> float | None:
        """Return the seconds until there are so many; None when nobody can say."""
        if points <= self.available:
            return 0.0
        return (points - self.available) / self.restored + _MARGIN if self.restored > 0 else None


def cost_in(answer: Answer) -> Cost | None:
    """Return what an answer says of points; None when it says nothing."""
    try:
        cost: Any = answer.data["extensions"]["cost"]
        status: Any = cost["throttleStatus"]
        return Cost(
            float(cost["requestedQueryCost"]),
            float(status["maximumAvailable"]),
            float(status["currentlyAvailable"]),
            float(status["restoreRate"]),
        )
    except (LookupError, TypeError, ValueError):
        return None


class Budget:
    """Waits until there are enough points, so that Jobber need not refuse.

    Args:
        clock: what to wait with.

    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen_at = 0.0
        #: The dearest query so far; the next may be like it.
        self._dearest = 0.0
        #: What was said last.
        self.cost: Cost | None = None

    def see(self, cost: Cost | None) -> None:
        """Take what an answer says."""
        self._seen_at = self._clock.monotonic()
        self._dearest = max(self._dearest, cost.requested if cost else 0.0)
        self.cost = cost

    async def enough(self) -> None:
        """Wait until there are points for a query like the dearest one."""
        wait = self.cost.wait_for(min(self._dearest, self.cost.maximum)) if self.cost else None
        left = (wait or 0.0) - (self._clock.monotonic() - self._seen_at)
        if left > 0:
            await self._clock.sleep(min(left, _LONGEST))
