"""Reading what changed, in spans of time that fit on one page.

Requests can't be sorted by the time of their change, and a cursor is a place in a list that moves when a
record changes. So a span is asked for with one page; if there is more, it is cut where the times of that page
say, and each part is looked at by its times alone first, which takes few points. Nothing depends on the order
of a list, and within a page records are sorted here.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from operator import ge, le
from typing import TYPE_CHECKING, Any, Final

from sources._crm.items import records_of
from sources._crm.spans import Span
from sources._jobber.moments import Moment
from sources._jobber.records import is_wanted, place_of, record, time_of
from sources._rest.progress import Progress
from sources._rest.requests import bounds, is_within
from sources.base import Page

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sources._jobber.api import Found, JobberApi
    from sources._jobber.pages import Pages
    from sources.base import PollRequest

_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the span that is wanted."""

    span: Span
    #: Whether it fits on a page, as far as could be seen: then its times are not looked at before.
    may_fit: bool


class Reading:
    """One poll.

    Args:
        api: what asks.
        pages: what asks for pages of it.
        request: what the engine wants.

    """

    def __init__(self, api: JobberApi, pages: Pages, request: PollRequest) -> None:
        self._api = api
        self._pages = pages
        self._request = request
        self._progress: Progress | None = None
        #: Jobber's clock when the poll began. What changed later moves no position.
        self._began: datetime | None = None

    async def pages(self) -> AsyncGenerator[Page, None]:
        """Yield all that changed, oldest first. Only pages up to which all was read carry a position.

        Raises:
            Unavailable: when pages repeat, or have no end.

        """
        held: list[Any] = []
        async with aclosing(self._lots()) as lots:
            async for span, items, is_settled, is_last in lots:
                held += [each for each in items if _holds(span, time_of(each))]
                if is_settled and not is_last and not self._moves_on(held):
                    continue
                yield self._page(held, is_settled=is_settled, is_last=is_last)
                held = []

    async def _lots(self) -> AsyncGenerator[tuple[Span, Sequence[Any], bool, bool], None]:
        """Yield what spans hold, whether all up to their end was read, and whether it is the last."""
        waiting = [Part(_whole_seconds(self._request), may_fit=True)]
        while waiting:
            part = waiting.pop()
            span, found = part.span, await self._first(part)
            if not found.more:
                yield span, found.items, True, not waiting
                continue
            parts = _cut(span, found.items)
            if parts is not None:
                waiting += reversed(parts)
                continue
            async with aclosing(Moment(self._pages, span).lots()) as lots:
                async for items, is_whole in lots:
                    yield span, items, is_whole, is_whole and not waiting

    async def _first(self, part: Part) -> Found:
        """Return the first page of a part, with nothing but times where it does not fit on it."""
        if not part.may_fit:
            found = await self._pages.times(part.span)
            if found.more:
                return found
        found = await self._pages.first(part.span)
        self._began = self._began or found.present
        return found

    def _moves_on(self, held: Sequence[Any]) -> bool:
        """Tell whether items fill a page, and a poll that is broken off behind them would go on further."""
        begin, times = bounds(self._request)[0], [at for each in held if (at := time_of(each)) is not None]
        return len(held) >= self._pages.size and (begin is None or max(times, default=begin) > begin)

    def _page(self, items: Sequence[Any], *, is_settled: bool, is_last: bool) -> Page:
        records, bad = records_of(items, record)
        if self._progress is None:
            assert self._began is not None  # noqa: S101 - told by the first answer
            self._progress = Progress("unordered", self._request.position, self._began)
        self._progress.see(records)
        window, settings = self._request.window, self._api.settings
        kept = [each for each in records if is_within(each, window) and is_wanted(each, settings)]
        position = self._progress.position(last=True) if is_settled else None
        notes = [self._api.versions.note] if is_last and self._api.versions.note else []
        return Page(sorted(kept, key=place_of), position, is_last, bad, notes)


def _whole_seconds(request: PollRequest) -> Span:
    """Return the span that is wanted, as Jobber writes times; its end is asked for too, and left out here."""
    low, high = bounds(request)
    since = low.replace(microsecond=0) if low is not None else None
    until = -((-high.timestamp()) // 1) if high is not None else None
    return Span(since, datetime.fromtimestamp(until, UTC) if until is not None else None)


def _cut(span: Span, items: Sequence[Any]) -> tuple[Part, Part] | None:
    """Return the earlier and the later part of a span; None when it is a second, or nothing tells where.

    A list that is sorted is cut where its page ends, so that one of the two just fits on a page. Where all of
    a page is of the very end of the span, as after an import, the second before that is parted from the rest.
    """
    all_times = [at for each in items if (at := time_of(each)) is not None]
    times = [at for at in all_times if _holds(span, at)]
    rises, falls = (all(way(a, b) for a, b in pairwise(times)) for way in (le, ge))
    if times:
        middle = times[-1] if rises or falls else sorted(times)[len(times) // 2]
        at = middle.replace(microsecond=0)
    elif span.until in all_times and span.until is not None:
        at, rises, falls = span.until - _SECOND, True, False
    else:
        return None
    return _parted(span, at, rises=rises, falls=falls)


def _parted(span: Span, at: datetime, *, rises: bool, falls: bool) -> tuple[Part, Part] | None:
    if span.since is not None and at <= span.since:
        at = span.since + _SECOND
    if span.until is not None and at >= span.until:
        return None
    return Part(Span(span.since, at), may_fit=rises), Part(Span(at, span.until), may_fit=falls)


def _holds(span: Span, at: datetime | None) -> bool:
    """Tell whether a time lies in a span; what is at its end is of the next one, and comes with that."""
    return at is None or (
        (span.since is None or at >= span.since) and (span.until is None or at < span.until)
    )
