"""Airtable: the records of one table.

airtable:
  type: airtable
  token: ${AIRTABLE_TOKEN}
  base: appAb1Cd2Ef3Gh4Ij
  table: Leads
  changed: Last modified

With `changed`, a field of type `Last modified time`, what changed is asked for; without it the table is read
whole each time.
"""

from __future__ import annotations

import re
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Final

from sources._airtable.access import flow_of
from sources._airtable.api import AirtableApi, Wanted
from sources._airtable.formulas import among, both, changed_since
from sources._airtable.reading import Reading
from sources._airtable.records import OWN, Maker
from sources._airtable.settings import AirtableSettings
from sources._crm.access import Surroundings
from sources._wording import counted, did_you_mean, listed
from sources.base import Page, PollRequest, Position, Record, SourceContext, SourceSettings
from sources.errors import BadConfig
from sources.http import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sources.oauth import OAuthFlow

__all__ = ["Airtable", "AirtableSettings"]

_ID: Final = re.compile(r"[A-Za-z0-9]+")
#: So many records are asked for by their ids at once.
_AT_ONCE: Final = 50
_MODIFIED: Final = "lastModifiedTime"
#: Types of fields that Airtable works out from others: a new result moves no time of a last change.
_WORKED_OUT: Final = frozenset({"formula", "rollup", "multipleLookupValues", "count"})
#: So many of them are named.
_NAMED: Final = 8
#: From before there was anything in Airtable.
_BEGINNING: Final = datetime(2010, 1, 1, tzinfo=UTC)


class Airtable:
    """Reads the records of a table, each with its fields by their names, `id` and `createdTime`.

    Empty fields are None where the mapping reads them. Links to files, which last for two hours, are left
    out of attachments.

    Args:
        settings: see `AirtableSettings`.
        context: where it runs.
        clock: time, for tests.

    """

    name: ClassVar[str] = "airtable"
    Settings: ClassVar[type[SourceSettings]] = AirtableSettings
    identity: ClassVar[tuple[str, ...]] = ("base_url", "base", "table")
    #: Airtable says nothing of records that can be seen late; this is for those that are.
    default_lookback: ClassVar[timedelta] = timedelta(minutes=5)

    def __init__(
        self, settings: AirtableSettings, context: SourceContext, clock: Clock | None = None
    ) -> None:
        self._settings = settings
        self._context = context
        self._clock = clock or SystemClock()
        self._api = AirtableApi(settings, Surroundings(context, self._clock, settings.timeout))

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield pages of what changed since the request's position; the last one carries a position.

        Raises:
            RateLimited: the limit is reached, or the requests of a month are used up.
            Denied: the token is not taken, or may not read this table.
            BadConfig: a field or a formula is not one of this table.
            Unavailable: no answer, or a list that Airtable forgets again and again.

        """
        async with aclosing(Reading(self._api, self._settings, request).pages()) as pages:
            async for page in pages:
                yield page

    async def check(self) -> str:
        """Ask for one record and for the fields, and say what was found.

        Raises:
            SourceError: as `poll`.

        """
        types = await self._api.types()
        changed = self._settings.changed
        said = "no `changed`, so all of it is read each time"
        if changed is not None:
            self._refuse_unmoved(changed, types)
            said = f"changes are found by {changed}{_but_for(changed, types)}"
        found = await self._api.first(Wanted(self._formula(), [changed] if changed else None, 1))
        there = "can be read" if found.items else "can be read, and has no record yet"
        fields = counted(len(types), "field")
        return f"{self._settings.base}: table {self._settings.table} with {fields} {there}; {said}"

    async def latest(self) -> Position | None:
        """Return Airtable's own present; None when the table is read whole.

        Raises:
            SourceError: as `poll`.

        """
        if self._settings.changed is None:
            return None
        return Position(at=(await self._api.first(Wanted(names=[self._settings.changed], size=1))).present)

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the records with these ids that there are, with all their fields.

        Raises:
            SourceError: as `poll`.

        """
        ids = [key for key in keys if _ID.fullmatch(key)]
        maker = Maker(self._settings.changed)
        records: list[Record] = []
        for start in range(0, len(ids), _AT_ONCE):
            formula = both(self._settings.filter, among(ids[start : start + _AT_ONCE]))
            found = await self._api.first(Wanted(formula))
            records += [maker.record(item, f"item {number}") for number, item in enumerate(found.items, 1)]
        return records

    async def fields(self) -> Sequence[str]:
        """Return what a record can have.

        Raises:
            SourceError: as `poll`.

        """
        return list(dict.fromkeys([*OWN, *await self._api.types()]))

    def authorization(self) -> OAuthFlow:
        """Return how a person lets an integration of ours into bases of theirs.

        Raises:
            BadConfig: when the settings give another way in.

        """
        return flow_of(self._settings, self._context)

    async def close(self) -> None:
        """Give back connections."""
        await self._api.close()

    def _formula(self) -> str | None:
        """Return a formula as `poll` would send it, for Airtable to say what is wrong with it."""
        changed = self._settings.changed
        since = changed_since(changed, _BEGINNING) if changed is not None else None
        return both(self._settings.filter, since)

    def _refuse_unmoved(self, changed: str, types: dict[str, str]) -> None:
        """Refuse a field that a change of a record does not move."""
        if changed not in types:
            guess = did_you_mean(changed, list(types))
            text = f'the table has no field "{changed}"{guess}; its fields are {listed(list(types))}'
            raise BadConfig(text, "changed")
        if types[changed] not in (_MODIFIED, "formula"):
            text = f'"{changed}" is a field of type {types[changed]}, which a change need not move'
            raise BadConfig(f"{text}; add one of type Last modified time", "changed")


def _but_for(changed: str, types: dict[str, str]) -> str:
    """Return what to say of the fields whose changes alone are not found."""
    names = [name for name, kind in types.items() if kind in _WORKED_OUT and name != changed]
    return f", but not those of fields that Airtable works out: {listed(names, _NAMED)}" if names else ""
