"""Reading by the export feed: one list of all changes, gone on with at the token that the last answer gave.

It is what ServiceTitan has for reading much and often, and it alone has leads that were deleted. It is five
to ten minutes behind unless recent changes are asked for, and those it may give again. What is as it was is
left out, within a poll here and beyond it by the ledger. A part of it can't be asked for, so that a backfill
is read by the list.
"""

from __future__ import annotations

from contextlib import aclosing, closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sources._crm.items import id_of
from sources._marks import Marks
from sources._servicetitan.feed_place import FeedPlace
from sources._servicetitan.records import ACTIVE, MODIFIED, time_of
from sources.base import Page
from sources.errors import BadConfig, Unavailable
from sources.http import PageGuard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from datetime import datetime

    from sources._servicetitan.api import Exported, ServicetitanApi
    from sources._servicetitan.customers import Customers
    from sources.base import PollRequest

#: A feed begins at a day, of a zone that is not told: a day more holds it in any.
_DAY: Final = timedelta(days=1)


@dataclass
class Exporting:
    """One poll by the export feed."""

    api: ServicetitanApi
    kind: str
    customers: Customers
    request: PollRequest
    #: Whether leads that were deleted are read too.
    include_deleted: bool = False
    _given: Marks = field(default_factory=Marks)

    async def pages(self) -> AsyncGenerator[Page, None]:
        """Yield what the feed has had since the token of the position.

        Raises:
            Unavailable: when the feed leads back, or a further page of it is refused.

        """
        place = FeedPlace.of(self.request.position)
        began: datetime | None = None
        guard = PageGuard()
        with closing(self._given):
            async with aclosing(self._answers(place, guard)) as answers:
                async for found in answers:
                    began = began or found.present
                    place = replace(place, token=found.token)
                    items = [each for each in found.items if self._is_wanted(each, place)]
                    place = place.having_seen(items, began)
                    records, bad = await self.customers.page([each for each in items if self._is_read(each)])
                    position = place.within() if found.more else place.at_the_end(began)
                    yield Page(records, position, last=not found.more, bad=bad)

    async def _answers(self, place: FeedPlace, guard: PageGuard) -> AsyncGenerator[Exported, None]:
        found = await self._first(place)
        yield found
        while found.more:
            guard.count(found.where)
            guard.ask(found.token.encode(), found.where)
            guard.take(found.items, found.where)
            try:
                found = await self.api.exported(self.kind, found.token)
            except BadConfig as error:  # the page before was taken, so no setting is at fault
                raise Unavailable(f"a further page was refused: {error}") from error
            yield found

    async def _first(self, place: FeedPlace) -> Exported:
        """Go on at the token; where it is refused by now, from the day of what was read last."""
        begins = (place.again - _DAY).date().isoformat() if place.again is not None else None
        if place.token is None:
            return await self.api.exported(self.kind, begins)
        try:
            return await self.api.exported(self.kind, place.token)
        except BadConfig as error:
            if error.setting is not None:
                raise
            return await self.api.exported(self.kind, begins)

    def _is_wanted(self, item: Any, place: FeedPlace) -> bool:
        """Tell whether an item lies behind where it all began, and was not given before as it is now."""
        at, key = time_of(item), id_of(item)
        if at is not None and place.since is not None and at < place.since:
            return False
        return key is None or self._given.put(key, str(item.get(MODIFIED)).encode())

    def _is_read(self, item: Any) -> bool:
        """Tell whether an item is one that the settings choose; inactive customers are in the list too."""
        is_deleted = self.kind == "leads" and isinstance(item, dict) and item.get(ACTIVE) is False
        return self.include_deleted or not is_deleted
