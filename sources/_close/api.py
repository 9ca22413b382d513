"""The requests that are made of Close, and what comes back of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sources._close.access import access
from sources._close.failures import explain
from sources._close.queries import among
from sources._crm.saying import sensible
from sources.errors import BadConfig, Unavailable
from sources.http import Answer, ApiClient, Call, ClientOptions, PageGuard

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sources._close.settings import CloseSettings
    from sources._crm.access import Surroundings

#: So many leads are read by their ids at once; a search with more would be a long one.
_AT_ONCE: Final = 50
_FIELDS_AT_ONCE: Final = 100
#: No organisation has as many custom fields.
_MOST_FIELD_PAGES: Final = 1000
#: Days in searches are days of this zone, in hours from UTC.
_UTC: Final = {"X-TZ-Offset": "0"}


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search."""

    items: Sequence[Any]
    #: The address, for messages.
    where: str
    #: Close's own clock as it answered.
    present: datetime
    #: How many the search has found in all.
    total: int
    #: The request for the next page; None on the last.
    following: Call | None
    #: Whether it holds nothing, though a cursor says that there is more.
    breaks_off: bool = False


class CloseApi:
    """Talks with one organisation.

    Args:
        settings: see `CloseSettings`.
        around: where it runs.

    """

    def __init__(self, settings: CloseSettings, around: Surroundings) -> None:
        base = settings.base_url.rstrip("/")
        self.home = f"{base}/api/v1"
        options = ClientOptions(
            headers=_UTC, rate=settings.rate_limit, timeout=settings.timeout, explain=explain
        )
        auth = access(settings, replace(around, explain=explain))
        self._client = ApiClient(self.home, auth, options, around.clock)

    async def search(self, body: dict[str, Any]) -> Found:
        """Return the first page of a search."""
        return self._found(await self._client.request(Call(f"{self.home}/data/search/", "POST", body=body)))

    async def follow(self, call: Call) -> Found:
        """Return a further page. The search served for the first one, so a refusal is not its fault.

        Raises:
            Unavailable: the cursor is not taken any more, too.

        """
        try:
            return self._found(await self._client.request(call))
        except BadConfig as error:
            raise Unavailable(f"a further page was refused: {error}") from error

    async def leads(self, ids: Sequence[str], names: Sequence[str]) -> list[Any]:
        """Return those of the leads with these ids that there are."""
        items: list[Any] = []
        for start in range(0, len(ids), _AT_ONCE):
            items += (await self.search(among(ids[start : start + _AT_ONCE], names))).items
        return items

    async def custom_fields(self) -> list[str]:
        """Return the ids of the custom fields that leads have."""
        ids: list[str] = []
        more, guard = True, PageGuard(_MOST_FIELD_PAGES)
        while more:
            guard.count(self.home)
            params = {"_limit": _FIELDS_AT_ONCE, "_skip": len(ids), "_fields": "id"}
            url = f"{self.home}/custom_field/lead/"
            answer = await self._client.request(Call(url, params=params))
            with sensible(answer.where):
                found = [str(each["id"]) for each in answer.data["data"]]
                more = bool(answer.data.get("has_more")) and bool(set(found) - set(ids))
            ids += found
        return ids

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()

    def _found(self, answer: Answer) -> Found:
        """Read a page of results.

        Raises:
            Unavailable: when it is none.

        """
        with sensible(answer.where):
            items = list(answer.data["data"])
            cursor = answer.data.get("cursor")
            total = int((answer.data.get("count") or {}).get("total") or 0)
        call = answer.call
        following = replace(call, body={**call.body, "cursor": cursor}) if cursor and items else None
        present = answer.server_time or self._client.clock.now()
        return Found(items, answer.where, present, total, following, bool(cursor) and not items)
