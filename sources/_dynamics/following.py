"""One poll: what has changed since a place, oldest first, in the order of time and id.

Dataverse's own link to the next page is followed as it comes. Each page also carries a place in the order of
time and id, so that a poll goes on from there when a link is not taken any more, or the program was killed.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from sources._crm.items import records_of
from sources._dynamics.explaining import Refused
from sources._dynamics.odata import MODIFIED, Query, after, before
from sources._dynamics.progress import Progress
from sources._rest.requests import is_within
from sources.base import Page
from sources.http import PageGuard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sources._dynamics.choosing import Selection
    from sources._dynamics.environment import Environment, Result
    from sources._dynamics.records import Rows
    from sources.base import PollRequest
    from sources.http import Call


class Follower:
    """Reads page after page.

    Args:
        environment: whom to ask.
        selection: the columns to ask for.
        rows: makes records.
        request: what the engine wants.
        conditions: what is true of all that is read.

    """

    def __init__(
        self,
        environment: Environment,
        selection: Selection,
        rows: Rows,
        request: PollRequest,
        conditions: tuple[str, ...],
    ) -> None:
        self._environment = environment
        self._selection = selection
        self._rows = rows
        self._request = request
        self._conditions = conditions
        self._progress = Progress(request.position)
        #: Whether a query may compare ids.
        self._by_id = True
        self._guard = PageGuard()

    async def first(self) -> Result:
        """Ask for the first page; what is wrong with the query shows here.

        Raises:
            SourceError: see `Environment.result`.

        """
        return await self._asked(None)

    async def pages(self, result: Result) -> AsyncGenerator[Page, None]:
        """Yield the pages, from the first result on.

        Raises:
            SourceError: see `Environment.result`.

        """
        async with aclosing(self._results(result)) as results:
            async for each in results:
                yield self._page(each)

    async def _results(self, result: Result) -> AsyncGenerator[Result, None]:
        while True:
            self._guard.take(self._marks(result.rows), result.answer.where)
            yield result
            if result.following is None:
                return
            result = await self._asked(result.following)

    async def _asked(self, following: Call | None) -> Result:
        """Ask for a further page; anew from the place reached, where its link is not taken any more."""
        while True:
            call = following or self._environment.call(self._query(), self._request.page_size)
            self._guard.count(call.where)
            self._guard.ask(call.digest(), call.where)
            try:
                return await self._environment.result(call)
            except Refused:
                if following is None and not self._does_without_ids():
                    raise
            following = None

    def _does_without_ids(self) -> bool:
        """Tell whether less can be asked for: the whole of the moment that was reached, again."""
        place, could = self._progress.place, self._by_id
        self._by_id = False
        return could and place is not None and place[1] is not None

    def _query(self) -> Query:
        id_ = self._rows.table.id
        conditions, window, place = list(self._conditions), self._request.window, self._progress.place
        if place is not None:
            conditions.append(after(place if self._by_id else (place[0], None), id_))
        if window is not None and window.since is not None:
            conditions.append(after((window.since, None), id_))
        if window is not None and window.until is not None:
            conditions.append(before(window.until))
        columns = self._selection.columns
        return Query(self._rows.table.entity_set, columns, tuple(conditions), (MODIFIED, id_))

    def _marks(self, rows: Sequence[Any]) -> list[Any]:
        """Return what tells the rows of a page from those of any other."""
        names = (self._rows.table.id, MODIFIED)
        return [[row.get(name) for name in names] if isinstance(row, dict) else row for row in rows]

    def _page(self, result: Result) -> Page:
        records, bad = records_of(result.rows, self._rows.record)
        last = result.following is None
        present = result.answer.server_time or self._environment.clock.now()
        id_ = self._rows.table.id
        self._progress.see(((each, str(each.fields.get(id_))) for each in records), present)
        wanted = [each for each in records if is_within(each, self._request.window)]
        return Page(wanted, self._progress.position(last=last), last, bad)
