"""One pass over a whole list by page numbers while it moves.

What is deleted moves all behind it up by one, and what was first on the next page is last on the one before
it, where nobody looks any more. So after each page the last item of the page before is asked for, by its own
number. Where another one stands there, the list has moved, and the reader goes back a page, as often as it
takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sources._crm.items import id_of
from sources.errors import Unavailable
from sources.http import PageGuard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from sources._housecallpro.api import Found, HousecallproApi, Order

#: So often a list may move without a new page being read, beside once for each page that was read.
_MOST_MOVES: Final = 30


class Moving(Unavailable):
    """A list moves faster than it can be read."""


class Pass:
    """Goes through a list once.

    Args:
        api: what asks.
        size: of a page.
        order: of the list.

    """

    def __init__(self, api: HousecallproApi, size: int, order: Order) -> None:
        self._api = api
        self._size = size
        self._order: Order = order
        #: The last id of each page that was read, the first page's first.
        self._ends: list[str | None] = []

    async def pages(self) -> AsyncGenerator[tuple[Found, bool], None]:
        """Yield pages, some of them again, and whether each is the last.

        Raises:
            Moving: when it moves faster than it can be read.
            Unavailable: when it ends before its end, or has none.

        """
        moves, furthest, guard = 0, 0, PageGuard()
        while True:
            number = len(self._ends) + 1
            guard.count(self._api.where)
            found = await self._api.page(number, self._size, self._order)
            if await self._has_moved(found):
                self._ends.pop()
                moves += 1
                if moves > _MOST_MOVES + furthest:
                    raise Moving(f"{found.where}: the list moves faster than it can be read")
                continue
            last = number >= found.pages
            yield found, last
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
        before = await self._api.page(len(self._ends) * self._size, 1, self._order)
        return [id_of(each) for each in before.items] != self._ends[-1:]
