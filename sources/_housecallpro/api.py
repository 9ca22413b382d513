"""The requests that are made of Housecall Pro, and what comes back of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import quote

from sources._crm.saying import sensible
from sources._housecallpro.failures import explain
from sources.errors import Unavailable
from sources.http import ApiClient, Call, ClientOptions, bearer

if TYPE_CHECKING:
    from sources._crm.access import Surroundings
    from sources._housecallpro.settings import HousecallproSettings

_GONE: Final = frozenset({404})
#: What a list can be sorted by, upwards. By creation what is new comes last, so that the pages before it stay
#: as they are; by id no two are alike, so that each has one place.
Order = Literal["created_at", "id"]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list."""

    items: list[Any]
    #: The address, for messages.
    where: str
    #: How many a page holds, which may be fewer than were asked for.
    size: int
    #: How many pages there are now, and how many items.
    pages: int
    total: int


class HousecallproApi:
    """Talks with one company about one kind.

    Args:
        settings: see `HousecallproSettings`.
        around: where it runs.

    """

    def __init__(self, settings: HousecallproSettings, around: Surroundings) -> None:
        self.where = f"{settings.base_url.rstrip('/')}/{settings.object}"
        self._kind = settings.object
        options = ClientOptions(
            headers={"X-Company-Id": settings.company_id} if settings.company_id else {},
            rate=settings.rate_limit,
            timeout=settings.timeout,
            explain=explain,
        )
        auth = bearer(settings.api_key.get_secret_value(), "Token")
        self._client = ApiClient(self.where, auth, options, around.clock)

    async def page(self, number: int, size: int, order: Order = "created_at") -> Found:
        """Return one page.

        Raises:
            Unavailable: when the answer is none, or another page.

        """
        params = {"page": number, "page_size": size, "sort_by": order, "sort_direction": "asc"}
        answer = await self._client.request(Call(self.where, params=params))
        with sensible(answer.where):
            data = answer.data
            items, at, told = data[self._kind], int(data["page"]), int(data["page_size"])
            found = Found(items, answer.where, told, int(data["total_pages"]), int(data["total_items"]))
            if not isinstance(items, list) or not 1 <= told <= size or len(items) > told:
                raise TypeError
        if at != number:
            raise Unavailable(f"{answer.where}: asked for page {number} it gives page {at}; stopped there")
        return found

    async def one(self, key: str) -> Any:
        """Return the item with this id; None when there is none."""
        answer = await self._client.request(Call(f"{self.where}/{quote(key, safe='')}"), _GONE)
        return None if answer.status in _GONE else answer.data

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()
