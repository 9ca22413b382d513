"""Whose turn it is by the clock: our own pace towards the endpoint, and that of each backfill with a rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.units import parse_rate
from sync.delivery.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources.units import Rate
    from sync.store.outbox import Claimed


class Turns:
    """How many requests may go now.

    Args:
        rate: our own limit towards the endpoint; None: none.

    """

    def __init__(self, rate: Rate | None) -> None:
        self.pace = Pace(rate)
        self._jobs: dict[int, tuple[str, Pace]] = {}

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
