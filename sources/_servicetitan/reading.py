"""Reading what changed, in the order of its time, without page numbers.

A list that is sorted by the time of the change moves while it is read: what changes goes to its end, and
all behind it moves up, so that the next page by number would leave some out. Each page is therefore asked
for by time: from the millisecond of the last item on, once more. Page numbers are used only where more
items than a page share a moment, see `moments`.
"""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from sources._crm.items import id_of
from sources._rest.progress import Progress
from sources._rest.requests import bounds, is_within
from sources._servicetitan.moments import Moment
from sources._servicetitan.records import MODIFIED, time_of
from sources.base import Page, PollRequest
from sources.errors import Unavailable
from sources.http import PageGuard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sources._servicetitan.api import Found, ServicetitanApi
    from sources._servicetitan.customers import Customers

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: Times are asked for to the millisecond, though ServiceTitan may keep them finer.
_UNIT: Final = timedelta(milliseconds=1)
#: What "on or after" is asked from, before the time meant: of customers the vendor says "after".
_BEFORE: Final = _UNIT
#: How much is read at once where a whole page is of one moment.
_MOMENT: Final = 3 * _UNIT
#: The largest pages that are asked for; how large they may be is not told.
_LARGEST: Final = 500


class Reading:
    """One poll of one kind.

    Args:
        api: what asks.
        kind: leads or customers.
        customers: makes records.
        request: what the engine wants.

    """

    def __init__(self, api: ServicetitanApi, kind: str, customers: Customers, request: PollRequest) -> None:
        self._api = api
        self._kind = kind
        self._customers = customers
        self._request = request
        self._size = max(1, min(request.page_size, _LARGEST))
        self._progress: Progress | None = None
        #: What was read already and may come once more.
        self._seen: frozenset[tuple[str | None, str]] = frozenset()

    async def pages(self) -> AsyncGenerator[Page, None]:
        """Yield what changed in the span that is wanted, oldest first.

        Raises:
            Unavailable: when the list is not sorted as was asked for, or would have no end.

        """
        low, high = bounds(self._request)
        since = _floor(low) - _BEFORE if low is not None else None
        until = _floor(high) + _UNIT if high is not None else None
        guard = PageGuard()
        while True:
            guard.count(self._kind)
            found = await self._from(since, until)
            times = _times(found, since)
            begins = since if since is not None or not times else _floor(times[0]) - _BEFORE
            following = _floor(times[-1]) - _BEFORE if times else None
            if found.more and begins is not None and (following is None or following <= begins):
                async with aclosing(self._moment(begins)) as pages:
                    async for page in pages:
                        yield page
                since = begins + _MOMENT - _BEFORE
                continue
            items = [each for each in found.items if not _is_before(each, since)]
            yield await self._page(items, following, last=not found.more)
            if not found.more:
                return
            since = following

    async def _from(self, since: datetime | None, until: datetime | None) -> Found:
        found = await self._api.listed(
            self._kind,
            modifiedOnOrAfter=since,
            modifiedBefore=until,
            sort="+ModifiedOn",
            page=1,
            pageSize=self._size,
        )
        self._progress = self._progress or Progress("unordered", self._request.position, found.present)
        return found

    async def _moment(self, since: datetime) -> AsyncGenerator[Page, None]:
        """Yield all of a moment; its last page has the position."""
        moment = Moment(self._api, self._kind, since, since + _MOMENT, self._size)
        kept: set[tuple[str | None, str]] = set()
        async with aclosing(moment.pages()) as lots:
            async for items, last in lots:
                yield await self._page(items, None, holds=last)
                kept |= _versions(items, since + _MOMENT - _BEFORE)
        self._seen = frozenset(kept)

    async def _page(
        self, items: Sequence[Any], following: datetime | None, *, last: bool = False, holds: bool = True
    ) -> Page:
        """Return a page of what was not read before in this poll."""
        assert self._progress is not None  # noqa: S101 - made by the first answer
        new = [each for each in items if _version(each) not in self._seen]
        if following is not None:
            self._seen = _versions(items, following)
        records, bad = await self._customers.page(new)
        self._progress.see(records)
        wanted = [record for record in records if is_within(record, self._request.window)]
        return Page(wanted, self._progress.position(last=True) if holds else None, last=last, bad=bad)


def _floor(at: datetime) -> datetime:
    return _EPOCH + (at - _EPOCH) // _UNIT * _UNIT


def _is_before(item: Any, since: datetime | None) -> bool:
    """Tell whether an item was not asked for, as where times are heeded to the second only."""
    at = time_of(item)
    return at is not None and since is not None and at < since


def _version(item: Any) -> tuple[str | None, str]:
    return id_of(item), str(item.get(MODIFIED)) if isinstance(item, dict) else ""


def _versions(items: Sequence[Any], since: datetime) -> frozenset[tuple[str | None, str]]:
    """Return what an answer from this time on would hold again."""
    return frozenset(_version(each) for each in items if (at := time_of(each)) is not None and at >= since)


def _times(found: Found, since: datetime | None) -> list[datetime]:
    """Return the times of a page, once it is certain that going on by them loses nothing.

    Raises:
        Unavailable: when it is not sorted by time, or all of it was not asked for, or has no time.

    """
    times = [at for each in found.items if (at := time_of(each)) is not None]
    if any(a > b for a, b in pairwise(times)):
        raise Unavailable(f"{found.where}: the list is not sorted by ModifiedOn, as was asked for")
    if found.more and times and since is not None and times[-1] < since:
        raise Unavailable(f"{found.where}: a whole page changed before the time that was asked for")
    if found.more and not times:
        raise Unavailable(f"{found.where}: there is more after a page without any {MODIFIED}; stopped there")
    return times
