"""Pipedrive: leads, each with its person, or persons.

pipedrive:
  type: pipedrive
  token: ${PIPEDRIVE_TOKEN}
"""

from __future__ import annotations

import re
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sources._crm.access import Surroundings
from sources._pipedrive.access import flow_of
from sources._pipedrive.api import Between, Found, PipedriveApi
from sources._pipedrive.failures import told_of
from sources._pipedrive.joining import joined
from sources._pipedrive.names import ASKED, CUSTOM, JOINED, LEAD, PERSON
from sources._pipedrive.reading import Reading
from sources._pipedrive.records import Narrowed, page_of
from sources._pipedrive.settings import PipedriveSettings
from sources.base import Page, PollRequest, Position, Record, SourceContext, SourceSettings
from sources.http import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sources.oauth import OAuthFlow

__all__ = ["Pipedrive", "PipedriveSettings"]

_LEAD_ID: Final = re.compile(r"[A-Za-z0-9-]+")


class Pipedrive:
    """Reads leads or persons of a company in Pipedrive, by the time of their last change.

    A record holds what Pipedrive has, custom fields under their own names of 40 letters and digits; that of a
    lead also holds its `person`. Phones and e-mails that are empty are left out, the primary one comes first.

    Args:
        settings: see `PipedriveSettings`.
        context: where it runs.
        clock: time, for tests.

    """

    name: ClassVar[str] = "pipedrive"
    Settings: ClassVar[type[SourceSettings]] = PipedriveSettings
    identity: ClassVar[tuple[str, ...]] = ("base_url", "object")
    #: Pipedrive says nothing of a lag; its lists are not known to have one of minutes.
    default_lookback: ClassVar[timedelta] = timedelta(minutes=5)

    def __init__(
        self, settings: PipedriveSettings, context: SourceContext, clock: Clock | None = None
    ) -> None:
        self._settings = settings
        self._context = context
        self._api = PipedriveApi(settings, Surroundings(context, clock or SystemClock(), settings.timeout))

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield pages of what changed since the request's position, oldest first.

        Raises:
            RateLimited: the tokens of the day are used up, or Pipedrive's firewall blocks us.
            Unavailable: no answer, 5xx, or an answer that would lead to losing something.
            Denied: the token is not taken, or may not read this.

        """
        reading = Reading(self._api, request)
        async with aclosing(self._pages(reading, request.fields)) as pages:
            async for page in pages:
                yield page
        notes = (self._api.note,) if self._api.note else ()
        yield Page((), reading.position(), last=True, notes=notes)

    async def check(self) -> str:
        """Look at everything that a poll reads, and say what is there.

        Raises:
            SourceError: as `poll`.

        """
        newest = await self._newest()
        if self._settings.object == "leads":
            await self._newest_person()
        if self._settings.archived:
            await self._api.leads(0, 1, archived=True)
        records, _ = page_of(newest.items)
        at = records[0].changed if records else None
        told = f"the newest change of {at:%Y-%m-%d %H:%M} UTC" if at else "there are none yet"
        kind = self._settings.object
        return f"{newest.answer.where}: {kind} can be read, {told}{told_of(newest.answer)}"

    async def latest(self) -> Position:
        """Return Pipedrive's own present.

        Raises:
            SourceError: as `poll`.

        """
        return Position(at=(await self._newest()).present)

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the leads or persons with these ids that there are, leads also when they are archived.

        Raises:
            SourceError: as `poll`.

        """
        if self._settings.object == "persons":
            ids = [key for key in keys if key.isdecimal()]
            return page_of(await self._api.persons_of(ids, Narrowed()))[0]
        found = [await self._api.lead(key) for key in keys if _LEAD_ID.fullmatch(key)]
        records, _ = page_of([item for item in found if item is not None])
        return await joined(self._api, records)

    async def fields(self) -> Sequence[str]:
        """Return what a record can have.

        Raises:
            SourceError: as `poll`.

        """
        if self._settings.object == "persons":
            known, custom = [*PERSON, *ASKED, CUSTOM], await self._api.custom_names("person")
        else:
            known, custom = [*LEAD, JOINED], await self._api.custom_names("deal")
        return list(dict.fromkeys([*known, *custom]))

    def authorization(self) -> OAuthFlow:
        """Return how a person lets an app of ours into their company.

        Raises:
            BadConfig: when the settings give another way in.

        """
        return flow_of(self._settings, self._context)

    async def close(self) -> None:
        """Give back connections."""
        await self._api.close()

    async def _pages(self, reading: Reading, reads: frozenset[str] | None) -> AsyncGenerator[Page, None]:
        if self._settings.object == "persons":
            parts: list[Any] = [reading.persons()]
        else:
            # Archived ones before the others: once those have moved the position, they would not be read.
            parts = [*([reading.archived()] if self._settings.archived else []), reading.leads()]
        joins = self._settings.object == "leads" and (reads is None or JOINED in reads)
        for part in parts:
            async with aclosing(part) as pages:
                async for page in pages:
                    records = await joined(self._api, page.records) if joins else page.records
                    yield replace(page, records=records)

    async def _newest(self) -> Found:
        if self._settings.object == "leads":
            return await self._api.leads(0, 1, sort="DESC")
        return await self._newest_person()

    async def _newest_person(self) -> Found:
        async with aclosing(self._api.persons(1, Between(), Narrowed(), "desc")) as pages:
            return await anext(pages)
