"""One poll: what has changed since a place, oldest first, in the order of time and id.

Salesforce's own cursor is followed, `nextRecordsUrl` as it comes. Each page also carries a place in the
order of time and id, so that a poll goes on from there when the cursor is gone, or the program was killed.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sources._salesforce.blaming import spelt
from sources._salesforce.explaining import Expired, TooSlow
from sources._salesforce.progress import Progress
from sources._salesforce.soql import Query, after, moment
from sources._salesforce.spans import Bounds
from sources.base import Page, Record
from sources.errors import BadRecord
from sources.http import PageGuard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence
    from datetime import datetime

    from sources._salesforce.choosing import Selection
    from sources._salesforce.org import Org, Result
    from sources._salesforce.records import Rows
    from sources._salesforce.settings import SalesforceSettings
    from sources.base import PollRequest, Window
    from sources.http import Call

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one poll reads."""

    org: Org
    settings: SalesforceSettings
    selection: Selection
    rows: Rows
    request: PollRequest
    #: What is true of all that is read.
    conditions: tuple[str, ...]


class Follower:
    """Reads page after page.

    Args:
        reading: what is read.

    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._settings = reading.settings
        self._progress = Progress(reading.request.position)
        window = reading.request.window
        self._bounds = Bounds(_ceiled(window.until) if window and window.until else None)
        self._guard = PageGuard()

    async def first(self) -> Result:
        """Ask for the first page; what is wrong with the query shows here.

        Raises:
            SourceError: see `Org.result`.

        """
        began = self._clock.monotonic()
        result = await self._asked(None)
        took = self._clock.monotonic() - began
        self._progress.begin(result.answer.server_time, self._clock.now(), took)
        return result

    async def pages(self, result: Result) -> AsyncGenerator[Page, None]:
        """Yield the pages, from the first result on.

        Raises:
            SourceError: see `Org.result`.

        """
        async with aclosing(self._results(result)) as results:
            async for each, last in results:
                for page in self._cut(each, last=last):
                    yield page

    async def _results(self, result: Result) -> AsyncGenerator[tuple[Result, bool], None]:
        empty = not result.rows
        while True:
            part_over = result.following is None and result.done
            last = part_over and self._bounds.is_final
            yield result, last
            if last:
                return
            if part_over:
                begins = self._bounds.move_on(self._clock.now(), was_empty=empty)
                if begins is not None:
                    self._progress.skip_to(begins)
                empty = True
            result = await self._asked(result.following)
            empty = empty and not result.rows
            if result.rows or not part_over:  # a part of the span may hold nothing
                self._guard.take(result.rows, result.answer.where)

    async def _asked(self, following: Call | None) -> Result:
        """Ask for a further page, or anew from the place reached; for less where it takes too long."""
        while True:
            call = following or await self._reading.org.query_call(
                self._query(), deleted=self._settings.include_deleted
            )
            self._guard.count(call.where)
            self._guard.ask(call.digest(), call.where)
            try:
                return await self._reading.org.result(call)
            except Expired:
                if following is None:
                    raise
            except TooSlow:
                place = self._progress.place
                if not self._bounds.halve(place[0] if place else self._since, self._clock.now()):
                    raise
            following = None

    def _query(self) -> Query:
        settings, changed = self._settings, self._settings.changed
        conditions = list(self._reading.conditions)
        if self._since is not None:
            conditions.append(f"{changed} >= {moment(self._since)}")
        if self._progress.place is not None:
            conditions.append(after(changed, self._progress.place))
        if self._bounds.until is not None:
            conditions.append(f"{changed} < {moment(self._bounds.until)}")
        fields = self._reading.selection.fields
        return Query(settings.object, fields, tuple(conditions), (changed, "Id"))

    def _cut(self, result: Result, *, last: bool) -> Iterator[Page]:
        """Cut one result into pages of the size that is wanted."""
        size = max(1, self._reading.request.page_size)
        spelt(self._settings, self._reading.selection, result.rows)
        starts = range(0, max(1, len(result.rows)), size)
        for start in starts:
            yield self._page(result.rows[start : start + size], start, last=last and start == starts[-1])

    def _page(self, rows: Sequence[Any], start: int, *, last: bool) -> Page:
        records: list[Record] = []
        bad: list[BadRecord] = []
        for number, row in enumerate(rows, start + 1):
            item = self._reading.rows.item(row, number)
            if isinstance(item, BadRecord):
                bad.append(item)
            elif _inside(item, self._reading.request.window):
                records.append(item)
        self._progress.see((record, str(record.fields.get("Id") or "")) for record in records)
        return Page(records, self._progress.position(last=last), last, bad)

    @property
    def _since(self) -> datetime | None:
        window = self._reading.request.window
        return window.since if window else None

    @property
    def _clock(self) -> Any:
        return self._reading.org.clock


def _ceiled(at: datetime) -> datetime:
    """Return the whole second at or after a time: Salesforce keeps no less."""
    floored = at.replace(microsecond=0)
    return floored if floored == at else floored + _SECOND


def _inside(record: Record, window: Window | None) -> bool:
    at: Any = record.changed
    if window is None:
        return True
    return (window.since is None or at >= window.since) and (window.until is None or at < window.until)
