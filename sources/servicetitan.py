"""ServiceTitan: leads with their customers, or customers.

crm:
  type: servicetitan
  tenant: 1234567890
  client_id: ${SERVICETITAN_CLIENT_ID}
  client_secret: ${SERVICETITAN_CLIENT_SECRET}
  app_key: ${SERVICETITAN_APP_KEY}
"""

from __future__ import annotations

from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from sources._crm.access import Surroundings
from sources._servicetitan.api import ServicetitanApi
from sources._servicetitan.customers import Customers
from sources._servicetitan.exporting import Exporting
from sources._servicetitan.failures import explain
from sources._servicetitan.names import OWN
from sources._servicetitan.reading import Reading
from sources._servicetitan.records import ACTIVE, CONTACTS, CUSTOMER, time_of
from sources._servicetitan.settings import ServicetitanSettings
from sources.base import Page, PollRequest, Position, Record, SourceContext, SourceSettings
from sources.http import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sources._servicetitan.api import Found

__all__ = ["Servicetitan", "ServicetitanSettings"]

_SAMPLE = 50


class Servicetitan:
    """Reads the leads, or the customers, of a company (tenant) of ServiceTitan.

    It goes by position: the lists in the order of `modifiedOn`, inclusive at the time of the position. Leads
    have their customer under `customer`, where the mapping reads it; customers have `contacts`, and of these
    `phones` that may be texted and `emails`. With `export` the position is a token of the export feed.

    Args:
        settings: see `ServicetitanSettings`.
        context: where it runs.
        clock: time, for tests.

    """

    name: ClassVar[str] = "servicetitan"
    Settings: ClassVar[type[SourceSettings]] = ServicetitanSettings
    identity: ClassVar[tuple[str, ...]] = ("tenant", "environment", "base_url", "object")
    #: How late a change shows is not told; of its export feed ServiceTitan says five to ten minutes.
    default_lookback: ClassVar[timedelta] = timedelta(minutes=10)

    def __init__(
        self, settings: ServicetitanSettings, context: SourceContext, clock: Clock | None = None
    ) -> None:
        self._settings = settings
        around = Surroundings(context, clock or SystemClock(), settings.timeout, explain)
        self._api = ServicetitanApi(settings, around)

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield pages of what changed since the request's position; nearly every page carries one.

        Raises:
            RateLimited: the limit is reached and does not pass within a minute.
            Denied: the client, the app key or the app's scopes are not good enough.
            BadConfig: there is no such tenant.
            Unavailable: no answer, 5xx, or an answer that would lead to losing leads.

        """
        kind = self._settings.object
        customers = Customers(self._api, kind, request.fields)
        if self._settings.export and request.window is None:
            found = Exporting(self._api, kind, customers, request, self._settings.include_deleted).pages()
        else:
            found = Reading(self._api, kind, customers, request).pages()
        async with aclosing(found) as pages:
            async for page in pages:
                yield page

    async def check(self) -> str:
        """Look for the newest, and say how many there are.

        Raises:
            SourceError: as `poll`.

        """
        found = await self._newest(1)
        if self._settings.export:
            await self._api.exported(self._settings.object, found.present.date().isoformat())
        at = time_of(found.items[0]) if found.items else None
        told = f", the newest change of {at:%Y-%m-%d %H:%M} UTC" if at else ""
        count = "" if found.total is None else f"{found.total:,} "
        return f"{found.where}: {count}{self._settings.object} can be read{told}"

    async def latest(self) -> Position:
        """Return ServiceTitan's own present.

        Raises:
            SourceError: as `poll`.

        """
        return Position(at=(await self._newest(1)).present)

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the records with these ids that there are, with all their fields.

        Raises:
            SourceError: as `poll`.

        """
        kind = self._settings.object
        items = await self._api.by_ids(kind, keys)
        return (await Customers(self._api, kind, None).page(items))[0]

    async def fields(self) -> Sequence[str]:
        """Return what a record can have: as the specification has it, and what the newest ones show.

        Raises:
            SourceError: as `poll`.

        """
        kind = self._settings.object
        items = (await self._newest(_SAMPLE)).items
        shown = [name for each in items if isinstance(each, dict) for name in each]
        made = (CUSTOMER,) if kind == "leads" else CONTACTS
        in_feed = (ACTIVE,) if self._settings.export else ()
        return list(dict.fromkeys([*OWN[kind], *in_feed, *made, *shown]))

    async def close(self) -> None:
        """Give back connections."""
        await self._api.close()

    async def _newest(self, count: int) -> Found:
        return await self._api.listed(
            self._settings.object, sort="-ModifiedOn", page=1, pageSize=count, includeTotal="true"
        )
