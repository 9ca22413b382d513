"""One poll by search: leads that changed, and before them leads of whom only a person did.

A search gives the newest first, so that a poll is over when it meets what is older than its position. A long
span is cut into days, oldest first, with a position after each part; a day on which too much changed is read
by when its leads were created, as Close advises.
"""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from sources._close.queries import LARGEST, Kind, Part, found_in
from sources._close.records import page_of, time_of, with_people
from sources._crm.spans import Look, Ruler, Span, small_spans
from sources._rest.progress import Progress
from sources._rest.requests import bounds
from sources.base import Page, PollRequest, Position
from sources.errors import Unavailable
from sources.http import PageGuard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sources._close.api import CloseApi, Found

#: A span with more leads than this is cut, unless it is a day.
MOST: Final = 2_000
#: Close was founded in 2011; nothing in it is older.
_BEGINNING: Final = datetime(2011, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_OF_PEOPLE: Final = ("id", "lead_id", "date_updated", "date_created")


class Reading:
    """Reads what changed in the span that is wanted.

    Args:
        api: what asks.
        names: the fields to ask for.
        request: what the engine wants.

    """

    def __init__(self, api: CloseApi, names: Sequence[str], request: PollRequest) -> None:
        self._api = api
        self._names = names
        self._request = request
        self._size = max(1, min(request.page_size, LARGEST))
        self._span = Span(*bounds(request))
        self._ceiling: datetime | None = None
        self._progress: Progress | None = None
        #: The newest change of a person; it counts at the end, when all leads up to then were read too.
        self._newest_person: datetime | None = None
        #: What holds until the next part of the span is done.
        self._safe = request.position

    def position(self) -> Position | None:
        """Return where things stand at the end."""
        at, person = self._safe.at if self._safe else None, self._newest_person
        if person is None or (isinstance(at, datetime) and at >= person):
            return self._safe
        return Position(at=person)

    async def people(self, now: datetime) -> AsyncGenerator[Page, None]:
        """Yield leads one of whose people changed, and that did not change themselves."""
        async with aclosing(self._parts("contact", now)) as parts:
            async for part, first in parts:
                async with aclosing(self._pages("contact", part, first)) as pages:
                    async for found, _ in pages:
                        yield await self._of_people([each for each in found.items if part.holds(each)])

    async def leads(self, now: datetime) -> AsyncGenerator[Page, None]:
        """Yield leads that changed, with a position after each part of the span."""
        async with aclosing(self._parts("lead", now)) as parts:
            async for part, first in parts:
                async with aclosing(self._pages("lead", part, first)) as pages:
                    async for found, ends in pages:
                        yield self._page(found, part, ends=ends and part.is_whole)
        # A day that was read by when its leads were created is done only now.
        if self._progress is not None:
            self._safe = self._progress.position(last=True)

    async def _parts(self, kind: Kind, now: datetime) -> AsyncGenerator[tuple[Part, Found], None]:
        """Yield parts of the span, each with its first page: days where there is much, or slices of one."""

        async def look(span: Span) -> Look[Found]:
            return await self._look(kind, Part(span))

        ruler = Ruler(_BEGINNING, now, _DAY)
        async with aclosing(small_spans(self._span, ruler, look, MOST)) as spans:
            async for span, first in spans:
                if first.total <= MOST or _reaches_back(first, span):
                    yield Part(span), first
                    continue
                async with aclosing(self._slices(kind, span, ruler)) as slices:
                    async for sliced in slices:
                        yield sliced

    async def _slices(self, kind: Kind, day: Span, ruler: Ruler) -> AsyncGenerator[tuple[Part, Found], None]:
        """Yield a day on which too much changed, as by a bulk edit, in slices by time of creation."""

        async def look(span: Span) -> Look[Found]:
            return await self._look(kind, Part(day, span))

        async with aclosing(small_spans(Span(), ruler, look, MOST)) as spans:
            async for span, first in spans:
                yield Part(day, span), first

    async def _look(self, kind: Kind, part: Part) -> Look[Found]:
        names = self._names if kind == "lead" else _OF_PEOPLE
        found = await self._api.search(found_in(kind, part, names, self._size))
        self._ceiling = self._ceiling or found.present
        return Look(found.total, found)

    async def _pages(self, kind: Kind, part: Part, found: Found) -> AsyncGenerator[tuple[Found, bool], None]:
        """Yield the pages of a search as far back as the part goes, and whether each is the last."""
        order, guard = Progress("descending", None, found.present), PageGuard()
        read, total = 0, found.total
        while True:
            guard.count(found.where)
            records, _ = page_of(found.items)
            order.see(records)
            read += len(found.items)
            past = order.is_past(records, part.changed.since)
            is_short = found.following is None and not past and read < total
            if is_short and (total > MOST or found.breaks_off):
                raise Unavailable(f"{found.where}: it gives only {read:,} of the {total:,} {kind}s there are")
            yield found, past or found.following is None
            if past or found.following is None:
                return
            guard.take(found.items, found.where)
            guard.ask(found.following.digest(), found.where)
            found = await self._api.follow(found.following)

    def _page(self, found: Found, part: Part, *, ends: bool) -> Page:
        progress = self._begun(found.present)
        records, bad = page_of([item for item in found.items if part.holds(item)])
        progress.see(records)
        if ends:
            self._safe = progress.position(last=True)
        return Page(records, self._safe, last=False, bad=bad)

    async def _of_people(self, people: Sequence[Any]) -> Page:
        """Return the leads of these people, but for those that are read anyway."""
        limit = self._ceiling or _BEGINNING
        times = [at for each in people if (at := _changed(each)) and at <= limit]
        self._newest_person = max([*times, self._newest_person or _BEGINNING])
        keys = [str(each["lead_id"]) for each in people if isinstance(each, dict) and each.get("lead_id")]
        items = await self._api.leads(list(dict.fromkeys(keys)), self._names)
        whole = Part(self._span)
        records, bad = page_of([item for item in items if _changed(item) is None or not whole.holds(item)])
        return Page([with_people(each) for each in records], self._safe, last=False, bad=bad)

    def _begun(self, present: datetime) -> Progress:
        if self._progress is None:
            self._progress = Progress("unordered", self._request.position, self._ceiling or present)
        return self._progress


def _changed(item: Any) -> datetime | None:
    return time_of(item.get("date_updated")) if isinstance(item, dict) else None


def _reaches_back(first: Found, span: Span) -> bool:
    """Tell whether the first page goes back to where the span begins already, so that no more is needed."""
    times = [_changed(item) for item in first.items]
    falling = all(later and earlier and later >= earlier for later, earlier in pairwise(times))
    return bool(times) and falling and span.since is not None and (times[-1] or span.since) < span.since
