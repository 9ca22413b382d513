"""Reading a whole list, and holding what came against what the vendor says there is.

The first pass is by creation: what is new stands at the end, and is read. Leads of one moment, as an import
makes them, have no order among themselves though: one of them may stand on the next page when this one is
read, and on this one when the next is. Then fewer came than there are, or the list seems to move for ever;
it is read again by id, where each has one place.
"""

from __future__ import annotations

from contextlib import aclosing, closing
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from sources._crm.items import id_of, needed_id, records_of
from sources._housecallpro.passing import Moving, Pass
from sources._http.jsontext import stable_bytes
from sources._marks import Marks
from sources.base import Page, Record
from sources.errors import BadRecord, Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sources._housecallpro.api import Found, HousecallproApi, Order

#: So often a list is read in one poll. Each pass but the first is made for what the one before has brought.
_PASSES: Final[tuple[Order, ...]] = ("created_at", "id", "id", "id")
#: No id begins so.
_NAMELESS: Final = "\0"


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
        #: What was given already.
        self._given = Marks()
        #: Items that the pass at hand was the first to bring.
        self._new = 0

    async def pages(self) -> AsyncGenerator[Page, None]:
        """Yield everything. No page has a position: there is nothing to go on from.

        Raises:
            Unavailable: when the list moves faster than it can be read, ends before its end, or brings
                something else each time it is read.

        """
        with closing(self._given):
            for order in _PASSES:
                self._new = 0
                async with aclosing(self._once(order)) as pages:
                    async for page in pages:
                        yield page
                        if page.last:
                            return
        raise Unavailable(
            f"{self._api.where}: it says that there are more {self._kind} than it gives, and gives others "
            "each time it is read; the next poll reads it again"
        )

    async def _once(self, order: Order) -> AsyncGenerator[Page, None]:
        """Yield what one pass is the first to bring; the last page says so where nothing is missing."""
        try:
            async with aclosing(Pass(self._api, self._size, order).pages()) as passed:
                async for found, last in passed:
                    page = self._page(found)
                    missing = found.total - len(self._given) if last else 0
                    if last and (missing <= 0 or self._is_all(order)):
                        yield replace(page, last=True, notes=self._told(missing, found))
                    elif page.records or page.bad:
                        yield page
        except Moving:
            if order == "id":
                raise

    def _is_all(self, order: Order) -> bool:
        """Tell whether a pass by which nothing can slip has brought nothing new."""
        return order == "id" and not self._new

    def _told(self, missing: int, found: Found) -> list[str]:
        if missing <= 0:
            return []
        counts = f"{found.total:,} {self._kind} and gives {len(self._given):,}"
        return [f"{self._api.where} says that it has {counts}, also when read again by id"]

    def _page(self, found: Found) -> Page:
        new = [each for each in found.items if self._is_new(each)]
        self._new += len(new)
        records, bad = page_of(new, self._kind)
        return Page(records, None, last=False, bad=bad)

    def _is_new(self, item: Any) -> bool:
        return self._given.put(id_of(item) or _NAMELESS + blake2b(stable_bytes(item)).hexdigest())


def page_of(items: Sequence[Any], kind: str) -> tuple[list[Record], list[BadRecord]]:
    """Return the records of items, and what could not be made one."""

    def record(item: Any, where: str) -> Record:
        key = needed_id(item, where)
        return Record(key, item, None, f"{kind.removesuffix('s')} {key}")

    return records_of(items, record)
