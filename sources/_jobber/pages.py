"""Pages of lists that Jobber has the points for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sources._jobber.failures import TooDear
from sources._jobber.queries import listing
from sources.http import PageGuard

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sources._crm.spans import Span
    from sources._jobber.api import Found, JobberApi

#: The largest page that is asked for. Jobber gives up to 100, for twice the points.
LARGEST: Final = 50


class Pages:
    """Asks for pages, smaller ones from then on when one takes more points than there are ever.

    Args:
        api: what asks.
        selection: what to ask of each record, see `queries.selected`.
        size: the page that is wanted.

    """

    def __init__(self, api: JobberApi, selection: str, size: int) -> None:
        self._api = api
        self._plain = listing(api.kind, selection)
        self._counted = listing(api.kind, selection, counted=True)
        self._times = listing(api.kind, "updatedAt")
        #: At most so many records are asked for at once.
        self.size = max(1, min(size, LARGEST))
        self._guard = PageGuard()

    async def first(self, span: Span) -> Found:
        """Return the first page of a span."""
        return await self._sized(lambda size: self._page(self._plain, span, size, None))

    async def counted(self, span: Span, after: str | None) -> Found:
        """Return the page of a span behind a cursor, with how many there are on all pages."""
        return await self._sized(lambda size: self._page(self._counted, span, size, after))

    async def times(self, span: Span) -> Found:
        """Return the first page of a span with nothing but the times of its records: a point for each."""
        return await self._page(self._times, span, self.size, None)

    async def _sized(self, page: Callable[[int], Awaitable[Found]]) -> Found:
        while True:
            try:
                return await page(self.size)
            except TooDear as error:
                if self.size == 1:
                    raise
                self.size = max(1, min(self.size - 1, int(self.size * error.share)))

    async def _page(self, query: str, span: Span, size: int, after: str | None) -> Found:
        self._guard.count(self._api.url)
        return await self._api.listed(query, span, size, after)
