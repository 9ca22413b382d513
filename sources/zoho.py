"""Zoho CRM: leads, contacts, and modules of your own.

zoho:
  type: zoho
  client_id: ${ZOHO_CLIENT_ID}
  client_secret: ${ZOHO_CLIENT_SECRET}
  refresh_token: ${ZOHO_REFRESH_TOKEN}
"""

from __future__ import annotations

from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from sources._crm.access import Surroundings
from sources._wording import counted
from sources._zoho.access import flow_of
from sources._zoho.api import Part, ZohoApi
from sources._zoho.batches import asked_for, batches, completed
from sources._zoho.reading import Reading
from sources._zoho.records import MODIFIED, OWN, record
from sources._zoho.settings import ZohoSettings
from sources.base import Page, PollRequest, Position, Record, SourceContext, SourceSettings
from sources.http import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sources.oauth import OAuthFlow

__all__ = ["Zoho", "ZohoSettings"]


class Zoho:
    """Reads the records of one module of Zoho CRM, in the order in which they changed.

    A record holds the fields that the mapping reads, each under its API name, and `id`.

    Args:
        settings: see `ZohoSettings`.
        context: where it runs.
        clock: time, for tests.

    """

    name: ClassVar[str] = "zoho"
    Settings: ClassVar[type[SourceSettings]] = ZohoSettings
    identity: ClassVar[tuple[str, ...]] = ("data_center", "accounts_url", "base_url", "module")
    #: Zoho says nothing of records that can be seen late; this is for those that are.
    default_lookback: ClassVar[timedelta] = timedelta(minutes=5)

    def __init__(self, settings: ZohoSettings, context: SourceContext, clock: Clock | None = None) -> None:
        self._settings = settings
        self._context = context
        self._api = ZohoApi(settings, Surroundings(context, clock or SystemClock(), settings.timeout))

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield pages of what changed since the request's position, oldest first; each carries a position.

        Raises:
            RateLimited: the credits of 24 hours are used up, or tokens were asked for too often.
            Denied: the authorisation was revoked, or lacks a scope, which is named.
            BadConfig: Zoho does not know the module.
            Unavailable: no answer, 5xx, or an answer that would lead to losing records.

        """
        reading = Reading(self._api, await self._names(request.fields), request)
        async with aclosing(reading.pages()) as pages:
            async for page in pages:
                yield page

    async def check(self) -> str:
        """Ask for one record and for the fields, and say what was found.

        Raises:
            SourceError: as `poll`.

        """
        found = await self._api.listed([MODIFIED], Part(size=1))
        names = await self._api.names()
        there = "can be read" if found.items else "can be read, and has no record yet"
        left = f"; {found.left:,} API credits of 24 hours are left" if found.left is not None else ""
        fields = counted(len(names), "field")
        return f"{await self._api.base()}: {self._settings.module} with {fields} {there}{left}"

    async def latest(self) -> Position:
        """Return Zoho's own present.

        Raises:
            SourceError: as `poll`.

        """
        return Position(at=(await self._api.listed([MODIFIED], Part(size=1))).present)

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the records with these ids that there are, with all their fields.

        Raises:
            SourceError: as `poll`.

        """
        ids = [key for key in keys if key.isdecimal()]
        if not ids:
            return []
        first, *further = batches(await self._names(None))
        items = await completed(self._api, await self._api.read(ids, first), further)
        return [record(item, f"item {number}") for number, item in enumerate(items, 1)]

    async def fields(self) -> Sequence[str]:
        """Return what a record can have.

        Raises:
            SourceError: as `poll`.

        """
        return list(dict.fromkeys([*OWN, *await self._api.names()]))

    def authorization(self) -> OAuthFlow:
        """Return how a person lets a client of ours into their organisation.

        Raises:
            BadConfig: when there is a refresh token in the settings already.

        """
        return flow_of(self._settings, self._context)

    async def close(self) -> None:
        """Give back connections."""
        await self._api.close()

    async def _names(self, reads: frozenset[str] | None) -> list[str]:
        """Return the fields to ask for: Zoho gives none that nobody asked for."""
        names = asked_for(reads)
        return names if names is not None else [name for name in await self._api.names() if name not in OWN]
