"""Reading everything: by the list, which is complete, not late, and has no limit.

It can't be asked for what changed, so it serves the first read, and archived objects, which no search finds.
A list that was broken off goes on at its cursor: the position is a token until it has been read to its end,
and a time then.
"""

from __future__ import annotations

import json
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sources._rest.progress import Progress
from sources._rest.requests import bounds, is_within
from sources.base import Page, Position, Window
from sources.errors import BadConfig
from sources.http import PageGuard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sources._hubspot.api import Found, HubspotApi
    from sources._hubspot.records import Shape
    from sources.base import PollRequest


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list is being read."""

    after: str
    #: The server's clock when reading began: what changed since then is yet to be read.
    began: datetime
    #: The newest time that was seen so far.
    newest: datetime | None

    def position(self) -> Position:
        """Return it as a position."""
        newest = self.newest.isoformat() if self.newest else None
        said = {"after": self.after, "began": self.began.isoformat(), "newest": newest}
        return Position(token=json.dumps(said, sort_keys=True))

    @classmethod
    def of(cls, position: Position | None) -> Place | None:
        """Read back what `position` wrote; None when it is something else."""
        if position is None or position.token is None:
            return None
        try:
            said = json.loads(position.token)
            newest = datetime.fromisoformat(said["newest"]) if said["newest"] else None
            return cls(str(said["after"]), datetime.fromisoformat(said["began"]), newest)
        except (ValueError, KeyError, TypeError):
            return None


class Listing:
    """One read of the list.

    Args:
        api: what asks.
        shape: makes records.
        names: the properties to ask for.
        request: what the engine wants.

    """

    def __init__(self, api: HubspotApi, shape: Shape, names: Sequence[str], request: PollRequest) -> None:
        self._api = api
        self._shape = shape
        self._names = names
        self._request = request

    async def pages(self) -> AsyncGenerator[Page, None]:
        """Yield everything that is not archived; the last page has the newest time as its position."""
        place = Place.of(self._request.position)
        began = place.began if place else None
        newest = Position(at=place.newest) if place and place.newest else None
        progress: Progress | None = None
        async with aclosing(self._from(place.after if place else None)) as lists:
            async for found in lists:
                began = began or found.present
                progress = progress or Progress("unordered", newest, began)
                records, bad = self._shape.page(found.items)
                progress.see(records)
                position = progress.position(last=True)
                if found.after is not None:
                    at: Any = position.at if position else None
                    position = Place(found.after, began, at).position()
                yield Page(records, position, last=False, bad=bad)

    async def archived(self) -> AsyncGenerator[Page, None]:
        """Yield what was archived in the span that is wanted, without positions."""
        span = Window(*bounds(self._request))
        async with aclosing(self._from(None, archived=True)) as lists:
            async for found in lists:
                records, bad = self._shape.page(found.items)
                yield Page([each for each in records if is_within(each, span)], None, last=False, bad=bad)

    async def _from(self, after: str | None, *, archived: bool = False) -> AsyncGenerator[Found, None]:
        guard, size = PageGuard(), self._request.page_size
        found = await self._first(after, archived=archived)
        while found.after is not None:
            guard.count(found.where)
            guard.take(found.items, found.where)
            yield found
            guard.ask(found.after.encode(), found.where)
            found = await self._api.listed(self._names, found.after, size, archived=archived)
        yield found

    async def _first(self, after: str | None, *, archived: bool) -> Found:
        """Read the first page; a cursor kept from an earlier run that is refused by now is given up."""
        size = self._request.page_size
        try:
            return await self._api.listed(self._names, after, size, archived=archived)
        except BadConfig:
            if after is None:
                raise
            return await self._api.listed(self._names, None, size, archived=archived)
