"""Who goes first, and how much goes to those who don't. No I/O.

What is fresh goes first. But an endpoint that is busy with fresh leads all day must not keep a backfill or
a retry waiting for ever: of every twenty claims each lane that has something to send gets one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.states import Lane

if TYPE_CHECKING:
    from collections.abc import Mapping

LANES = (Lane.LIVE, Lane.RETRY, Lane.BACKFILL)
#: Who goes first while it is tried whether an endpoint is back: what was sent before, so that an
#: endpoint that takes leads without saying so is not given new ones.
SPENT_FIRST = (Lane.RETRY, Lane.LIVE, Lane.BACKFILL)
#: Of so many claims one is kept for each of the other lanes.
EVERY = 20
#: A lane that had less is asked again after so many: asking costs as much as a few claims.
ASKED_AGAIN_AFTER = 200


class Shares:
    """Counts how long each lane was passed over."""

    def __init__(self) -> None:
        # Half a round apart, so that the two seldom want the same slot.
        self._passed_over = {Lane.RETRY: 0, Lane.BACKFILL: EVERY // 2}

    def owed(self, slots: int) -> dict[Lane, int]:
        """Return how many of the slots to fill now belong to a lane before anybody else's turn."""
        found: dict[Lane, int] = {}
        for lane, passed_over in self._passed_over.items():
            left = slots - sum(found.values())
            if (share := min(left, (passed_over + slots) // EVERY)) > 0:
                found[lane] = share
        return found

    def note(self, slots: int, claimed: Mapping[Lane, int], owed: Mapping[Lane, int]) -> None:
        """Note what was claimed.

        Args:
            slots: how many there were to fill.
            claimed: how many of each lane were claimed.
            owed: what was set aside for them before; a lane that had less to send has forgone it.

        """
        full = sum(claimed.values()) >= slots
        for lane in self._passed_over:
            got, share = claimed.get(lane, 0), owed.get(lane, 0)
            if got < share:
                self._passed_over[lane] = EVERY - ASKED_AGAIN_AFTER
            elif not full or got > share:
                self._passed_over[lane] = 0  # it has got all it wanted, or more than its share
            else:
                self._passed_over[lane] += slots - EVERY * share
