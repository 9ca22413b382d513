"""Salesforce: leads, or any other object, over the REST API.

crm:
  type: salesforce
  url: https://acme.my.salesforce.com
  client_id: ${SALESFORCE_CLIENT_ID}
  client_secret: ${SALESFORCE_CLIENT_SECRET}

It goes by position: SOQL in the order of `SystemModstamp` and id, inclusive at the time of the position.
Only the fields that the mapping reads are selected; `Owner.Name` is a field of the record above.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from sources._crm.access import Surroundings
from sources._salesforce.access import access, flow_of
from sources._salesforce.allowance import note_of, told_of
from sources._salesforce.asking import Asking
from sources._salesforce.blaming import unusable_time
from sources._salesforce.explaining import explain
from sources._salesforce.org import Org
from sources._salesforce.records import time_of
from sources._salesforce.settings import SalesforceSettings
from sources._wording import counted
from sources.base import Page, PollRequest, Position, Record, SourceContext, SourceSettings
from sources.http import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sources.oauth import OAuthFlow

__all__ = ["Salesforce", "SalesforceSettings"]


class Salesforce:
    """Reads leads, or the records of another object, of a Salesforce organisation.

    Args:
        settings: see `SalesforceSettings`.
        context: where it runs.
        clock: time, for tests.

    """

    name: ClassVar[str] = "salesforce"
    Settings: ClassVar[type[SourceSettings]] = SalesforceSettings
    #: Records get their time when they are written and can be read when their transaction ends; one of
    #: Apex may last ten minutes.
    default_lookback: ClassVar[timedelta] = timedelta(minutes=15)
    identity: ClassVar[tuple[str, ...]] = ("url", "sandbox", "object", "key")

    def __init__(
        self, settings: SalesforceSettings, context: SourceContext, clock: Clock | None = None
    ) -> None:
        self._settings = settings
        self._around = Surroundings(context, clock or SystemClock(), settings.timeout, explain)
        auth = access(settings, self._around)
        self._org = Org(auth, settings.api_version, settings.timeout, self._around.clock)
        self._asking = Asking(self._org, settings)

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield pages of what changed since the request's position; every page carries one.

        Raises:
            RateLimited: the organisation's API calls of 24 hours are used up.
            Denied: the token or the user's permissions are not good enough.
            BadConfig: the object, a field or the filter is not there as the settings say.
            Unavailable: no sensible answer.

        """
        follower, first = await self._asking.begun(request)
        note = note_of(first.answer)
        async with aclosing(follower.pages(first)) as pages:
            async for page in pages:
                yield replace(page, notes=(note,)) if page.last and note else page

    async def check(self) -> str:
        """Look at the object and ask for its newest record, and say what was found.

        Raises:
            SourceError: as `poll`.

        """
        said = self._settings
        schema = await self._org.schema(said.object)
        if said.changed not in schema.times:
            raise unusable_time(said, schema)
        newest = await self._asking.newest()
        at = time_of(newest.rows[0].get(said.changed)) if newest.rows else None
        found = f"the newest of {at:%Y-%m-%d %H:%M} UTC" if at else "no record"
        fields = counted(len(schema.readable), "field")
        return f"{newest.answer.where}: {said.object} with {fields}, {found}{told_of(newest.answer)}"

    async def latest(self) -> Position | None:
        """Return Salesforce's own present; where it does not tell the time, that of its newest record.

        Raises:
            SourceError: as `poll`.

        """
        newest = await self._asking.newest()
        if newest.answer.server_time is not None:
            return Position(newest.answer.server_time)
        at = time_of(newest.rows[0].get(self._settings.changed)) if newest.rows else None
        return Position(min(at, self._org.clock.now())) if at else None

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the records of these keys that are there, with all fields.

        Raises:
            SourceError: as `poll`.

        """
        items = [self._asking.rows.item(row, 0) for row in await self._asking.by_key(keys)]
        return [item for item in items if isinstance(item, Record)]

    async def fields(self) -> Sequence[str]:
        """Return the fields of the object that our user may see, and the names of the records above it.

        Raises:
            SourceError: as `poll`.

        """
        return (await self._org.schema(self._settings.object)).names

    def authorization(self) -> OAuthFlow:
        """Return how a person authorises the connected app in a browser.

        Raises:
            BadConfig: when the settings give another way in.

        """
        return flow_of(self._settings, self._around)

    async def close(self) -> None:
        """Give back connections."""
        await self._org.close()
