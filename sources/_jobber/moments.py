"""Reading a second in which more changed than fits on a page, as by an import: by cursors, and counted.

Jobber's cursors are places in a list, as far as can be seen. What changes anew meanwhile leaves the list of
that second, and all behind it moves up, past the cursor. The count tells; the second is then read once more.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from sources._crm.items import id_of
from sources.errors import Unavailable
from sources.http import LoopGuard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from sources._crm.spans import Span
    from sources._jobber.api import Found
    from sources._jobber.pages import Pages

#: How often a second is read that does not come to rest.
_MOST: Final = 30


class Moment:
    """Everything that changed within a second.

    Args:
        pages: what asks.
        span: the second.

    """

    def __init__(self, pages: Pages, span: Span) -> None:
        self._pages = pages
        self._span = span
        #: All that was given, in whatever pass.
        self._given: set[str | None] = set()

    async def lots(self) -> AsyncGenerator[tuple[list[Any], bool], None]:
        """Yield items that were not given before, and whether these were the last.

        Raises:
            Unavailable: when pages repeat, or have no end, or the list does not come to rest.

        """
        for _ in range(_MOST):
            async with aclosing(self._once()) as lots:
                async for items, is_whole in lots:
                    yield items, is_whole
                    if is_whole:
                        return
        raise Unavailable("the records of one second change while they are read; the next poll tries again")

    async def _once(self) -> AsyncGenerator[tuple[list[Any], bool], None]:
        """Yield page by page, to the end or to where some are gone, and of the last whether all were seen."""
        guard, cursor, total, seen = LoopGuard(), None, 0, set[str | None]()
        while True:
            found = await self._pages.counted(self._span, cursor)
            if (found.total or 0) < total:
                return
            total, before = found.total or 0, len(seen)
            seen.update(map(id_of, found.items))
            yield self._new(found), not found.more and len(seen) >= total
            if not found.more:
                return
            cursor = found.cursor
            if len(seen) in (before, total):
                raise Unavailable(f"{found.where}: it says that there is more after the last; stopped there")
            if cursor is None or guard.repeats(cursor.encode()):
                raise Unavailable(f"{found.where}: a page begins where one began already; stopped there")

    def _new(self, found: Found) -> list[Any]:
        new = [each for each in found.items if id_of(each) not in self._given]
        self._given.update(map(id_of, found.items))
        return new
