"""Reading what changed: by search, which is limited, late, and not sorted by time as it says.

A search gives no more than 10,000 results, so a longer span is cut up. Within a span the next page is asked
for by id (`hs_object_id` above the last one), not by cursor: that has no end at 10,000, so that a bulk
update of any number of objects within one millisecond is read too. What changes meanwhile leaves the span
and is found by the next poll, since no position lies after the poll's beginning.
"""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sources._crm.spans import Look, Ruler, Span, small_spans
from sources._hubspot.api import SEARCHED, Found, HubspotApi
from sources._rest.progress import Progress
from sources._rest.requests import bounds, is_within
from sources.base import Page, PollRequest
from sources.errors import Unavailable
from sources.http import PageGuard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sources._hubspot.records import Shape
    from sources.http import Clock

#: A search has no more results than this.
MOST: Final = 10_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: HubSpot was founded in 2006. A search from 1970 on ends in a 500, so what is older is not asked for.
_BEGINNING: Final = datetime(2006, 1, 1, tzinfo=UTC)
_UNIT: Final = timedelta(milliseconds=1)


class Searching:
    """One poll by search.

    Args:
        api: what asks.
        shape: makes records.
        names: the properties to ask for.
        request: what the engine wants.

    """

    def __init__(self, api: HubspotApi, shape: Shape, names: Sequence[str], request: PollRequest) -> None:
        self._api = api
        self._shape = shape
        self._names = names
        self._request = request
        self._size = max(1, min(request.page_size, SEARCHED))
        self._progress: Progress | None = None

    async def pages(self, clock: Clock) -> AsyncGenerator[Page, None]:
        """Yield what changed in the span that is wanted, with a position after each part of it."""
        ruler = Ruler(_BEGINNING, clock.now(), _UNIT)
        async with aclosing(small_spans(self._whole(), ruler, self._look, MOST)) as spans:
            async for span, first in spans:
                async with aclosing(self._span(span, first)) as pages:
                    async for page in pages:
                        yield page

    def _whole(self) -> Span:
        low, high = bounds(self._request)
        until = _EPOCH - (_EPOCH - high) // _UNIT * _UNIT if high is not None else None  # rounded up
        return Span(low if low is not None and low > _BEGINNING else None, until)

    async def _look(self, span: Span) -> Look[Found]:
        found = await self._search(span, None)
        if self._progress is None:
            self._progress = Progress("unordered", self._request.position, found.present)
        return Look(found.total, found)

    async def _span(self, span: Span, found: Found) -> AsyncGenerator[Page, None]:
        """Yield all pages of one span; its last one has the position."""
        assert self._progress is not None  # noqa: S101 - made by the first look
        last, guard = 0, PageGuard()
        while True:
            guard.count(found.where)
            before, last = last, _last_id(found, last)
            ends = not found.items or (found.after is None and len(found.items) < self._size)
            if not found.items and found.after is not None:
                raise Unavailable(f"{found.where}: it says that there is more after nothing; stopped there")
            if last == before and not ends:
                raise Unavailable(f"{found.where}: a page of results without any id; stopped there")
            records, bad = self._shape.page(found.items)
            self._progress.see(records)
            wanted = [record for record in records if is_within(record, self._request.window)]
            yield Page(wanted, self._progress.position(last=True) if ends else None, last=False, bad=bad)
            if ends:
                return
            found = await self._search(span, last)

    async def _search(self, span: Span, above: int | None) -> Found:
        filters = [
            _filter(self._shape.modified, "GTE", _milliseconds(span.since)),
            _filter(self._shape.modified, "LT", _milliseconds(span.until)),
            _filter("hs_object_id", "GT", above),
        ]
        return await self._api.search([each for each in filters if each], self._names, self._size)


def _milliseconds(at: datetime | None) -> int | None:
    return None if at is None else (at - _EPOCH) // _UNIT


def _filter(name: str, operator: str, value: int | None) -> dict[str, str]:
    if value is None:
        return {}
    return {"propertyName": name, "operator": operator, "value": str(value)}


def _last_id(found: Found, last: int) -> int:
    """Return the id to go on after, once it is certain that nothing lies before it.

    Raises:
        Unavailable: when the results are not sorted by id; going on would lose some.

    """
    for item in found.items:
        number = _id(item)
        if number is None:
            continue
        if number <= last:
            raise Unavailable(f"{found.where}: the results are not sorted by hs_object_id, as was asked for")
        last = number
    return last


def _id(item: Any) -> int | None:
    text = str(item.get("id", "")) if isinstance(item, dict) else ""
    return int(text) if text.isdecimal() else None
