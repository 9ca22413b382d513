"""Narrower spans of time, for queries that Salesforce gives up after two minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

#: Nothing in Salesforce changed before the company was founded.
_BEGINNING: Final = datetime(1999, 1, 1, tzinfo=UTC)
#: A span that is not cut any further.
_SHORTEST: Final = timedelta(minutes=1)


class Bounds:
    """The part of a span that is asked for now.

    Args:
        whole: where the whole span ends; None: nowhere.

    """

    def __init__(self, whole: datetime | None) -> None:
        self._whole = whole
        self._width = timedelta()
        #: Where this part ends; None: nowhere.
        self.until = whole

    @property
    def is_final(self) -> bool:
        """Whether nothing comes behind this part."""
        return self.until == self._whole

    def halve(self, since: datetime | None, now: datetime) -> bool:
        """Ask for half as much, and tell whether that could be done.

        Args:
            since: where this part begins; None: at the very beginning.
            now: where records end, more or less.

        """
        low = since or _BEGINNING
        high = self.until if self.until is not None else max(now, low)
        width = (high - low) / 2
        if width < _SHORTEST:
            return False
        self._width, self.until = width, (low + width).replace(microsecond=0)
        return True

    def move_on(self, now: datetime, *, was_empty: bool) -> datetime | None:
        """Go on to the part behind this one, and return where it begins.

        It is as wide as this one, or twice as wide where there was nothing in this one.
        """
        begins = self.until
        if begins is None:
            return None
        self._width *= 2 if was_empty else 1
        ends = (begins + self._width).replace(microsecond=0)
        limit = self._whole or now
        self.until = ends if ends < limit else self._whole
        return begins
