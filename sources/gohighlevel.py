"""GoHighLevel (HighLevel, LeadConnector): the contacts of a sub-account.

gohighlevel:
  type: gohighlevel
  token: ${GOHIGHLEVEL_TOKEN}
  location_id: ve9EPM428h8vShlRW1KT
"""

from __future__ import annotations

import re
from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Final

from sources._crm.access import Surroundings
from sources._gohighlevel.access import flow_of
from sources._gohighlevel.api import LARGEST, GohighlevelApi
from sources._gohighlevel.records import CURSOR, KNOWN, record, wants_quiet
from sources._gohighlevel.searching import Searching
from sources._gohighlevel.settings import GohighlevelSettings
from sources._wording import counted
from sources.base import Page, PollRequest, Position, Record, SourceContext, SourceSettings
from sources.http import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sources.oauth import OAuthFlow

__all__ = ["Gohighlevel", "GohighlevelSettings"]

_ID: Final = re.compile(r"[A-Za-z0-9_-]+")


class Gohighlevel:
    """Reads the contacts of one sub-account (location), in the order in which they changed.

    A record holds what the search gives of a contact, whole: it can't be asked for less. `name` is the whole
    name as it was typed, since `contactName` is in lower case.

    Args:
        settings: see `GohighlevelSettings`.
        context: where it runs.
        clock: time, for tests.

    """

    name: ClassVar[str] = "gohighlevel"
    Settings: ClassVar[type[SourceSettings]] = GohighlevelSettings
    identity: ClassVar[tuple[str, ...]] = ("base_url", "location_id")
    #: The search's index is some seconds behind, by what is said of searches like it.
    default_lookback: ClassVar[timedelta] = timedelta(minutes=5)

    def __init__(
        self, settings: GohighlevelSettings, context: SourceContext, clock: Clock | None = None
    ) -> None:
        self._settings = settings
        self._context = context
        around = Surroundings(context, clock or SystemClock(), settings.timeout)
        self._api = GohighlevelApi(settings, around)

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield pages of what changed since the request's position, oldest first; each carries a position.

        Raises:
            RateLimited: the limit of a day is reached, or that of ten seconds again and again.
            Denied: the token is not taken, lacks the scope, or is for another location.
            BadConfig: GoHighLevel does not know the location.
            Unavailable: no answer, 5xx, or an answer that would lead to losing contacts.

        """
        searching = Searching(self._api, request, self._settings.include_dnd)
        async with aclosing(searching.pages()) as pages:
            async for page in pages:
                yield page

    async def check(self) -> str:
        """Ask for one contact, and say how many there are and how many requests of the day are left.

        Raises:
            SourceError: as `poll`.

        """
        found = await self._api.search(None, 1)
        there = counted(found.total, "contact").replace(str(found.total), f"{found.total:,}", 1)
        left = f"; {found.left[0]:,} of {found.left[1]:,} requests of today are left" if found.left else ""
        return f"{self._api.base}: {there} of location {self._settings.location_id} can be read{left}"

    async def latest(self) -> Position:
        """Return GoHighLevel's own present.

        Raises:
            SourceError: as `poll`.

        """
        return Position(at=(await self._api.search(None, 1)).present)

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the contacts with these ids that there are, except those left out by `include_dnd`.

        Raises:
            SourceError: as `poll`.

        """
        items = [await self._api.one(key) for key in keys if _ID.fullmatch(key)]
        there = [item for item in items if item is not None]
        everybody = self._settings.include_dnd
        return [record(item, "a contact") for item in there if everybody or not wants_quiet(item)]

    async def fields(self) -> Sequence[str]:
        """Return what contacts are known to have, and what some of yours have beside that.

        Raises:
            SourceError: as `poll`.

        """
        found = await self._api.search(None, LARGEST)
        seen = (name for item in found.items if isinstance(item, dict) for name in item)
        return list(dict.fromkeys([*KNOWN, *(name for name in seen if name != CURSOR)]))

    def authorization(self) -> OAuthFlow:
        """Return how a person lets an app of ours into the sub-account.

        Raises:
            BadConfig: when the settings give another way in.

        """
        return flow_of(self._settings, self._context)

    async def close(self) -> None:
        """Give back connections."""
        await self._api.close()
