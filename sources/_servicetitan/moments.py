"""Reading a moment in which more changed than fits on a page: by id, with page numbers that are checked.

After a bulk update thousands of leads share a millisecond, and time alone does not tell them apart. The
list of that moment is asked for by id. What changes anew meanwhile leaves it, and what is behind moves up;
the count of the list tells, and the reader goes back by as many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sources._crm.items import id_of
from sources._servicetitan.records import time_of
from sources.errors import Unavailable
from sources.http import PageGuard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from datetime import datetime

    from sources._servicetitan.api import Found, ServicetitanApi


class Moment:
    """Everything that changed within a few milliseconds.

    Args:
        api: what asks.
        kind: leads or customers.
        since: inclusive.
        until: exclusive.
        size: of a page.

    """

    def __init__(self, api: ServicetitanApi, kind: str, since: datetime, until: datetime, size: int) -> None:
        self._api = api
        self._kind = kind
        self._since = since
        self._until = until
        self._size = size

    async def pages(self) -> AsyncGenerator[tuple[list[Any], bool], None]:
        """Yield items in the order of their ids, and whether these were the last.

        Raises:
            Unavailable: when the list does not tell its count, is not sorted by id, or has no end.

        """
        number, furthest, last, total = 1, 0, -1, None
        guard = PageGuard()
        while True:
            guard.count(self._kind)
            found = await self._page(number)
            if total is not None and _count(found) < total:
                number = max(1, number - 1 - (total - _count(found)) // self._size)
                total = _count(found)
                continue
            total = _count(found)
            items, last = self._after(found, last)
            if not items and found.more and number > furthest:
                raise Unavailable(f"{found.where}: a page begins where one began already; stopped there")
            yield items, not found.more
            if not found.more:
                return
            furthest = max(furthest, number)
            number += 1

    async def _page(self, number: int) -> Found:
        return await self._api.listed(
            self._kind,
            modifiedOnOrAfter=self._since,
            modifiedBefore=self._until,
            sort="+Id",
            page=number,
            pageSize=self._size,
            includeTotal="true",
        )

    def _after(self, found: Found, last: int) -> tuple[list[Any], int]:
        """Return what lies behind an id and within the moment, and the last id of the page."""
        ids = [int(key) for each in found.items if (key := id_of(each)) is not None and key.isdecimal()]
        if ids != sorted(ids):
            raise Unavailable(f"{found.where}: the list is not sorted by Id, as was asked for")
        items = [each for each in found.items if self._is_new(each, last)]
        return items, max([last, *ids])

    def _is_new(self, item: Any, last: int) -> bool:
        """Tell whether an item is to be read; what has no id is, so that it is told."""
        key, at = id_of(item), time_of(item)
        behind = key is None or not key.isdecimal() or int(key) > last
        return behind and (at is None or self._since <= at < self._until)


def _count(found: Found) -> int:
    if found.total is None:
        raise Unavailable(f"{found.where}: it does not tell how many there are, as was asked")
    return found.total
