"""Reading a whole list by page numbers while it moves.

What is new stands at the end and moves nothing. What is deleted does: all behind it moves up by one, and
what was first on the next page is last on the one before it, where nobody looks any more. So after each page
the last item of the page before is asked for, by its own number. Where another one stands there, the list has
moved, and the reader goes back a page, as often as it takes.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from sources._crm.items import id_of, needed_id, records_of
from sources.base import Page, Record
from sources.errors import BadRecord, Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sources._housecallpro.api import Found, HousecallproApi

#: So often a list may move without a new page being read, beside once for each page that was read.
_MOST_MOVES: Final = 30
#: Repeats are dropped within so many items; going back reads some again.
_REMEMBERED: Final = 10_000


class Reading:
    """One poll.

    Args:
        api: what asks.
        kind: of an item, for people.
        size: of a page.

    """

    def __init__(self, api: HousecallproApi, kind: str, size: int) -> None:
        self._api = api
        self._kind = kind
        self._size = size
        #: The last id of each page that was read, the first page's first.
        self._ends: list[str | None] = []
        self._recent: OrderedDict[str, None] = OrderedDict()

    async def pages(self) -> AsyncGenerator[Page, None]:
        """Yield everything. No page has a position: there is nothing to go on from.

        Raises:
            Unavailable: when the list moves faster than it can be read, or ends before its end.

        """
        moves, furthest = 0, 0
        while True:
            number = len(self._ends) + 1
            found = await self._api.page(number, self._size)
            if await self._has_moved(found):
                self._ends.pop()
                moves += 1
                if moves > _MOST_MOVES + furthest:
                    raise Unavailable(f"{found.where}: the list moves faster than it can be read")
                continue
            last = number >= found.pages
            page = self._page(found, last=last)
            if last or page.records or page.bad:
                yield page
            if last:
                return
            if not found.items:
                raise Unavailable(f"{found.where}: page {number} of {found.pages} is empty; stopped there")
            self._size = found.size
            self._ends.append(id_of(found.items[-1]))
            if number > furthest:
                moves, furthest = 0, number

    async def _has_moved(self, found: Found) -> bool:
        """Tell whether the page before no longer ends where it did."""
        if not self._ends:
            return False
        if found.size != self._size:
            raise Unavailable(
                f"{found.where}: its pages are now of {found.size} and not of {self._size} items"
            )
        before = await self._api.page(len(self._ends) * self._size, 1)
        return [id_of(each) for each in before.items] != self._ends[-1:]

    def _page(self, found: Found, *, last: bool) -> Page:
        new = [each for each in found.items if self._is_new(each)]
        records, bad = page_of(new, self._kind)
        return Page(records, None, last=last, bad=bad)

    def _is_new(self, item: Any) -> bool:
        key = id_of(item)
        if key is None:
            return True
        known = key in self._recent
        self._recent[key] = None
        self._recent.move_to_end(key)
        if len(self._recent) > _REMEMBERED:
            self._recent.popitem(last=False)
        return not known


def page_of(items: Sequence[Any], kind: str) -> tuple[list[Record], list[BadRecord]]:
    """Return the records of items, and what could not be made one."""

    def record(item: Any, where: str) -> Record:
        key = needed_id(item, where)
        return Record(key, item, None, f"{kind.removesuffix('s')} {key}")

    return records_of(items, record)
