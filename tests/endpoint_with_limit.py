"""An endpoint that serves so many at once and does not say so, in simulated time."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.endpoints.base import Outcome, Receipt

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.delivery.window import Load, Window

#: Answers what is beyond the limit.
BEYOND = Receipt(Outcome.LATER, "429", 429, seconds=0.002)


@dataclass
class LimitedEndpoint:
    """Serves `limit` at once; more of them wait for their turn, or are refused.

    The client beside it keeps the window full, and hears of every answer at its time.
    """

    window: Window
    limit: int
    #: How long one takes when it is served at once, in seconds; called for each.
    service: Callable[[], float] = lambda: 0.1
    refuses: bool = False
    now: float = 1000.0
    taken: int = 0
    refused: int = 0
    _ends: list[float] = field(default_factory=list)
    _answers: list[tuple[float, int, Receipt, Load]] = field(default_factory=list)
    _sent: int = 0

    def run(self, seconds: float) -> list[int]:
        """Go on for so long; return the size of the window after each answer."""
        until, sizes = self.now + seconds, []
        while self.now < until:
            self._fill()
            self.now, _, receipt, load = heapq.heappop(self._answers)
            self.window.learn(receipt, load, self.now)
            self.taken += receipt.outcome is Outcome.ACCEPTED
            self.refused += receipt.outcome is Outcome.LATER
            sizes.append(self.window.size)
        return sizes

    def _fill(self) -> None:
        load = self.window.load(self.window.size)
        while len(self._answers) < self.window.size:
            self._sent += 1
            receipt = self._receipt()
            heapq.heappush(self._answers, (self.now + receipt.seconds, self._sent, receipt, load))

    def _receipt(self) -> Receipt:
        """Take one request in; return how it will be answered."""
        self._ends = sorted(end for end in self._ends if end > self.now)
        begins = self.now
        if len(self._ends) >= self.limit:
            if self.refuses:
                return BEYOND
            begins = self._ends[-self.limit]
        self._ends.append(begins + self.service())
        return Receipt(Outcome.ACCEPTED, status=200, seconds=self._ends[-1] - self.now)
