"""Where the export feed is being read, as a position."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sources._servicetitan.records import time_of
from sources.base import Position

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class FeedPlace:
    """A place in the feed.

    The position of a place within has no time: should its token be refused, the feed is read from the
    beginning once more, since nobody knows what lies behind it.
    """

    #: `continueFrom` of the last answer; None: it was never asked.
    token: str | None = None
    #: Older changes are not ours: this is where the first poll began. The feed begins at whole days, and
    #: gives some of the changes before it again.
    since: datetime | None = None
    #: The newest change that was seen.
    newest: datetime | None = None
    #: What to read again from without a token.
    again: datetime | None = None

    @classmethod
    def of(cls, position: Position | None) -> FeedPlace:
        """Return what a position says; a mere time is where to begin."""
        at = position.at if position is not None and isinstance(position.at, datetime) else None
        try:
            said = json.loads(position.token or "") if position is not None else {}
            since, newest = map(_time, (said.get("since"), said.get("newest")))
            token = said["continueFrom"]
            return cls(str(token), since, newest, at)
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls(since=at, newest=at, again=at)

    def having_seen(self, items: Iterable[Any], ceiling: datetime) -> FeedPlace:
        """Return the place after these items; one dated later than the ceiling moves no time."""
        times = [at for each in items if (at := time_of(each)) is not None and at <= ceiling]
        return replace(self, newest=max([*times, *([self.newest] if self.newest else [])], default=None))

    def within(self) -> Position:
        """Return the position of a place with more behind it."""
        times = {"since": self.since, "newest": self.newest}
        said = {name: at.isoformat() for name, at in times.items() if at is not None}
        return Position(token=json.dumps({"continueFrom": self.token, **said}, sort_keys=True))

    def at_the_end(self, began: datetime) -> Position:
        """Return the position of the end.

        Args:
            began: the time of the poll, should nothing ever have been seen.

        """
        newest = self.newest or began
        return replace(replace(self, newest=newest).within(), at=newest)


def _time(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None
