"""Whether answers take longer than they need to. No I/O, no clock of its own.

Judged by the middle one of a round of answers, against the smallest such middle ever seen: single answers
jitter by as much as a queue would add, their middle does not.
"""

from __future__ import annotations

import math
from enum import Enum, auto

#: Answers before the first judgement: soon, while little is in the air yet.
_FIRST_ROUND = 16
#: Answers of every later round, at least.
_ROUND = 32
#: Differences up to this many seconds are this machine's own doing.
_NOISE = 0.01
#: The middle of a round strays by its spread over the root of its number; this many times that is chance.
_CHANCE = 2.0
#: Up to so many times the least latency it may be asked for more.
_AT_EASE = 1.5
#: From so many times the least latency on it is asked for less.
_TOO_SLOW = 2.0
#: Less in the air has helped when latency fell below this share of what it was.
_HELPED = 0.75


class Strain(Enum):
    """How one round of answers compares."""

    #: As quick as ever: there may be more.
    AT_EASE = auto()
    #: Slower: as it is now, it is enough.
    BUSY = auto()
    #: Far slower: less would be as quick.
    TOO_MUCH = auto()


class Latency:
    """Learns how long answers take, and tells when a queue has formed."""

    def __init__(self) -> None:
        self._round: list[float] = []
        self._least = math.inf
        #: The window and the latency that less is compared with, once it was asked for less.
        self._less_from: tuple[float, float] | None = None
        self._asked_for_less = False

    def note(self, seconds: float, window: float) -> Strain | None:
        """Take in how long one answer took, asked with the window full.

        Returns:
            How the round compares that it completes; None within a round.

        """
        self._round.append(seconds)
        needed = _FIRST_ROUND if self._least == math.inf else max(_ROUND, window)
        if len(self._round) < needed:
            return None
        ordered, count = sorted(self._round), len(self._round)
        self._round.clear()
        spread = ordered[count * 3 // 4] - ordered[count // 4]
        return self._judged(ordered[count // 2], window, _NOISE + _CHANCE * spread / math.sqrt(count))

    def forget_round(self) -> None:
        """Begin a new round: the window is another one now."""
        self._round.clear()

    def _judged(self, middle: float, window: float, by_chance: float) -> Strain:
        self._least = min(self._least, middle)
        if middle <= self._least * _AT_EASE + by_chance:
            self._less_from, self._asked_for_less = None, False
            return Strain.AT_EASE
        if middle <= self._least * _TOO_SLOW + by_chance:
            return Strain.BUSY
        if not self._asked_for_less:  # asked while the window still grew: nothing to compare less with
            self._asked_for_less = True
            return Strain.TOO_MUCH
        return self._after_less(middle, window)

    def _after_less(self, middle: float, window: float) -> Strain:
        """Go on with less while that helps: if half does not, it is not our queue, and slow is normal now."""
        before, latency = self._less_from = self._less_from or (window, middle)
        if window > before / 2:
            return Strain.TOO_MUCH
        if middle > latency * _HELPED:
            self._least, self._less_from, self._asked_for_less = middle, None, False
            return Strain.AT_EASE
        self._less_from = window, middle
        return Strain.TOO_MUCH
