"""The queries of an adapter: what a poll begins with, the newest record, records by their keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from sources._dynamics.choosing import Selection, selected
from sources._dynamics.explaining import Refused
from sources._dynamics.following import Follower
from sources._dynamics.odata import MODIFIED, Query, among
from sources._dynamics.records import Rows
from sources._wording import did_you_mean
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Collection

    from sources._dynamics.environment import Environment, Result
    from sources._dynamics.settings import DynamicsSettings
    from sources.base import PollRequest

#: So many records are fetched by key at once.
_AT_ONCE: Final = 50
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
#: Open leads and opportunities, active contacts: each table calls it otherwise.
_OPEN: Final = "statecode eq 0"


class Asking:
    """Asks an environment about one table.

    Args:
        environment: whom to ask.
        settings: what for.

    """

    def __init__(self, environment: Environment, settings: DynamicsSettings) -> None:
        self._environment = environment
        self._settings = settings
        self._conditions = (_OPEN,) if settings.state == "open" else ()

    async def rows(self) -> Rows:
        """Return what makes records.

        Raises:
            SourceError: see `Environment.table`.

        """
        table = await self._environment.table()
        return Rows(table, self._settings.key or table.id)

    async def begun(self, request: PollRequest) -> tuple[Follower, Result]:
        """Begin a poll: return what follows its pages, and the first one.

        Raises:
            BadConfig: names the setting at fault.
            SourceError: see `Environment.result`.

        """
        rows = await self.rows()
        selection = selected(request.fields, self._always(rows))
        if selection.strange:
            raise await self._unknown(selection.strange)
        follower = Follower(self._environment, selection, rows, request, self._conditions)
        try:
            first = await follower.first()
        except Refused as error:
            raise await self._blamed(selection, error) from error
        await self._complete(selection, first)
        return follower, first

    async def newest(self) -> Result:
        """Ask for the newest record that the settings let through.

        Raises:
            BadConfig: names the setting at fault.
            SourceError: see `Environment.result`.

        """
        rows = await self.rows()
        selection = Selection(self._always(rows))
        query = Query(
            rows.table.entity_set, selection.columns, self._conditions, (f"{MODIFIED} desc",), limit=1
        )
        try:
            result = await self._environment.result(self._environment.call(query, 1))
        except Refused as error:
            raise await self._blamed(selection, error) from error
        await self._complete(selection, result)
        return result

    async def by_key(self, keys: Collection[str]) -> list[Any]:
        """Return the rows of these keys that are there, whatever their state.

        Raises:
            BadConfig: names the setting at fault.
            SourceError: see `Environment.result`.

        """
        rows, found = await self.rows(), list[Any]()
        wanted = sorted({key for key in keys if rows.key != rows.table.id or _ID.fullmatch(key)})
        for start in range(0, len(wanted), _AT_ONCE):
            condition = among(rows.key, wanted[start : start + _AT_ONCE])
            query = Query(rows.table.entity_set, None, (condition,), (rows.table.id,))
            result = await self._environment.result(self._environment.call(query, _AT_ONCE))
            found += result.rows
            while result.following is not None:
                result = await self._environment.result(result.following)
                found += result.rows
        return found

    def _always(self, rows: Rows) -> tuple[str, ...]:
        state = ("statecode",) if self._conditions else ()
        return tuple(dict.fromkeys((rows.table.id, MODIFIED, rows.key, *state)))

    async def _complete(self, selection: Selection, first: Result) -> None:
        """Look at the first row for the columns that were asked for.

        Raises:
            BadConfig: when one is missing; a lookup by its plain name is taken, and never given.

        """
        row = first.rows[0] if first.rows else None
        missing = selection.missing(row) if isinstance(row, dict) else []
        if missing:
            raise await self._unknown(missing)

    async def _blamed(self, selection: Selection, error: Refused) -> BadConfig:
        """Return the error that names the columns at fault, and the closest that there are."""
        schema = await self._environment.schema()
        wrong = schema.unknown(selection.columns or ())
        if error.column is not None and error.column not in schema.columns:
            wrong = list(dict.fromkeys([error.column, *wrong]))
        return await self._unknown(wrong) if wrong else BadConfig(str(error))

    async def _unknown(self, names: Collection[str]) -> BadConfig:
        schema = await self._environment.schema()
        table, there = schema.table.logical, list(schema.columns)
        told = [f"{table} has no column {name}{_meant(name, there)} that this user may see" for name in names]
        setting = "key" if self._settings.key in names else "table" if MODIFIED in names else "mapping"
        return BadConfig("; ".join(told), setting)


def _meant(name: str, there: list[str]) -> str:
    """Return what was probably meant: the lookup of that name, or what is spelt much alike."""
    lookup = f"_{name}_value"
    return f' (did you mean "{lookup}"?)' if lookup in there else did_you_mean(name, there)
