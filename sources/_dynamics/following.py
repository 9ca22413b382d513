"""One poll: what has changed since a place, oldest first, in the order of time and id.

Dataverse's own link to the next page is followed as it comes. Each page also carries a place in the order of
time and id, so that a poll goes on from there when a link is not taken any more, or the program was killed.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from sources._crm.items import records_of
from sources._dynamics.explaining import Refused
from sources._dynamics.odata import MODIFIED, Query, after, before
from sources._dynamics.progress import Progress
from sources._http.jsontext import stable_bytes
from sources._rest.requests import is_within
from sources.base import Page
from sources.errors import Unavailable
from sources.http import LoopGuard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sources._dynamics.choosing import Selection
    from sources._dynamics.environment import Environment, Result
    from sources._dynamics.records import Rows
    from sources.base import PollRequest
    from sources.http import Call

#: Pages without records, one after another, until that is taken for a fault.
_MOST_EMPTY: Final = 20


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
        self._calls, self._pages = LoopGuard(), LoopGuard()
        self._empty = 0

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
            self._look(result)
            yield result
            if result.following is None:
                return
            result = await self._asked(result.following)

    async def _asked(self, following: Call | None) -> Result:
        """Ask for a further page; anew from the place reached, where its link is not taken any more."""
        while True:
            call = following or self._environment.call(self._query(), self._request.page_size)
            if self._calls.repeats(call.digest()):
                raise Unavailable(f"{call.where}: it leads to a page that was read already; stopped there")
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

    def _look(self, result: Result) -> None:
        """Look for pages that never end.

        Raises:
            Unavailable: when they don't.

        """
        if result.rows and self._pages.repeats(self._mark(result.rows)):
            raise Unavailable(f"{result.answer.where}: it gives the same page again; stopped there")
        self._empty = 0 if result.rows else self._empty + 1
        if self._empty > _MOST_EMPTY:
            raise Unavailable(
                f"{result.answer.where}: {_MOST_EMPTY} empty pages in a row, each with a next one"
            )

    def _mark(self, rows: Sequence[Any]) -> bytes:
        names = (self._rows.table.id, MODIFIED)
        return stable_bytes([[row.get(name) for name in names] for row in rows if isinstance(row, dict)])

    def _page(self, result: Result) -> Page:
        records, bad = records_of(result.rows, self._rows.record)
        last = result.following is None
        present = result.answer.server_time or self._environment.clock.now()
        id_ = self._rows.table.id
        self._progress.see(((each, str(each.fields.get(id_))) for each in records), present)
        wanted = [each for each in records if is_within(each, self._request.window)]
        return Page(wanted, self._progress.position(last=last), last, bad)
