"""How far a poll has come, in the order of time and id."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sources.position import Position

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sources._salesforce.soql import Place
    from sources.base import Record

#: Times are whole seconds, and so is the server's own.
_SECOND = timedelta(seconds=1)
#: How far the server's clock may be behind ours, where it does not tell.
_SKEW = timedelta(minutes=1)


class Progress:
    """Follows the records of one poll.

    A record that is changed while it is read comes with its new time, out of its order. It must not carry
    the position past the records that are still to come, nor may one dated 2099. So nothing moves it that
    lies beyond the moment when the poll began.

    Args:
        start: where the poll begins.

    """

    def __init__(self, start: Position | None) -> None:
        self._start = start
        self._ceiling: datetime | None = None
        self._reached: Place | None = None
        #: Where to go on; None: from the beginning.
        self.place: Place | None = _place_of(start)

    def begin(self, server: datetime | None, ours: datetime, took: float) -> None:
        """Say when the poll began: the first answer's time, less what it took; ours where there is none."""
        if self._ceiling is None:
            told = server - _SECOND if server is not None else ours - _SKEW
            self._ceiling = told - timedelta(seconds=took)

    def see(self, records: Iterable[tuple[Record, str]]) -> None:
        """Take records, each with its id."""
        for record, key in records:
            at = record.changed
            if not isinstance(at, datetime) or self._ceiling is None or at > self._ceiling:
                continue
            if self.place is None or (at, key) > (self.place[0], self.place[1] or ""):
                self.place = self._reached = at, key

    def skip_to(self, at: datetime) -> None:
        """Go on from a time up to which everything has been read; the position stays at what was seen."""
        if self.place is None or at > self.place[0]:
            self.place = at, None

    def position(self, *, last: bool) -> Position | None:
        """Return what holds once the records seen so far are staged.

        After the last, all of the newest moment is read again by the next poll.
        """
        if self._reached is None:
            return self._start
        at, key = self._reached
        return Position(at) if last or key is None else Position(at, (key,))


def _place_of(position: Position | None) -> Place | None:
    if position is None or not isinstance(position.at, datetime):
        return None
    return position.at, str(position.key[0]) if position.key else None
