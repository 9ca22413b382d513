"""Reading what changed, sorted by the time of the change.

The list has pages by number, and a page by number loses a record when one before it changes and moves to the
end. So the next page is asked for by time: the first page of what changed since the last record. Where a
whole page is of one second, see `Tied`. COQL, which could do all this by itself, is not used: it takes a
scope more, and does not say which leads are converted.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sources._crm.items import records_of
from sources._rest.progress import Progress
from sources._rest.requests import bounds, is_within
from sources._zoho.api import LARGEST, SECOND, Found, Part, ZohoApi
from sources._zoho.batches import batches, completed
from sources._zoho.ordered import ordered
from sources._zoho.records import record, time_of
from sources._zoho.tied import Tied
from sources.base import Page, Position, Record
from sources.http import PageGuard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sources.base import PollRequest
    from sources.errors import BadRecord

#: Zoho CRM is of 2005; what is older is not asked for.
_BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class Reading:
    """One poll."""

    api: ZohoApi
    names: Sequence[str]
    request: PollRequest

    def __post_init__(self) -> None:
        self._first, *self._further = batches(self.names)
        low, self._high = bounds(self.request)
        self._part = Part(_just_before(low), max(1, min(self.request.page_size, LARGEST)))
        self._given: dict[str, datetime] = {}
        self._progress: Progress | None = None

    async def pages(self) -> AsyncGenerator[Page, None]:
        """Yield all that changed. Only pages that are not read again carry a position.

        Raises:
            Unavailable: when the order is not such that nothing is lost.

        """
        async with aclosing(self._found()) as founds:
            async for found, is_settled, last in founds:
                records, bad = await self._taken(found)
                yield Page(records, self._position() if is_settled else None, last, bad)

    async def _found(self) -> AsyncGenerator[tuple[Found, bool, bool], None]:
        """Yield pages, each with whether all up to its end has been read, and whether it is the last."""
        part, guard = self._part, PageGuard()
        while True:
            guard.count(self.api.place)
            found, newest = await ordered(self.api, self._first, part)
            if not self._ends(found, newest) and not part.is_behind(newest):
                tied = Tied(self.api, self._first, part, self._ends)
                async with aclosing(tied.pages()) as founds:
                    async for each in founds:
                        yield each, False, False
                found, newest = tied.tail or (found, newest)
            last = newest is None or self._ends(found, newest)
            yield found, True, last
            if newest is None or last:
                return
            self._given = {key: at for key, at in self._given.items() if at >= newest - SECOND}
            part = Part(newest - SECOND, part.size)

    def _ends(self, found: Found, newest: datetime | None) -> bool:
        """Tell whether nothing that is wanted comes after a page."""
        is_past = self._high is not None and newest is not None and newest >= self._high
        return is_past or not found.more or not found.items

    async def _taken(self, found: Found) -> tuple[list[Record], list[BadRecord]]:
        """Return the records of a page that were not on one before."""
        if self._progress is None:
            self._progress = Progress("unordered", self.request.position, found.present)
        items = [item for item in found.items if not self._is_given(item)]
        records, bad = records_of(await completed(self.api, items, self._further), record)
        self._progress.see(records)
        return [each for each in records if is_within(each, self.request.window)], bad

    def _position(self) -> Position | None:
        return self._progress.position(last=True) if self._progress is not None else None

    def _is_given(self, item: Any) -> bool:
        """Tell whether a record was on a page before as it is now, and remember that it is on this one."""
        at = time_of(item)
        if at is None or not item.get("id"):
            return False
        key = str(item["id"])
        known = self._given.get(key) == at
        self._given[key] = at
        return known


def _just_before(low: datetime | None) -> datetime | None:
    """Return the second before a moment; None where that is from before all records."""
    return low.replace(microsecond=0) - SECOND if low is not None and low > _BEGINNING else None
