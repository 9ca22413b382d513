"""The queries of an adapter: what a poll begins with, the newest record, records by their keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from sources._salesforce.blaming import blamed, spelt
from sources._salesforce.choosing import Selection, chosen_from, guessed
from sources._salesforce.explaining import QueryRefused
from sources._salesforce.following import Follower, Reading
from sources._salesforce.records import Rows
from sources._salesforce.soql import Query, among
from sources.http import PageGuard

if TYPE_CHECKING:
    from collections.abc import Collection

    from sources._salesforce.org import Org, Result
    from sources._salesforce.settings import SalesforceSettings
    from sources.base import PollRequest

#: So many records are fetched by key at once.
_AT_ONCE: Final = 200
#: They come on fewer pages than this, however wide they are.
_MOST_PAGES: Final = 1000
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")


class Asking:
    """Asks an organisation about one object.

    Args:
        org: whom to ask.
        settings: what for.

    """

    def __init__(self, org: Org, settings: SalesforceSettings) -> None:
        self._org = org
        self._settings = settings
        self.rows = Rows(settings.object, settings.key, settings.changed)

    async def begun(self, request: PollRequest) -> tuple[Follower, Result]:
        """Begin a poll: return what follows its pages, and the first one.

        The fields are chosen by their names alone; by what the object has, where that is not understood.

        Raises:
            BadConfig: names the setting at fault.
            SourceError: see `Org.result`.

        """
        reads = request.fields
        guess = guessed(reads) if reads is not None else None
        if guess is not None:
            selection = Selection.of(self._always, guess)
            try:
                return await self._first(request, selection)
            except QueryRefused as error:
                await self._same(selection, reads, error)
        exact = await self._exact(reads)
        try:
            return await self._first(request, exact)
        except QueryRefused as error:
            raise await self._blamed(exact, error) from error

    async def newest(self) -> Result:
        """Ask for the newest record that the settings let through.

        Raises:
            BadConfig: names the setting at fault.
            SourceError: see `Org.result`.

        """
        said = self._settings
        order = (f"{said.changed} DESC NULLS LAST",)
        query = Query(said.object, self._fixed.fields, self._conditions, order, limit=1)
        try:
            result = await self._result(query)
        except QueryRefused as error:
            raise await self._blamed(self._fixed, error) from error
        spelt(self._settings, self._fixed, result.rows)
        return result

    async def by_key(self, keys: Collection[str]) -> list[Any]:
        """Return the rows of these keys that are there.

        Raises:
            BadConfig: names the setting at fault.
            SourceError: see `Org.result`.

        """
        said, rows = self._settings, list[Any]()
        wanted = sorted(key for key in set(keys) if said.key != "Id" or _ID.fullmatch(key))
        selection = await self._exact(None) if wanted else self._fixed
        for start in range(0, len(wanted), _AT_ONCE):
            condition = among(said.key, wanted[start : start + _AT_ONCE])
            rows += await self._all(Query(said.object, selection.fields, (condition,)), selection)
        return rows

    async def _all(self, query: Query, selection: Selection) -> list[Any]:
        try:
            result = await self._result(query)
        except QueryRefused as error:
            raise await self._blamed(selection, error) from error
        rows, guard = list(result.rows), PageGuard(_MOST_PAGES)
        while result.following is not None:  # wide rows come in smaller pages
            guard.count(result.answer.where)
            guard.take(result.rows, result.answer.where)
            guard.ask(result.following.digest(), result.answer.where)
            result = await self._org.result(result.following)
            rows += result.rows
        return rows

    async def _result(self, query: Query) -> Result:
        call = await self._org.query_call(query, deleted=self._settings.include_deleted)
        return await self._org.result(call)

    async def _first(self, request: PollRequest, selection: Selection) -> tuple[Follower, Result]:
        reading = Reading(self._org, self._settings, selection, self.rows, request, self._conditions)
        follower = Follower(reading)
        return follower, await follower.first()

    async def _same(self, selection: Selection, reads: frozenset[str] | None, error: QueryRefused) -> None:
        """Raise what a query was refused for, unless other fields would be selected for what is read."""
        if error.code == "INVALID_TYPE" or await self._exact(reads) == selection:
            raise await self._blamed(selection, error) from error

    async def _exact(self, reads: frozenset[str] | None) -> Selection:
        schema = await self._org.schema(self._settings.object)
        return Selection.of(self._always, chosen_from(reads, schema))

    async def _blamed(self, selection: Selection, error: QueryRefused) -> Exception:
        return await blamed(self._org, self._settings, selection.chosen, error)

    @property
    def _always(self) -> tuple[str, ...]:
        deleted = ("IsDeleted",) if self._settings.include_deleted else ()
        return ("Id", self._settings.changed, self._settings.key, *deleted)

    @property
    def _fixed(self) -> Selection:
        return Selection.of(self._always, ())

    @property
    def _conditions(self) -> tuple[str, ...]:
        filtered = (f"({self._settings.filter})",) if self._settings.filter else ()
        return filtered if self._settings.include_converted else (*filtered, "IsConverted = false")
