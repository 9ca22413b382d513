"""Records of one second that are more than a page.

Their pages go by number, and by token after the first 2,000. A record that changes or goes meanwhile moves
all behind it one place up, and one is lost between two pages. So they are read again, until two passes in a
row have met the same: then none has gone while they were read, and so none was lost.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from sources._zoho.api import SECOND
from sources._zoho.ordered import ordered
from sources._zoho.records import time_of
from sources.errors import Unavailable
from sources.http import PageGuard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from datetime import datetime

    from sources._zoho.api import Found, Part, ZohoApi

#: Pages have numbers up to this record.
_NUMBERED: Final = 2_000
_MOST_PASSES: Final = 6


@dataclass
class Tied:
    """Reads them."""

    api: ZohoApi
    names: Sequence[str]
    #: The first page of them.
    first: Part
    #: Tells whether nothing that is wanted comes after a page, given it and the time of its last record.
    ends: Callable[[Found, datetime | None], bool]
    #: The last page of the last pass, with the time of its last record: where to go on.
    tail: tuple[Found, datetime | None] | None = field(default=None, init=False)

    async def pages(self) -> AsyncGenerator[Found, None]:
        """Yield the pages of pass after pass.

        Raises:
            Unavailable: when they don't come to rest, or a page leads back.

        """
        before: set[str] | None = None
        for _ in range(_MOST_PASSES):
            met: set[str] = set()
            async with aclosing(self._pass()) as founds:
                async for found in founds:
                    met |= self._of_them(found)
                    yield found
            if met == before:
                return
            before = met
        raise Unavailable(f"{self.api.place}: many records of one second change while they are read")

    async def _pass(self) -> AsyncGenerator[Found, None]:
        part, guard = self.first, PageGuard()
        while True:
            guard.count(self.api.place)
            guard.ask(repr(part).encode(), self.api.place)
            self.tail = found, newest = await ordered(self.api, self.names, part)
            yield found
            if self.ends(found, newest) or self.first.is_behind(newest):
                return
            part = _next(part, found)

    def _of_them(self, found: Found) -> set[str]:
        """Return the ids of a page's records that are of the second, or of the one before."""
        limit = None if self.first.since is None else self.first.since + SECOND
        there = ((item, time_of(item)) for item in found.items)
        return {str(item.get("id")) for item, at in there if at is not None and limit and at <= limit}


def _next(part: Part, found: Found) -> Part:
    """Return the part after a page.

    Raises:
        Unavailable: when there is no way to it.

    """
    if part.token is None and (part.page + 1) * part.size <= _NUMBERED:
        return replace(part, page=part.page + 1)
    if found.token is None:
        raise Unavailable(f"{found.where}: more records of one second, and no page_token to them")
    return replace(part, token=found.token)
