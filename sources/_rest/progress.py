"""What position a page may carry, and when a sorted API has been read far enough."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from sources.position import Position

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sources.base import Record

Order = Literal["unordered", "ascending", "descending"]


class Progress:
    """Follows the change times of one poll.

    Args:
        order: how the API says it sorts.
        start: where the poll began; the last page never carries less.
        ceiling: the source's clock when the poll began. A record from beyond it moves nothing, so
            that one row dated 2099 does not blind the source.

    """

    def __init__(self, order: Order, start: Position | None, ceiling: datetime) -> None:
        self._order = order
        self._start = start if start is not None and start.at is not None else None
        self._ceiling = ceiling
        self._newest: datetime | None = None
        self._previous: datetime | None = None
        self.sorted = order != "unordered"

    def see(self, records: Sequence[Record]) -> str | None:
        """Take a page's records; return what to tell when they are not sorted as was said."""
        times = [at for record in records if (at := _time(record)) is not None]
        self._newest = max((at for at in [*times, self._newest] if at and at <= self._ceiling), default=None)
        was_sorted = self.sorted
        self.sorted = was_sorted and self._in_order([self._previous, *times] if self._previous else times)
        self._previous = times[-1] if times else self._previous
        if was_sorted and not self.sorted:
            return f"the records are not {self._order} as `order` says; the poll is read as unordered"
        return None

    def position(self, *, last: bool) -> Position | None:
        """Return what position holds once this page is staged; None while that can't be said."""
        if not last and not (self._order == "ascending" and self.sorted):
            return None
        here = Position(at=self._newest) if self._newest is not None else None
        if here is None or (self._start is not None and here.is_before(self._start)):
            return self._start
        return here

    def is_past(self, records: Sequence[Record], floor: datetime | None) -> bool:
        """Tell whether, newest first, this whole page is older than what is wanted."""
        if self._order != "descending" or not self.sorted or floor is None or not records:
            return False
        times = [_time(record) for record in records]
        return all(at is not None and at < floor for at in times)

    def _in_order(self, times: Sequence[datetime]) -> bool:
        if self._order == "ascending":
            return all(a <= b for a, b in pairwise(times))
        return all(a >= b for a, b in pairwise(times))


def _time(record: Record) -> datetime | None:
    return record.changed  # type: ignore[return-value] # the extractor makes nothing else
