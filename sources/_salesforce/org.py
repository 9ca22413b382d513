"""Requests to one organisation: where it answers, queries and their further pages, describe."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_plus, urlsplit

from sources._http.jsontext import stable_bytes
from sources._http.sorting import failure_of
from sources._salesforce.addresses import is_safe
from sources._salesforce.explaining import explain
from sources._salesforce.schema import schema_of
from sources._wording import did_you_mean
from sources.errors import BadConfig, SourceError, Unavailable
from sources.http import Answer, ApiClient, Call, ClientOptions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from sources._salesforce.schema import Schema
    from sources._salesforce.soql import Query
    from sources.http import Clock
    from sources.oauth import OAuth

#: A longer query, in bytes of a URL, goes into a body. URL and headers may have 16,384 together.
_LONGEST_URL: Final = 4_000
#: SOQL itself ends here, in characters.
_LONGEST_SOQL: Final = 100_000
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Result:
    """One page of a query's result."""

    rows: Sequence[Any]
    #: The request for the next page; None when there is none.
    following: Call | None
    #: Whether Salesforce says that this was all.
    done: bool
    answer: Answer


class Org:
    """An organisation.

    Args:
        auth: signs requests, and knows from its token where the organisation answers.
        version: of the REST API, as in 62.0.
        timeout: for each wait on the network.
        clock: time.

    """

    def __init__(self, auth: OAuth, version: str, timeout: timedelta, clock: Clock) -> None:
        self.clock = clock
        self._auth = auth
        self._version = version
        self._options = ClientOptions(timeout=timeout, explain=explain, inspect=self._inside)
        self._client: ApiClient | None = None
        self._schemas: dict[str, Schema] = {}

    async def client(self) -> ApiClient:
        """Return what sends requests to where the token says that the organisation answers.

        Raises:
            SourceError: when there is no token to be had.

        """
        if self._client is None:
            home = _instance(await self._auth.details())
            self._client = ApiClient(home, self._auth, self._options, self.clock)
        return self._client

    async def query_call(self, query: Query, *, deleted: bool = False) -> Call:
        """Return the request for a query's first page.

        Raises:
            BadConfig: when it is longer than SOQL may be.

        """
        text, resource = str(query), "queryAll" if deleted else "query"
        if len(text) > _LONGEST_SOQL:
            raise BadConfig(
                f"the query has {len(text)} characters; Salesforce takes {_LONGEST_SOQL}", "filter"
            )
        path = f"{self._path}/{resource}"
        if len(quote_plus(text)) <= _LONGEST_URL:
            return Call(await self._address(path), params={"q": text})
        part = {"method": "GET", "url": f"{path}?q={quote_plus(text)}", "referenceId": "query"}
        body = {"allOrNone": False, "compositeRequest": [part]}
        return Call(await self._address(f"{self._path}/composite"), "POST", body=body)

    async def result(self, call: Call) -> Result:
        """Send a request for a page of a query.

        Raises:
            TooSlow: the query takes too long.
            Expired: the page's cursor is gone.
            QueryRefused: the query is not understood.
            SourceError: anything else.

        """
        client = await self.client()
        try:
            answer = await client.request(call)
        except BadConfig as error:
            raise _placed(error, self._version) from error
        data = _unpacked(answer)
        following = data.get("nextRecordsUrl")
        target = client.reach.resolve(answer.call.url, following) if isinstance(following, str) else None
        rows = data.get("records") or []
        return Result(rows, Call(target) if target else None, data.get("done") is not False, answer)

    async def schema(self, name: str) -> Schema:
        """Return what an object has, asked for once.

        Raises:
            BadConfig: when there is no such object, or our user may not see it.
            SourceError: anything else.

        """
        if name not in self._schemas:
            client = await self.client()
            call = Call(await self._address(f"{self._path}/sobjects/{name}/describe"))
            answer = await client.request(call, accept=(_NOT_FOUND,))
            if answer.status == _NOT_FOUND:
                raise await self.no_object(name)
            self._schemas[name] = schema_of(answer.data)
        return self._schemas[name]

    async def no_object(self, name: str) -> BadConfig:
        """Return the error for an object that is not there, or that our user may not see.

        Raises:
            SourceError: when it can't be looked up what there is.

        """
        client = await self.client()
        try:
            data = await client.get_json(await self._address(f"{self._path}/sobjects"))
        except BadConfig as error:
            raise _placed(error, self._version) from error
        there = [str(told.get("name")) for told in data.get("sobjects") or []]
        return BadConfig(
            f"there is no object {name}{did_you_mean(name, there)} that this user may see", "object"
        )

    async def close(self) -> None:
        """Give back connections."""
        if self._client is not None:
            await self._client.close()
        await self._auth.close()

    @property
    def _path(self) -> str:
        return f"/services/data/v{self._version}"

    async def _address(self, path: str) -> str:
        return _instance(await self._auth.details()) + path

    def _inside(self, answer: Answer) -> SourceError | None:
        """Return the error in an answer to a composite request, which itself is always a 200."""
        part = _composite(answer.data)
        if part is None:
            return None
        body = part.get("body")
        status = int(part.get("httpStatusCode") or 0)
        inner = replace(answer, status=status, data=body, body=stable_bytes(body))
        failure = failure_of(inner, self.clock.now())
        return explain(inner, failure) if failure is not None else None


def _instance(details: Any) -> str:
    """Return where the token says that the organisation answers.

    Raises:
        Unavailable: when it does not say, or the token would go there in the clear.

    """
    parts = urlsplit(str(details.get("instance_url") or ""))
    if not is_safe(parts):
        raise Unavailable("the token came without an https instance_url, so it is unknown where to ask")
    return f"{parts.scheme}://{parts.netloc}"


def _composite(data: Any) -> dict[str, Any] | None:
    parts = data.get("compositeResponse") if isinstance(data, dict) else None
    return parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], dict) else None


def _unpacked(answer: Answer) -> dict[str, Any]:
    part = _composite(answer.data)
    data = part.get("body") if part is not None else answer.data
    if not isinstance(data, dict) or not isinstance(data.get("records"), list):
        raise Unavailable(f"{answer.where}: the answer is no result of a query")
    return data


def _placed(error: BadConfig, version: str) -> BadConfig:
    """Return an error about an address as one about what the address is made of."""
    if error.setting != "url":
        return error
    return BadConfig(f"{error}; is version {version} of its API there?", "api_version")
