"""The requests that are made of Pipedrive, and what comes back of them."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, Final

from sources._crm.homes import told_home
from sources._crm.saying import sensible
from sources._pipedrive.access import access
from sources._pipedrive.failures import explain, note_of
from sources.http import Answer, ApiClient, Call, ClientOptions, walk
from sources.oauth import OAuth

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from datetime import datetime

    from sources._crm.access import Surroundings
    from sources._pipedrive.records import Narrowed
    from sources._pipedrive.settings import PipedriveSettings

#: The largest pages that Pipedrive gives.
LARGEST: Final = 500
#: So many persons are read by their ids at once.
_AT_ONCE: Final = 100
_PUBLIC: Final = "https://api.pipedrive.com"
_NOT_FOUND: Final = 404
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of objects, as Pipedrive has them."""

    items: Sequence[Any]
    answer: Answer
    #: Pipedrive's own clock as it answered.
    present: datetime
    #: Whether it says that there is more.
    more: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """A span of update_time: since <= t < until, each in whole seconds or open."""

    since: datetime | None = None
    until: datetime | None = None


class PipedriveApi:
    """Talks with one company. Leads are still in v1, persons only in v2.

    Args:
        settings: see `PipedriveSettings`.
        around: where it runs.

    """

    def __init__(self, settings: PipedriveSettings, around: Surroundings) -> None:
        self._around = replace(around, explain=explain)
        self._auth = access(settings, self._around)
        self._home = settings.base_url.rstrip("/") if settings.base_url else None
        self._options = ClientOptions(
            rate=settings.rate_limit, timeout=settings.timeout, explain=explain, inspect=self._look
        )
        self._client: ApiClient | None = None
        #: What the operator should hear of the budget, by the last answer.
        self.note: str | None = None

    async def leads(
        self,
        start: int,
        limit: int,
        since: datetime | None = None,
        *,
        sort: str = "ASC",
        archived: bool = False,
    ) -> Found:
        """Return one page of leads in the order of update_time; since when, archived ones can't be asked."""
        params = {
            "start": start,
            "limit": limit,
            "sort": f"update_time {sort}",
            "updated_since": _written(since) if since is not None and not archived else None,
        }
        path = "/v1/leads/archived" if archived else "/v1/leads"
        return await self._found(await self._call(path, params))

    async def persons(
        self, limit: int, between: Between, narrowed: Narrowed, sort: str = "asc"
    ) -> AsyncGenerator[Found, None]:
        """Yield all pages of persons in the order of update_time."""
        params = {
            "limit": limit,
            "sort_by": "update_time",
            "sort_direction": sort,
            "updated_since": _written(between.since),
            "updated_until": _written(between.until, up=True),
            "custom_fields": narrowed.custom,
            "include_fields": narrowed.further,
        }
        first = await self._call("/api/v2/persons", params)
        async for found in self._pages(first):
            yield found

    async def persons_of(self, ids: Sequence[str], narrowed: Narrowed) -> list[Any]:
        """Return those of the persons with these ids that there are."""
        items: list[Any] = []
        for start in range(0, len(ids), _AT_ONCE):
            params = {
                "ids": ",".join(ids[start : start + _AT_ONCE]),
                "limit": _AT_ONCE,
                "custom_fields": narrowed.custom,
                "include_fields": narrowed.further,
            }
            items += (await self._found(await self._call("/api/v2/persons", params))).items
        return items

    async def lead(self, key: str) -> Any:
        """Return one lead, archived or not; None when it is gone."""
        client = await self._opened()
        answer = await client.request(await self._call(f"/v1/leads/{key}", {}), accept=(_NOT_FOUND,))
        if answer.status == _NOT_FOUND:
            return None
        with sensible(answer.where):
            return answer.data["data"]

    async def custom_names(self, kind: str) -> list[str]:
        """Return the names of the fields of a kind: `person`, or `deal`, which leads have theirs from."""
        first = await self._call(f"/api/v2/{kind}Fields", {"limit": LARGEST})
        names: list[str] = []
        async for found in self._pages(first):
            with sensible(found.answer.where):
                names += [str(item["field_code"]) for item in found.items]
        return names

    async def close(self) -> None:
        """Give back connections."""
        await (self._client or self._auth).close()

    async def _pages(self, first: Call) -> AsyncGenerator[Found, None]:
        """Yield page after page by their cursors. An empty one is not the end, as long as it names a next."""
        pages = walk(await self._opened(), first, self._turned, items=lambda found: found.items)
        async with aclosing(pages):
            async for found, _ in pages:
                yield found

    async def _opened(self) -> ApiClient:
        if self._client is None:
            self._client = ApiClient(await self._told_home(), self._auth, self._options, self._around.clock)
        return self._client

    async def _told_home(self) -> str:
        if self._home is None:
            oauth = self._auth if isinstance(self._auth, OAuth) else None
            self._home = told_home(await oauth.details(), "api_domain") if oauth else _PUBLIC
        return self._home

    async def _call(self, path: str, params: dict[str, Any]) -> Call:
        return Call(await self._told_home() + path, params=params)

    async def _found(self, call: Call) -> Found:
        return self._turned(await (await self._opened()).request(call))[0]

    def _turned(self, answer: Answer) -> tuple[Found, Call | None]:
        """Read a page and how to go on: by `start` in v1, by a cursor in v2.

        Raises:
            Unavailable: when it is no page.

        """
        with sensible(answer.where):
            further = answer.data.get("additional_data") or {}
            counted = further.get("pagination") or further
            more = bool(counted.get("more_items_in_collection"))
            cursor = further.get("next_cursor")
            items = list(answer.data["data"] or [])
            found = Found(items, answer, answer.server_time or self._around.clock.now(), more)
            if not cursor:
                return found, None
            return found, replace(answer.call, params={**answer.call.params, "cursor": str(cursor)})

    def _look(self, answer: Answer) -> None:
        self.note = note_of(answer)


def _written(at: datetime | None, *, up: bool = False) -> str | None:
    """Write a time in whole seconds, the only form that v2 takes; rounded down, or `up`."""
    if at is None:
        return None
    whole = at.astimezone(UTC).replace(microsecond=0)
    return f"{whole + _SECOND if up and at.microsecond else whole:%Y-%m-%dT%H:%M:%SZ}"
