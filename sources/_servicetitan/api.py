"""The requests that are made of ServiceTitan, and what comes back of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from sources._crm.saying import sensible
from sources._servicetitan.failures import explain
from sources.http import ApiClient, Call, ClientOptions, PageGuard
from sources.oauth import OAuth, OAuthApp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sources._crm.access import Surroundings
    from sources._servicetitan.settings import ServicetitanSettings

#: So many may be asked for by their ids at once.
BY_IDS: Final = 50
#: More pages than the contacts of so many customers fill.
_MOST_PAGES: Final = 1000
_CONTACTS_AT_ONCE: Final = 500
#: Inactive ones are left out of the list of customers unless they are asked for.
_ALL: Final = {"customers": {"active": "Any"}}
#: What a list of contacts may answer in the place of an empty one.
_NONE: Final = frozenset({404})


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list."""

    items: list[Any]
    #: The address, for messages.
    where: str
    #: ServiceTitan's own clock as it answered.
    present: datetime
    #: Whether there is more behind it.
    more: bool
    #: How many the whole list holds; None when that was not asked.
    total: int | None


@dataclass(frozen=True, slots=True)
class Exported:
    """One page of an export feed."""

    items: list[Any]
    #: The address, for messages.
    where: str
    #: ServiceTitan's own clock as it answered.
    present: datetime
    #: Whether there is more behind it already.
    more: bool
    #: Where to go on, be it now or by the next poll.
    token: str


class ServicetitanApi:
    """Talks with one tenant.

    Args:
        settings: see `ServicetitanSettings`.
        around: where it runs.

    """

    def __init__(self, settings: ServicetitanSettings, around: Surroundings) -> None:
        self.home = settings.api
        secret = settings.client_secret.get_secret_value()
        options = ClientOptions(
            headers={"ST-App-Key": settings.app_key.get_secret_value()},
            rate=settings.rate_limit,
            timeout=settings.timeout,
            explain=explain,
        )
        auth = OAuth.client_credentials(
            OAuthApp(settings.token_url, settings.client_id, secret),
            owner=around.context.name,
            options=around.options,
            clock=around.clock,
        )
        self._client = ApiClient(self.home, auth, options, around.clock)

    async def listed(self, kind: str, **params: Any) -> Found:
        """Return one page of a list.

        Args:
            kind: leads or customers.
            params: query parameters; None: left out. Times are written as the API has them.

        """
        said = {name: written(value) for name, value in params.items()}
        return await self._found(Call(f"{self.home}/{kind}", params={**_ALL.get(kind, {}), **said}))

    async def exported(self, kind: str, begins: str | None) -> Exported:
        """Return one page of the export feed, with recent changes.

        Args:
            kind: leads or customers.
            begins: a token of an answer before, or a day; None: at the very beginning.

        """
        params = {"from": begins, "includeRecentChanges": "true"}
        answer = await self._client.request(Call(f"{self.home}/export/{kind}", params=params))
        with sensible(answer.where):
            items, more, token = (answer.data[name] for name in ("data", "hasMore", "continueFrom"))
            if not isinstance(items, list) or not isinstance(more, bool) or not isinstance(token, str):
                raise TypeError
        return Exported(items, answer.where, answer.server_time or self._client.clock.now(), more, token)

    async def by_ids(self, kind: str, ids: Iterable[str]) -> list[Any]:
        """Return those with these ids that there are."""
        items: list[Any] = []
        for some in _lots(ids):
            items += (await self.listed(kind, ids=some, pageSize=BY_IDS)).items
        return items

    async def contacts(self, customers: Iterable[str]) -> list[Any]:
        """Return the phones and e-mails of customers, in the order of their ids."""
        items: list[Any] = []
        for some in _lots(customers):
            items += await self._contacts(some)
        return items

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()

    async def _contacts(self, customers: str) -> list[Any]:
        items: list[Any] = []
        guard = PageGuard(_MOST_PAGES)
        for page in count(1):
            guard.count(f"{self.home}/customers/contacts")
            params = {"customerIds": customers, "page": page, "pageSize": _CONTACTS_AT_ONCE}
            found = await self._found(Call(f"{self.home}/customers/contacts", params=params))
            items += found.items
            if not found.more:
                break
            guard.take(found.items, found.where)
        return items

    async def _found(self, call: Call) -> Found:
        """Read a page.

        Raises:
            Unavailable: when it is none.

        """
        answer = await self._client.request(call, _NONE if "customerIds" in call.params else ())
        present = answer.server_time or self._client.clock.now()
        if answer.status in _NONE:
            return Found([], answer.where, present, more=False, total=0)
        with sensible(answer.where):
            items, more, total = answer.data["data"], answer.data["hasMore"], answer.data.get("totalCount")
            if not isinstance(items, list) or not isinstance(more, bool):
                raise TypeError
        return Found(items, answer.where, present, more, total if isinstance(total, int) else None)


def written(value: Any) -> Any:
    """Return a parameter as the API has it: times to the millisecond."""
    if not isinstance(value, datetime):
        return value
    return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _lots(ids: Iterable[str]) -> list[str]:
    """Return ids in lots of what may be asked for at once; what is no number is nobody's id."""
    numbers = [each for each in ids if each.isascii() and each.isdecimal()]
    return [",".join(numbers[start : start + BY_IDS]) for start in range(0, len(numbers), BY_IDS)]
