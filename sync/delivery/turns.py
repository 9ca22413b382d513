"""Whose turn it is by the clock: send_window, our own pace, and that of each backfill with a rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.units import parse_rate
from sync.delivery.memory import kept
from sync.delivery.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources.units import Rate
    from sync.delivery.doors import Closed, Doors
    from sync.delivery.health import Condition
    from sync.delivery.memory import Kept
    from sync.store.outbox import Claimed


class Turns:
    """How many requests may go now.

    Args:
        rate: our own limit towards the endpoint; None: none.
        doors: whether leads may go at all; None: always.

    """

    def __init__(self, rate: Rate | None, doors: Doors | None = None) -> None:
        self.pace = Pace(rate)
        self._doors = doors
        self._jobs: dict[int, tuple[str, Pace]] = {}

    async def look(self, now: float, condition: Condition) -> None:
        """Bring up to date what says whether leads may go; the endpoint itself stands as given."""
        if self._doors is not None:
            await self._doors.look(now, condition)

    def closed(self, now: float) -> Closed | None:
        """Return why nothing may go now, None when leads may."""
        return self._doors.closed(now) if self._doors is not None else None

    def kept(self, condition: Condition) -> Kept:
        """Return what the store keeps of an endpoint that itself stands as given."""
        return self._doors.kept(condition) if self._doors is not None else kept(condition)

    def available(self, now: float) -> int:
        """Return how many requests may go now."""
        return 0 if self.closed(now) else self.pace.available(now)

    def opens_at(self, now: float) -> float:
        """Return when the next request may go, as far as is known; then it is looked again."""
        closed = self.closed(now)
        if closed is None:
            return self.pace.opens_at(now)
        return closed.opens if closed.opens is not None else float("inf")

    def of_job(self, job: int, rate: str, now: float) -> int:
        """Return how much of a backfill may go now, by the rate it was given."""
        known, pace = self._jobs.get(job, (None, None))
        if pace is None or known != rate:
            pace = Pace(parse_rate(rate))
            self._jobs[job] = rate, pace
        return pace.available(now)

    def take(self, claimed: Sequence[Claimed], now: float) -> None:
        """Note that these go now."""
        self.pace.take(len(claimed), now)
        for each in claimed:
            if each.job_id is not None and each.job_id in self._jobs:
                self._jobs[each.job_id][1].take(1, now)

    def next_opening(self, due: float | None, now: float) -> float | None:
        """Return when something may come due that is not now; None: nobody knows of anything.

        Args:
            due: when the next lead comes due. In the past, it waits for the turn of its backfill.
            now: the time.

        """
        opens = (pace.opens_at(now) for _, pace in self._jobs.values())
        later = [each for each in opens if each > now]
        if due is not None and (due > now or not later):
            later.append(due)
        return min(later, default=None)
