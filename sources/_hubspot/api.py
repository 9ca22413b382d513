"""The requests that are made of HubSpot, and what comes back of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sources._crm.access import Surroundings, refreshing
from sources._crm.saying import sensible
from sources._hubspot.authorizing import app_of
from sources._hubspot.failures import explain
from sources._rest.secrets import revealed
from sources.http import Answer, ApiClient, Call, ClientOptions, bearer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sources._hubspot.settings import HubspotSettings
    from sources.http import Auth

#: The largest pages and batches that HubSpot takes.
LISTED: Final = 100
SEARCHED: Final = 200
_LINKED: Final = 1000
#: An address longer than about this is refused; HubSpot's accounts have hundreds of properties.
_LONGEST_LIST: Final = 15_000
#: What asking about a token may be refused with; a token that can't be asked about can still be good.
_NOT_TOLD: Final = frozenset({400, 401, 403, 404, 405})


@dataclass(frozen=True, slots=True)
class Found:
    """One page of objects, as HubSpot has them."""

    items: Sequence[Any]
    #: The address, for messages.
    where: str
    #: HubSpot's own clock as it answered.
    present: datetime
    #: How many a search has found in all.
    total: int = 0
    #: Where the next page begins; None on the last.
    after: str | None = None


class HubspotApi:
    """Talks with one account about one type of objects. Searches have a pace of their own.

    Args:
        settings: see `HubspotSettings`.
        around: where it runs.

    """

    def __init__(self, settings: HubspotSettings, around: Surroundings) -> None:
        self.base = settings.base_url.rstrip("/")
        self._settings = settings
        options = ClientOptions(rate=settings.rate_limit, timeout=settings.timeout, explain=explain)
        self._client = ApiClient(self.base, _auth(self.base, settings, around), options, around.clock)
        self._searching = self._client.counting_apart(settings.search_rate_limit)

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()

    async def search(self, filters: Sequence[dict[str, str]], names: Sequence[str], limit: int) -> Found:
        """Return the first objects, by id, that all filters admit."""
        body = {
            "filterGroups": [{"filters": list(filters)}] if filters else [],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": list(names),
            "limit": min(limit, SEARCHED),
            "after": "0",
        }
        url = f"{self.base}/crm/v3/objects/{self._settings.object}/search"
        return self._found(await self._searching.request(Call(url, "POST", body=body)))

    async def listed(
        self, names: Sequence[str], after: str | None, limit: int, *, archived: bool = False
    ) -> Found:
        """Return one page of all objects. Properties too many for an address are read in a second step."""
        told = ",".join(names)
        fits = len(quote(told, safe="")) <= _LONGEST_LIST
        params = {
            "limit": min(limit, LISTED),
            "after": after,
            "properties": told if fits else self._settings.modified,
            "archived": "true" if archived else "false",
        }
        url = f"{self.base}/crm/v3/objects/{self._settings.object}"
        page = await self._ask(Call(url, params=params))
        if fits:
            return page
        with sensible(page.where):
            ids = [str(item["id"]) for item in page.items]
        return replace(page, items=await self.read(self._settings.object, ids, names, archived=archived))

    async def read(
        self, kind: str, ids: Sequence[str], names: Sequence[str], *, archived: bool = False
    ) -> list[Any]:
        """Return those of the objects with these ids that there are."""
        url = f"{self.base}/crm/v3/objects/{kind}/batch/read"
        items: list[Any] = []
        for start in range(0, len(ids), LISTED):
            body = {
                "inputs": [{"id": each} for each in ids[start : start + LISTED]],
                "properties": list(names),
                "propertiesWithHistory": [],
            }
            params = {"archived": "true" if archived else "false"}
            items += (await self._ask(Call(url, "POST", params, body=body))).items
        return items

    async def linked(self, ids: Sequence[str], kind: str) -> dict[str, list[str]]:
        """Return the ids of objects of another type that each object is associated with."""
        url = f"{self.base}/crm/v4/associations/{self._settings.object}/{kind}/batch/read"
        links: dict[str, list[str]] = {}
        for start in range(0, len(ids), _LINKED):
            body = {"inputs": [{"id": each} for each in ids[start : start + _LINKED]]}
            found = await self._ask(Call(url, "POST", body=body))
            with sensible(found.where):
                for each in found.items:
                    links[str(each["from"]["id"])] = [str(to["toObjectId"]) for to in each["to"]]
        return links

    async def properties(self) -> list[str]:
        """Return the names of all properties of this type."""
        url = f"{self.base}/crm/v3/properties/{self._settings.object}"
        found = await self._ask(Call(url))
        with sensible(found.where):
            return [str(each["name"]) for each in found.items]

    async def one_of(self, kind: str) -> None:
        """Read one object of a type, to see whether that is allowed."""
        await self._client.get_json(f"{self.base}/crm/v3/objects/{kind}", {"limit": 1})

    async def scopes(self) -> list[str]:
        """Return what a private app's token was granted; nothing when HubSpot does not tell."""
        if self._settings.token is None:
            return []
        url = f"{self.base}/oauth/v2/private-apps/get/access-token-info"
        body = {"tokenKey": self._settings.token.get_secret_value()}
        answer = await self._client.request(Call(url, "POST", body=body), accept=_NOT_TOLD)
        told = answer.data.get("scopes") if isinstance(answer.data, dict) else None
        return [str(scope) for scope in told] if isinstance(told, list) else []

    async def _ask(self, call: Call) -> Found:
        return self._found(await self._client.request(call))

    def _found(self, answer: Answer) -> Found:
        """Read a page of results.

        Raises:
            Unavailable: when it is none.

        """
        with sensible(answer.where):
            following = (answer.data.get("paging") or {}).get("next") or {}
            after = following.get("after")
            return Found(
                list(answer.data["results"]),
                answer.where,
                answer.server_time or self._client.clock.now(),
                int(answer.data.get("total") or 0),
                str(after) if after else None,
            )


def _auth(base: str, settings: HubspotSettings, around: Surroundings) -> Auth:
    if settings.token is not None:
        return bearer(settings.token.get_secret_value())
    return refreshing(around, app_of(base, settings), revealed(settings.refresh_token))
