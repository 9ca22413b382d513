"""The requests that are made of Zoho, and what comes back of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sources._crm.saying import sensible
from sources._zoho.access import access, api_domain
from sources._zoho.failures import credits_left, explain
from sources.http import Answer, ApiClient, Call, ClientOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources._crm.access import Surroundings
    from sources._zoho.settings import ZohoSettings

#: Times are whole seconds; and whether "since" includes the second itself is not said.
SECOND: Final = timedelta(seconds=1)
#: The largest page, the most ids and the most fields that Zoho takes.
LARGEST: Final = 200
_MOST_IDS: Final = 100
MOST_FIELDS: Final = 50


@dataclass(frozen=True, slots=True)
class Part:
    """Which page of what changed."""

    #: Nothing older than this; None: everything.
    since: datetime | None = None
    size: int = LARGEST
    #: By number, within the first 2,000 records,
    page: int = 1
    #: or by the token of the page before; never both.
    token: str | None = None

    def is_behind(self, newest: datetime | None) -> bool:
        """Tell whether what follows a record of this time begins later than this does."""
        return newest is not None and (self.since is None or newest - SECOND > self.since)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of records, as Zoho has them; an answer without a body has none."""

    items: Sequence[Any]
    #: The address, for messages.
    where: str
    #: Zoho's own clock as it answered.
    present: datetime
    #: Whether there are further pages, and the token of the next.
    more: bool = False
    token: str | None = None
    #: The credits of 24 hours that are left, once few are.
    left: int | None = None


class ZohoApi:
    """Talks with one organisation about one module.

    Args:
        settings: see `ZohoSettings`.
        around: where it runs.

    """

    def __init__(self, settings: ZohoSettings, around: Surroundings) -> None:
        self._settings = settings
        self._clock = around.clock
        self._auth = access(settings, around)
        self._options = ClientOptions(rate=settings.rate_limit, timeout=settings.timeout, explain=explain)
        self._client: ApiClient | None = None
        self._base = ""

    async def close(self) -> None:
        """Give back connections."""
        if self._client is not None:
            await self._client.close()
        await self._auth.close()

    async def listed(self, names: Sequence[str], part: Part) -> Found:
        """Return one page of the module, sorted by the time of the last change.

        Args:
            names: the fields to ask for, at most 50.
            part: which page.

        """
        params = {
            "fields": ",".join(names),
            "per_page": part.size,
            "sort_by": "Modified_Time",
            "sort_order": "asc",
            "page": part.page if part.token is None else None,
            "page_token": part.token,
        }
        headers = {}
        if part.since is not None:
            headers["If-Modified-Since"] = part.since.astimezone(UTC).isoformat(timespec="seconds")
        return self._found(await self._asked(self._settings.module, params, headers))

    async def read(self, ids: Sequence[str], names: Sequence[str]) -> list[Any]:
        """Return those of the records with these ids that there are, with at most 50 fields."""
        items: list[Any] = []
        for start in range(0, len(ids), _MOST_IDS):
            some = ids[start : start + _MOST_IDS]
            params = {"ids": ",".join(some), "fields": ",".join(names), "per_page": LARGEST}
            items += self._found(await self._asked(self._settings.module, params)).items
        return items

    async def names(self) -> list[str]:
        """Return the API names of all fields of the module."""
        answer = await self._asked("settings/fields", {"module": self._settings.module}, converted=False)
        with sensible(answer.where):
            told = answer.data["fields"] if answer.data is not None else []
            return [str(each["api_name"]) for each in told]

    @property
    def place(self) -> str:
        """Where the module is, for messages; known once something was asked."""
        return f"{self._base}/crm/v8/{self._settings.module}"

    async def base(self) -> str:
        """Return where the API is.

        Raises:
            SourceError: when there is no token to be had, or it does not say.

        """
        await self._ready()
        return self._base

    async def _asked(
        self,
        path: str,
        params: dict[str, Any],
        headers: dict[str, str] | None = None,
        *,
        converted: bool = True,
    ) -> Answer:
        client = await self._ready()
        if converted and self._settings.include_converted:
            params["converted"] = "both"
        return await client.request(Call(f"{self._base}/crm/v8/{path}", params=params, headers=headers or {}))

    async def _ready(self) -> ApiClient:
        if self._client is None:
            told = self._settings.base_url
            self._base = told.rstrip("/") if told else api_domain(await self._auth.details())
            self._client = ApiClient(self._base, self._auth, self._options, self._clock)
        return self._client

    def _found(self, answer: Answer) -> Found:
        """Read a page. 204 is an empty module, 304 nothing new: neither has a body.

        Raises:
            Unavailable: when it is no page.

        """
        present = answer.server_time or self._clock.now()
        left = credits_left(answer.headers)
        if answer.data is None:
            return Found((), answer.where, present, left=left)
        with sensible(answer.where):
            info = answer.data.get("info") or {}
            token = info.get("next_page_token")
            return Found(
                list(answer.data["data"]),
                answer.where,
                present,
                info.get("more_records") is True,
                str(token) if token else None,
                left,
            )
