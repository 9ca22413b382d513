"""Pages that are counted, of a list that is sorted by change: how far it was surely read.

A record that changes while pages are read moves to the list's end, and all behind it move up by one: one of
them slips from the page that comes next to the page that was read, and is not seen. The list's end tells
that it happened, by records newer than the beginning of the poll. Whatever was read before the first of them
changed had not moved yet; the next poll goes on from there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sources.position import Position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources.base import Record

#: An HTTP date is exact to a second, and the clocks of a vendor's servers differ by about as much.
_EXACT_TO: Final = timedelta(seconds=2)


class Shifting:
    """Follows one poll of counted pages.

    Args:
        begun: the source's clock when the poll began.

    """

    def __init__(self, begun: datetime) -> None:
        self._begun = begun
        #: For each page when it was answered, by the source's clock, and the newest change up to its end.
        self._pages: list[tuple[datetime | None, datetime | None]] = []
        self._first_move: datetime | None = None

    def see(self, records: Sequence[Record], answered: datetime | None, now: datetime) -> None:
        """Take a page.

        Args:
            records: its records.
            answered: the source's clock when it answered; None: it does not say.
            now: our clock.

        """
        times = [record.changed for record in records if isinstance(record.changed, datetime)]
        newest = max((at for at in [*times, self._pages[-1][1] if self._pages else None] if at), default=None)
        self._pages.append((answered, newest))
        until = (answered or now) + _EXACT_TO  # what is dated later has no place of its own to move from
        moved = [at for at in times if self._begun - _EXACT_TO <= at <= until]
        self._first_move = min([*moved, self._first_move] if self._first_move else moved, default=None)

    def held_back(self, reached: Position | None) -> tuple[Position | None, str | None]:
        """Return how far the list was surely read, and what to tell when that is not all of it.

        Args:
            reached: the position after the last page.

        """
        if self._first_move is None or len(self._pages) == 1 or reached is None:
            return reached, None
        sure = self._pages[0][1]  # nothing can slip over the end of the first page before it is read
        for answered, newest in self._pages[1:]:
            if answered is None or answered + _EXACT_TO >= self._first_move:
                break
            sure = newest
        if sure is None or not isinstance(reached.at, datetime) or sure >= reached.at:
            return reached, None
        told = "records changed while pages were read, so that others may have been passed over"
        return Position(at=sure), f"{told}; the next poll reads again from {sure.isoformat()}"
