"""One poll: the pages of leads or persons in the order of update_time, with positions.

The order is relied on as far as it is seen to hold: a page out of order brings no position, and the poll is
then worth its position only when it has come to its end.
"""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sources._pipedrive.api import LARGEST, Between, Found, PipedriveApi
from sources._pipedrive.offsets import Offsets, Shifted
from sources._pipedrive.records import Narrowed, page_of
from sources._rest.progress import Progress
from sources._rest.requests import bounds, is_within
from sources.base import Page, Position

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sources.base import PollRequest, Record

#: So often a list may move away without anything having been read in between.
_MOST_SHIFTS: Final = 3
_UNORDERED: Final = "Pipedrive's answer is not in the order of update_time, as was asked for"


class Reading:
    """Reads what changed in the span that is wanted.

    Args:
        api: what asks.
        request: what the engine wants.

    """

    def __init__(self, api: PipedriveApi, request: PollRequest) -> None:
        self._api = api
        self._request = request
        self._size = max(1, min(request.page_size, LARGEST))
        self._since, self._until = bounds(request)
        self._progress: Progress | None = None
        #: The newest time of the last page.
        self._reached: datetime | None = None
        #: After a list moved away: what lies before this was given already.
        self._floor: datetime | None = None

    def position(self) -> Position | None:
        """Return where things stand at the end."""
        return self._progress.position(last=True) if self._progress else self._request.position

    async def persons(self) -> AsyncGenerator[Page, None]:
        """Yield persons."""
        between = Between(self._since, self._until)
        found_pages = self._api.persons(self._size, between, Narrowed.to(self._request.fields))
        async with aclosing(found_pages) as pages:
            async for found in pages:
                yield self._page(found)

    async def leads(self) -> AsyncGenerator[Page, None]:
        """Yield leads that are not archived; a list that moved away is found again by time."""
        since, shifts, done = self._since, 0, False
        while not done:
            try:
                async with aclosing(self._leads_since(since)) as pages:
                    async for page in pages:
                        yield page
                done = True
            except Shifted:
                shifts = shifts + 1 if self._reached in (None, since) else 0
                if shifts >= _MOST_SHIFTS or not self._in_order:
                    raise
                since = self._floor = self._reached or since

    async def archived(self) -> AsyncGenerator[Page, None]:
        """Yield archived leads, newest first and as far back as is wanted: this list knows no `since`."""
        progress: Progress | None = None

        async def ask(start: int, limit: int) -> Found:
            return await self._api.leads(start, limit, sort="DESC", archived=True)

        async with aclosing(Offsets(ask, self._size).pages()) as pages:
            async for found in pages:
                self._begin(found)
                progress = progress or Progress("descending", None, found.present)
                records, bad = page_of(found.items)
                progress.see(records)
                yield Page(self._within(records), self._request.position, last=False, bad=bad)
                if progress.is_past(records, self._since):
                    return

    async def _leads_since(self, since: datetime | None) -> AsyncGenerator[Page, None]:
        async def ask(start: int, limit: int) -> Found:
            return await self._api.leads(start, limit, since)

        async with aclosing(Offsets(ask, self._size).pages()) as pages:
            async for found in pages:
                page = self._page(found)
                yield page
                if self._in_order and self._until and self._reached and self._reached >= self._until:
                    return

    def _page(self, found: Found) -> Page:
        progress = self._begin(found)
        records, bad = page_of(found.items)
        records = [
            each for each in records if self._floor is None or (_time(each) or self._floor) >= self._floor
        ]
        told = progress.see(records)
        self._reached = max((at for each in records if (at := _time(each))), default=self._reached)
        notes = (_UNORDERED,) if told else ()
        return Page(self._within(records), progress.position(last=False), last=False, bad=bad, notes=notes)

    @property
    def _in_order(self) -> bool:
        return self._progress is None or self._progress.sorted

    def _begin(self, found: Found) -> Progress:
        if self._progress is None:
            self._progress = Progress("ascending", self._request.position, found.present)
        return self._progress

    def _within(self, records: Sequence[Record]) -> list[Record]:
        return [record for record in records if is_within(record, self._request.window)]


def _time(record: Record) -> datetime | None:
    return record.changed if isinstance(record.changed, datetime) else None
