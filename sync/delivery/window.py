"""How many requests may be in the air at once: found from the answers. No I/O, no clock of its own.

Additive increase, multiplicative decrease, as TCP does it, because what it must find is of TCP's kind: a
limit that nobody states, shared with others, that moves. Three things are taken from elsewhere:

- From TCP Vegas and Netflix's gradient limits: latency counts. An endpoint that queues says nothing until
  it times out, and a time-out here is a lead whose fate nobody knows. So a round of answers that is far
  slower than the best makes the window a little smaller. A gradient alone was not taken: it follows
  jitter, and one that is asked to find a limit of refusals never hears of it.
- From CUBIC, which the AWS clients' adaptive retry uses: where it was refused is remembered. More than
  that is tried again only after a while, longer each time in vain, since every trial costs a refusal.
- From TCP's slow start: an endpoint that was down is begun with little, and twice as much each round trip.

What limits is measured and not paced: our own `rate_limit` stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.delivery.latency import Latency, Strain
from sync.delivery.patience import Patience
from sync.endpoints.base import Outcome

if TYPE_CHECKING:
    from sync.endpoints.base import Receipt

_TOO_MANY_REQUESTS = 429
#: What a server, or what stands before it, says when it can't keep up.
_OVERLOADED = frozenset({408, 502, 503, 504})
#: The window that a delivery begins with, where the user allows as much: few enough to see how quick the
#: endpoint is without a queue, and three round trips from any window that is allowed.
_BEGIN = 16
#: The window after the endpoint was down.
_AFTER_DOWN = 2
#: What latency alone never takes away.
_LEFT_TO_THE_SLOW = 4.0
_A_LITTLE_LESS = 0.9


@dataclass(frozen=True, slots=True)
class Load:
    """What a request was sent into."""

    #: Requests in the air with it.
    in_flight: int
    #: Which window that was under: answers to requests from before a cut say nothing about what is now.
    era: int


class Window:
    """How many requests may be in the air, between 1 and what the user allows.

    Args:
        most: what the user allows.

    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._size = float(min(most, _BEGIN))
        #: Up to here it doubles each round trip, from here on it grows by one.
        self._quick_to = float(most)
        #: More than this was refused, so far as is known.
        self._ceiling = float(most)
        self._patience = Patience()
        self._latency = Latency()
        self._may_grow = True
        self._era = 0
        self._answers = 0
        self._overloaded = 0

    @property
    def size(self) -> int:
        """How many requests may be in the air at once."""
        return int(self._size)

    def load(self, in_flight: int) -> Load:
        """Return what requests are sent into that are sent now, so many being in the air with them."""
        return Load(in_flight, self._era)

    def learn(self, receipt: Receipt, load: Load, now: float) -> None:
        """Take in one receipt.

        Args:
            receipt: how it went.
            load: what it was sent into.
            now: the time in seconds.

        """
        if load.era != self._era:
            return
        self._count()
        if receipt.outcome is Outcome.ACCEPTED:
            self._taken(receipt.seconds, load, now)
        elif self._is_too_much(receipt):
            self._cut(load, now)

    def restart(self) -> None:
        """Begin with little, and grow quickly: the endpoint was down."""
        self._quick_to = max(self._quick_to, self._size)
        self._resize(min(self._size, _AFTER_DOWN))
        self._may_grow = True

    def _count(self) -> None:
        """Count the answers of a round trip."""
        if self._answers >= max(10, self.size):
            self._answers = self._overloaded = 0
        self._answers += 1

    def _is_too_much(self, receipt: Receipt) -> bool:
        """Tell whether a receipt says that there are too many: 429 does, others if they are some in a round.

        One answer that fails among many is about its lead, or is chance; a window that is halved for it
        would never grow.
        """
        if receipt.status == _TOO_MANY_REQUESTS:
            return True
        if receipt.status not in _OVERLOADED and (receipt.status or receipt.outcome is not Outcome.UNKNOWN):
            return False
        self._overloaded += 1
        return self._overloaded >= max(2.0, self._size / 10)

    def _cut(self, load: Load, now: float) -> None:
        """Halve what was used, and remember where that was too much."""
        used = min(self._size, float(load.in_flight))
        if used > 1:  # one that was alone is not refused for being too many
            self._ceiling = max(1.0, used - 1)
            self._quick_to = max(1.0, used / 2)
            self._patience.was_refused(now)
        self._resize(max(1.0, used / 2))

    def _resize(self, size: float) -> None:
        """Change the window; what is in the air now belongs to the one before."""
        self._size = size
        self._era += 1
        self._answers = self._overloaded = 0
        self._latency.forget_round()

    def _taken(self, seconds: float, load: Load, now: float) -> None:
        if load.in_flight * 2 < self._size:
            return  # there was no need of it all: that shows nothing
        strain = self._latency.note(seconds, self._size)
        if strain is Strain.TOO_MUCH:
            self._give_way()
        elif strain is not None:
            self._may_grow = strain is Strain.AT_EASE
        if self._may_grow:
            self._grow(now)

    def _give_way(self) -> None:
        self._may_grow = False
        smaller = max(self._size * _A_LITTLE_LESS, min(self._size, _LEFT_TO_THE_SLOW))
        self._quick_to = smaller
        self._resize(smaller)

    def _grow(self, now: float) -> None:
        """Grow by what one answer is worth, so that a round trip of them brings one more."""
        self._size += 1.0 if self._size < self._quick_to else 1 / self._size
        if self._size < self._ceiling:
            return
        if self._ceiling < self.most:
            self._ceiling = min(self.most, self._ceiling + self._patience.step(now))
        self._size = min(self._size, self._ceiling)
