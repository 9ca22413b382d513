"""HubSpot: contacts, leads, deals, and objects of your own.

hubspot:
  type: hubspot
  token: ${HUBSPOT_TOKEN}
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from sources._crm.access import Surroundings
from sources._crm.wanted import wanted
from sources._hubspot.api import HubspotApi
from sources._hubspot.authorizing import flow_of
from sources._hubspot.joining import Joining
from sources._hubspot.listing import Listing
from sources._hubspot.records import OWN, WHOLE, Shape
from sources._hubspot.searching import Searching
from sources._hubspot.settings import HubspotSettings
from sources._wording import listed
from sources.base import Page, PollRequest, Position, Record, SourceContext, SourceSettings
from sources.http import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sources.oauth import OAuthFlow

__all__ = ["Hubspot", "HubspotSettings"]


class Hubspot:
    """Reads objects of one type from a HubSpot account.

    The first time everything is read by the list, from then on what changed by search. A record holds the
    properties that the mapping reads, each under its name, and `id`, `createdAt`, `updatedAt`, `archived`.

    Args:
        settings: see `HubspotSettings`.
        context: where it runs.
        clock: time, for tests.

    """

    name: ClassVar[str] = "hubspot"
    Settings: ClassVar[type[SourceSettings]] = HubspotSettings
    identity: ClassVar[tuple[str, ...]] = ("base_url", "object")
    #: Searches were seen to find a change up to an hour late.
    default_lookback: ClassVar[timedelta] = timedelta(hours=1)

    def __init__(self, settings: HubspotSettings, context: SourceContext, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._context = context
        self._api = HubspotApi(settings, Surroundings(context, self._clock, settings.timeout))

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield pages of what changed since the request's position.

        Raises:
            RateLimited: a limit of HubSpot's is reached and does not pass within a minute.
            Unavailable: no answer, 5xx, or an answer that would lead to losing objects.
            Denied: the token is not taken, or lacks a scope, which is named.
            BadConfig: HubSpot does not know the object.

        """
        names = await self._names(request.fields)
        joining = self._joining(request.fields)
        position: Position | None = request.position
        async with aclosing(self._pages(request, names)) as pages:
            async for page in pages:
                position = page.position or position
                if page.records or page.bad or page.position:
                    yield replace(page, records=await joining.joined(page.records))
        yield Page((), position if position is None or position.token is None else None, last=True)

    async def check(self) -> str:
        """Look at the objects in every way that a poll does, and say what is there and what is granted.

        Raises:
            SourceError: as `poll`.

        """
        kind = self._settings.object
        there = await self._api.search([], [], 1)
        await self._api.listed([], None, 1)
        for other in self._settings.joined:
            await self._api.one_of(other)
        properties = len(await self._api.properties())
        scopes = await self._api.scopes()
        granted = f"; granted: {listed(sorted(scopes))}" if scopes else ""
        found = f"{there.total:,} {kind} can be read, each with {properties} properties"
        return f"{self._api.base}: {found}{granted}"

    async def latest(self) -> Position:
        """Return HubSpot's own present.

        Raises:
            SourceError: as `poll`.

        """
        answer = await self._api.listed([], None, 1)
        return Position(at=answer.present)

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the objects with these ids that are not archived, with all their properties.

        Raises:
            SourceError: as `poll`.

        """
        ids = [key for key in keys if key.isdecimal()]
        if not ids:
            return []
        names = await self._names(None)
        records, _ = self._shape(None).page(await self._api.read(self._settings.object, ids, names))
        return await self._joining(None).joined(records)

    async def fields(self) -> Sequence[str]:
        """Return what a record can have.

        Raises:
            SourceError: as `poll`.

        """
        return [*OWN, WHOLE, *self._settings.joined, *await self._api.properties()]

    def authorization(self) -> OAuthFlow:
        """Return how a person authorises an app of ours in HubSpot.

        Raises:
            BadConfig: when the settings give another way in.

        """
        return flow_of(self._settings, self._context, self._api.base)

    async def close(self) -> None:
        """Give back connections."""
        await self._api.close()

    async def _pages(self, request: PollRequest, names: Sequence[str]) -> AsyncGenerator[Page, None]:
        """Yield pages, none of which says that it is the last."""
        shape = self._shape(request.fields)
        listing = Listing(self._api, shape, names, request)
        if self._settings.archived:
            # Before the others: once those have moved the position, these would not be read again.
            async with aclosing(listing.archived()) as pages:
                async for page in pages:
                    yield page
        is_first = request.window is None and (request.position is None or request.position.at is None)
        changes = Searching(self._api, shape, names, request)
        async with aclosing(listing.pages() if is_first else changes.pages(self._clock)) as pages:
            async for page in pages:
                yield page

    async def _names(self, reads: frozenset[str] | None) -> list[str]:
        """Return the properties to ask for. HubSpot gives only a few that nobody asked for."""
        everything = reads is None or WHOLE in reads
        own = {*OWN, WHOLE, *self._settings.joined}
        names = wanted(None if everything else reads, always=[self._settings.modified], never=own)
        return names if names is not None else sorted(await self._api.properties())

    def _shape(self, reads: frozenset[str] | None) -> Shape:
        return Shape(self._settings.modified, whole=reads is None or WHOLE in reads)

    def _joining(self, reads: frozenset[str] | None) -> Joining:
        types = self._settings.joined.items()
        return Joining(self._api, {kind: names for kind, names in types if reads is None or kind in reads})
