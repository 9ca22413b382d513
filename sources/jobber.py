"""Jobber: clients, leads among them, and requests for work.

jobber:
  type: jobber
  client_id: ${JOBBER_CLIENT_ID}
  client_secret: ${JOBBER_CLIENT_SECRET}
"""

from __future__ import annotations

import re
from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Final

from sources._crm.access import Surroundings
from sources._jobber.access import flow_of
from sources._jobber.api import JobberApi
from sources._jobber.pages import Pages
from sources._jobber.queries import selected
from sources._jobber.reading import Reading
from sources._jobber.records import is_wanted, record
from sources._jobber.settings import JobberSettings
from sources.base import Page, PollRequest, Position, Record, SourceContext, SourceSettings
from sources.http import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sources.oauth import OAuthFlow

__all__ = ["Jobber", "JobberSettings"]

#: What an id may look like; Jobber calls it encoded, and means Base64.
_ID: Final = re.compile(r"[A-Za-z0-9+/_=-]+")


class Jobber:
    """Reads the clients, or the requests, of an account in Jobber, in the order in which they changed.

    A record holds the fields that the mapping reads, by Jobber's names; lists in it are plain lists.

    Args:
        settings: see `JobberSettings`.
        context: where it runs.
        clock: time, for tests.

    """

    name: ClassVar[str] = "jobber"
    Settings: ClassVar[type[SourceSettings]] = JobberSettings
    identity: ClassVar[tuple[str, ...]] = ("base_url", "object")
    #: Jobber says nothing of records that can be seen late; this is for those that are.
    default_lookback: ClassVar[timedelta] = timedelta(minutes=5)

    def __init__(self, settings: JobberSettings, context: SourceContext, clock: Clock | None = None) -> None:
        self._settings = settings
        self._context = context
        self._api = JobberApi(settings, Surroundings(context, clock or SystemClock(), settings.timeout))

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield pages of what changed since the request's position, oldest first.

        Raises:
            RateLimited: there were not enough points again and again, or too many requests.
            Denied: the authorisation has ended, or the app lacks a scope.
            BadConfig: Jobber has no such field, or no such version of its API.
            Unavailable: no answer, 5xx, or an answer that would lead to losing records.

        """
        selection = selected(self._api.kind, request.fields, self._settings.selections)
        reading = Reading(self._api, Pages(self._api, selection, request.page_size), request)
        async with aclosing(reading.pages()) as pages:
            async for page in pages:
                yield page

    async def check(self) -> str:
        """Ask whose account it is and for one record, and say how many points are left.

        Raises:
            SourceError: as `poll`.

        """
        account = await self._api.account()
        await self._api.present()
        cost = self._api.budget.cost
        left = f"; {cost.available:,.0f} of {cost.maximum:,.0f} points are left" if cost is not None else ""
        note = f"; {self._api.versions.note}" if self._api.versions.note else ""
        return f"{self._api.url}: the {self._settings.object} of {account} can be read{left}{note}"

    async def latest(self) -> Position:
        """Return Jobber's own present.

        Raises:
            SourceError: as `poll`.

        """
        return Position(at=await self._api.present())

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the records with these ids that there are, except those that the settings leave out.

        Raises:
            SourceError: as `poll`.

        """
        selection = selected(self._api.kind, None, self._settings.selections)
        items = [await self._api.one(key, selection) for key in keys if _ID.fullmatch(key)]
        records = [record(item, f"a {self._api.kind.one}") for item in items if item is not None]
        return [each for each in records if is_wanted(each, self._settings)]

    async def fields(self) -> Sequence[str]:
        """Return what a record can have, by what Jobber says of the version that is asked for.

        Raises:
            SourceError: as `poll`.

        """
        return await self._api.names()

    def authorization(self) -> OAuthFlow:
        """Return how a person lets an app of ours into their account.

        Raises:
            BadConfig: when there is a refresh token in the settings already.

        """
        return flow_of(self._settings, self._context)

    async def close(self) -> None:
        """Give back connections."""
        await self._api.close()
