"""The requests that are made of Jobber, and what comes back of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sources._crm.saying import sensible
from sources._crm.spans import Span
from sources._jobber import queries
from sources._jobber.access import VERSION_HEADER, access
from sources._jobber.budget import Budget, cost_in
from sources._jobber.failures import Unauthenticated, errors_in, explain, inspecting, is_gone
from sources._jobber.kinds import KINDS
from sources._jobber.versions import Versions
from sources.errors import Unavailable
from sources.http import ApiClient, Call, ClientOptions, Draft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sources._crm.access import Surroundings
    from sources._jobber.settings import JobberSettings
    from sources.http import Answer

_LEAVES: Final = ("SCALAR", "ENUM")


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list, as Jobber has it."""

    items: Sequence[Any]
    #: Whether there are further pages, and the cursor of the next.
    more: bool
    cursor: str | None
    #: How many there are on all pages; None: not asked.
    total: int | None
    #: The address, for messages.
    where: str
    #: Jobber's own clock as it answered.
    present: datetime


class JobberApi:
    """Talks with one account about clients or requests.

    Args:
        settings: see `JobberSettings`.
        around: where it runs.

    """

    def __init__(self, settings: JobberSettings, around: Surroundings) -> None:
        self.settings = settings
        self.kind = KINDS[settings.object]
        self.url = f"{settings.base}/graphql"
        self.versions = Versions(settings.api_version)
        self.budget = Budget(around.clock)
        options = ClientOptions(
            headers={VERSION_HEADER: settings.api_version},
            rate=settings.rate_limit,
            timeout=settings.timeout,
            inspect=inspecting(self.kind),
            explain=explain,
        )
        self._client = ApiClient(self.url, access(settings, around), options, around.clock)

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()

    async def listed(self, query: str, span: Span, size: int, after: str | None = None) -> Found:
        """Return a page of what changed in a span.

        Args:
            query: see `queries.listing`.
            span: in whole seconds. What changed at its very end comes along.
            size: at most so many.
            after: the cursor of the page before.

        Raises:
            TooDear: when there are never enough points for a page of this size.
            SourceError: as `sources.http.ApiClient.request`.

        """
        variables = {"first": size, "filter": queries.filtered(self.settings, span)}
        answer = await self._asked(query, variables if after is None else {**variables, "after": after})
        with sensible(answer.where):
            page = answer.data["data"][queries.FOUND]
            return Found(
                list(page.get("nodes", [])),
                bool(page["pageInfo"]["hasNextPage"]),
                page["pageInfo"].get("endCursor"),
                int(page["totalCount"]) if "totalCount" in page else None,
                answer.where,
                answer.server_time or self._client.clock.now(),
            )

    async def one(self, key: str, selection: str) -> Any:
        """Return the record with this id; None when there is none."""
        query = queries.single(self.kind, selection)
        answer = await self._asked(query, {"id": key}, may_be_gone=True)
        if is_gone(answer):
            return None
        with sensible(answer.where):
            return answer.data["data"][queries.FOUND]

    async def names(self) -> list[str]:
        """Return the fields of a record, as this version of the API has them, that can be asked for."""
        answer = await self._asked(queries.described(self.kind), {})
        with sensible(answer.where):
            told = answer.data["data"][queries.FOUND]["fields"]
            known = {**self.kind.known, **self.settings.selections}
            return [str(each["name"]) for each in told if each["name"] in known or _is_leaf(each["type"])]

    async def account(self) -> str:
        """Return the account's name."""
        answer = await self._asked(queries.ACCOUNT, {})
        with sensible(answer.where):
            return str(answer.data["data"]["account"]["name"])

    async def present(self) -> datetime:
        """Return Jobber's own clock, after looking whether the list may be read."""
        return (await self.listed(queries.listing(self.kind, "id"), Span(), 1)).present

    async def _asked(self, query: str, variables: Mapping[str, Any], *, may_be_gone: bool = False) -> Answer:
        await self.budget.enough()
        call = Call(self.url, "POST", body={"query": query, "variables": dict(variables)})
        try:
            answer = await self._client.request(call)
        except Unauthenticated:
            await self._renew()
            answer = await self._client.request(call)
        if errors_in(answer) and not may_be_gone:
            raise Unavailable(f"{answer.where}: it says of a list that something is not there")
        self.budget.see(cost_in(answer))
        self.versions.see(answer)
        return answer

    async def _renew(self) -> None:
        """Drop the access token, as after a 401: Jobber says so with a 200 too."""
        draft = Draft(self.url, {})
        await self._client.auth.sign(draft)
        await self._client.auth.renew(draft)


def _is_leaf(kind: Mapping[str, Any]) -> bool:
    inner = kind.get("ofType") or {}
    return kind.get("kind") in _LEAVES or (kind.get("kind") == "NON_NULL" and inner.get("kind") in _LEAVES)
