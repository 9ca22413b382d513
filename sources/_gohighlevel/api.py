"""The requests that are made of GoHighLevel, and what comes back of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sources._crm.saying import sensible
from sources._gohighlevel.access import access
from sources._gohighlevel.failures import explain, left_today
from sources.http import ApiClient, Call, ClientOptions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sources._crm.access import Surroundings
    from sources._gohighlevel.settings import GohighlevelSettings

#: The largest page that is asked for.
LARGEST: Final = 100
#: The only version of the API that has this search; without the header nothing is answered.
VERSION: Final = "2021-07-28"
#: How a contact that is not there, or an id that can't be one, is refused.
_NOT_THERE: Final = frozenset({400, 404, 422})


@dataclass(frozen=True, slots=True)
class Found:
    """One page of contacts, as GoHighLevel has them."""

    items: Sequence[Any]
    #: The address, for messages.
    where: str
    #: GoHighLevel's own clock as it answered.
    present: datetime
    #: How many contacts there are, whatever page this is.
    total: int
    #: How many requests of the day are left, and of how many; None: not told.
    left: tuple[int, int] | None


class GohighlevelApi:
    """Talks with one sub-account.

    Args:
        settings: see `GohighlevelSettings`.
        around: where it runs.

    """

    def __init__(self, settings: GohighlevelSettings, around: Surroundings) -> None:
        self.base = settings.base_url.rstrip("/")
        self._location = settings.location_id
        options = ClientOptions(
            headers={"version": VERSION},
            rate=settings.rate_limit,
            timeout=settings.timeout,
            explain=explain,
        )
        self._client = ApiClient(self.base, access(settings, around), options, around.clock)

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()

    async def search(self, after: Sequence[Any] | None, limit: int) -> Found:
        """Return the contacts that changed first, from after a place on.

        Args:
            after: `searchAfter` of the last contact of the page before; None: from the beginning.
            limit: at most so many.

        """
        body: dict[str, Any] = {
            "locationId": self._location,
            "pageLimit": max(1, min(limit, LARGEST)),
            "sort": [{"field": "dateUpdated", "direction": "asc"}],
        }
        if after is not None:
            body["searchAfter"] = list(after)
        answer = await self._client.request(Call(f"{self.base}/contacts/search", "POST", body=body))
        with sensible(answer.where):
            return Found(
                list(answer.data["contacts"]),
                answer.where,
                answer.server_time or self._client.clock.now(),
                int(answer.data.get("total") or 0),
                left_today(answer.headers),
            )

    async def one(self, key: str) -> Any:
        """Return the contact with this id; None when there is none."""
        answer = await self._client.request(Call(f"{self.base}/contacts/{key}"), accept=_NOT_THERE)
        if answer.status in _NOT_THERE:
            return None
        with sensible(answer.where):
            return answer.data["contact"]
