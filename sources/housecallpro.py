"""Housecall Pro: leads with their customers, or customers.

crm:
  type: housecallpro
  api_key: ${HOUSECALLPRO_API_KEY}
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, ClassVar, Final

from sources._crm.access import Surroundings
from sources._housecallpro.api import HousecallproApi
from sources._housecallpro.failures import explain
from sources._housecallpro.names import OWN
from sources._housecallpro.reading import Reading, page_of
from sources._housecallpro.settings import HousecallproSettings
from sources.http import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sources.base import Page, PollRequest, Record, SourceContext, SourceSettings

__all__ = ["Housecallpro", "HousecallproSettings"]

#: The largest pages that are asked for; how large they may be is not told, and unasked they are of ten.
_LARGEST: Final = 100


class Housecallpro:
    """Reads the leads, or the customers, of a company in Housecall Pro: all of them, each time.

    Its lists can't be asked for what changed, and a lead has no time of its own. What differs is found by
    comparing.

    Args:
        settings: see `HousecallproSettings`.
        context: where it runs.
        clock: time, for tests.

    """

    name: ClassVar[str] = "housecallpro"
    Settings: ClassVar[type[SourceSettings]] = HousecallproSettings
    identity: ClassVar[tuple[str, ...]] = ("base_url", "company_id", "object")

    def __init__(
        self, settings: HousecallproSettings, context: SourceContext, clock: Clock | None = None
    ) -> None:
        self._kind = settings.object
        around = Surroundings(context, clock or SystemClock(), settings.timeout, explain)
        self._api = HousecallproApi(settings, around)

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield everything; position and window of the request mean nothing here.

        Raises:
            RateLimited: a limit is reached and does not pass within a minute.
            Denied: the key is not taken, or may not read this.
            Unavailable: no answer, 5xx, or a list that cannot be read without losing some.

        """
        reading = Reading(self._api, self._kind, max(1, min(request.page_size, _LARGEST)))
        async with aclosing(reading.pages()) as pages:
            async for page in pages:
                yield page

    async def check(self) -> str:
        """Look at the list, and say how many there are.

        Raises:
            SourceError: as `poll`.

        """
        found = await self._api.page(1, 1)
        return f"{found.where}: {found.total:,} {self._kind} can be read, all of them at each poll"

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the records with these ids that there are.

        Raises:
            SourceError: as `poll`.

        """
        items = [await self._api.one(key) for key in keys]
        return page_of([each for each in items if each is not None], self._kind)[0]

    async def fields(self) -> Sequence[str]:
        """Return what a record can have: what answers are known to show, and what these show.

        Raises:
            SourceError: as `poll`.

        """
        items = (await self._api.page(1, _LARGEST)).items
        shown = [name for each in items if isinstance(each, dict) for name in each]
        return list(dict.fromkeys([*OWN[self._kind], *shown]))

    async def close(self) -> None:
        """Give back connections."""
        await self._api.close()
