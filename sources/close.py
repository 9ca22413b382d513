"""Close: leads, each with its people.

close:
  type: close
  api_key: ${CLOSE_API_KEY}
"""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from sources._close.access import flow_of
from sources._close.api import CloseApi
from sources._close.queries import Part, found_in
from sources._close.reading import Reading
from sources._close.records import CUSTOM, LEAD, asked, page_of
from sources._close.settings import CloseSettings
from sources._crm.access import Surroundings
from sources._crm.spans import Span
from sources.base import Page, PollRequest, Position, Record, SourceContext, SourceSettings
from sources.http import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sources._close.api import Found
    from sources.oauth import OAuthFlow

__all__ = ["Close", "CloseSettings"]


class Close:
    """Reads the leads of an organisation in Close, by the time of their last change or of their people's.

    A lead is a company or a household; its people, with phones and e-mails, are in `contacts`. Custom fields
    stand under `custom`, by their ids.

    Args:
        settings: see `CloseSettings`.
        context: where it runs.
        clock: time, for tests.

    """

    name: ClassVar[str] = "close"
    Settings: ClassVar[type[SourceSettings]] = CloseSettings
    identity: ClassVar[tuple[str, ...]] = ("base_url",)
    #: Close says of its events that they turn up late and out of order, and to read five minutes again.
    default_lookback: ClassVar[timedelta] = timedelta(minutes=5)

    def __init__(self, settings: CloseSettings, context: SourceContext, clock: Clock | None = None) -> None:
        self._settings = settings
        self._context = context
        self._clock = clock or SystemClock()
        self._api = CloseApi(settings, Surroundings(context, self._clock, settings.timeout))

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield pages of what changed since the request's position.

        Raises:
            RateLimited: a limit of Close's is reached and does not pass within a minute.
            Unavailable: no answer, 5xx, or an answer that would lead to losing leads.
            Denied: the key is not taken, or may not read leads.

        """
        reading = Reading(self._api, asked(request.fields), request)
        now = self._clock.now()
        parts = [reading.leads(now)]
        if _reads_people(request):
            # Before the others: once those have moved the position, these would not be read again.
            parts.insert(0, reading.people(now))
        for part in parts:
            async with aclosing(part) as pages:
                async for page in pages:
                    yield page
        yield Page((), reading.position(), last=True)

    async def check(self) -> str:
        """Look for leads, and say how many there are.

        Raises:
            SourceError: as `poll`.

        """
        found = await self._newest()
        records, _ = page_of(found.items)
        at = records[0].changed if records else None
        told = f", the newest change of {at:%Y-%m-%d %H:%M} UTC" if at else ""
        return f"{self._api.home}: {found.total:,} leads can be read{told}"

    async def latest(self) -> Position:
        """Return Close's own present.

        Raises:
            SourceError: as `poll`.

        """
        return Position(at=(await self._newest()).present)

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the leads with these ids that there are, with all their fields.

        Raises:
            SourceError: as `poll`.

        """
        return page_of(await self._api.leads(list(keys), asked(None)))[0]

    async def fields(self) -> Sequence[str]:
        """Return what a record can have.

        Raises:
            SourceError: as `poll`.

        """
        return [*LEAD, CUSTOM, *(f"{CUSTOM}.{each}" for each in await self._api.custom_fields())]

    def authorization(self) -> OAuthFlow:
        """Return how a person lets an app of ours into their organisation.

        Raises:
            BadConfig: when the settings give another way in.

        """
        return flow_of(self._settings, self._context)

    async def close(self) -> None:
        """Give back connections."""
        await self._api.close()

    async def _newest(self) -> Found:
        return await self._api.search(found_in("lead", Part(Span()), ["id", "date_updated"], 1))


def _reads_people(request: PollRequest) -> bool:
    """Tell whether to look for changes of people: not in a first read, nor for a mapping without any."""
    since = request.position is not None and isinstance(request.position.at, datetime)
    return since and request.window is None and (request.fields is None or "contacts" in request.fields)
