"""How far a poll has come, in the order of time and id."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sources.position import Position

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sources._dynamics.odata import Place
    from sources.base import Record


class Progress:
    """Follows the records of one poll.

    Args:
        start: where the poll begins.

    """

    def __init__(self, start: Position | None) -> None:
        self._start = start
        self._reached: Place | None = None
        #: The server's clock as the first page came. No position lies behind it: of the second that was then,
        #: and of all that follow, more may change behind a page that was read.
        self._began: datetime | None = None
        #: Where to go on; None: from the beginning.
        self.place: Place | None = _place_of(start)

    def see(self, records: Iterable[tuple[Record, str]], present: datetime) -> None:
        """Take records, each with its id, as they came.

        The order of ids is the server's own (they are compared from their end), so the last that came at a
        time is the one to go on behind.

        Args:
            records: what was read.
            present: the server's clock. One dated 2099 moves nothing.

        """
        self._began = began = self._began or present
        for record, key in records:
            at = record.changed
            if isinstance(at, datetime) and at <= present and (self.place is None or at >= self.place[0]):
                self.place = at, key
                if at <= began:
                    self._reached = at, key if at < began else None

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
