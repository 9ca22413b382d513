"""A list that is read by offset while it changes: v1 has no cursor for leads.

A lead that is changed or taken away moves those behind it up by one, and a reader that counts on would skip
one. So each page begins with the last lead of the page before; when it does not, something has moved, and
the reader steps back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sources._pipedrive.api import LARGEST, Found
from sources.errors import Unavailable
from sources.http import PageGuard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

#: The smallest page that has room for the lead that was read before, and a new one.
_SMALLEST: Final = 2


class Shifted(Unavailable):
    """So much of a list has moved that the place is lost."""


class Offsets:
    """One read of a list.

    Args:
        ask: returns the page from an offset on, of at most so many.
        size: how many are wanted at a time.

    """

    def __init__(self, ask: Callable[[int, int], Awaitable[Found]], size: int) -> None:
        self._ask = ask
        self._limit = min(max(size + 1, _SMALLEST), LARGEST)

    async def pages(self) -> AsyncGenerator[Found, None]:
        """Yield page after page, each without what the one before had.

        Raises:
            Shifted: when the list has moved by more than a page.
            Unavailable: when it gives the same page again and again.

        """
        start, known = 0, frozenset[str]()
        guard = PageGuard()
        while True:
            start, found = await self._joined(start, known)
            guard.count(found.answer.where)
            new = [item for item in found.items if _mark(item) not in known]
            yield replace(found, items=new)
            if not found.more:
                return
            if not new:
                what = "a page that was read already" if found.items else "nothing, and says there is more"
                raise Unavailable(f"{found.answer.where}: it gives {what}; stopped there")
            known = frozenset(map(_mark, found.items))
            start += len(found.items) - 1

    async def _joined(self, start: int, known: frozenset[str]) -> tuple[int, Found]:
        """Return a page that begins with something known, and its offset; the first page knows nothing."""
        for offset in (start, max(0, start - self._limit + 1)):
            found = await self._ask(offset, self._limit)
            if start == 0 or (found.items and _mark(found.items[0]) in known):
                return offset, found
        raise Shifted(f"{found.answer.where}: the list changes faster than it can be read; stopped there")


def _mark(item: Any) -> str:
    """Return what tells one state of a lead from all others."""
    return f"{item.get('id')} {item.get('update_time')}" if isinstance(item, dict) else repr(item)
