"""The client that adapters call: credentials, pace, patience, redirects, JSON, sorted errors."""

from __future__ import annotations

import asyncio
import copy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx

from sources._http.auth import Auth, Draft, NoAuth
from sources._http.call import Answer, Call
from sources._http.clock import Clock, SystemClock
from sources._http.jsontext import parse_json
from sources._http.pacing import Pacer, Patience, Transient
from sources._http.reach import Reach
from sources._http.sorting import failure_of
from sources._http.wire import MAX_BYTES, Wire
from sources.errors import BadConfig, RateLimited, SourceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from sources.units import Rate

_UNAUTHORIZED = 401
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: Of these, the ones after which a POST stays a POST.
_KEEP_METHOD = frozenset({307, 308})
_MOST_REDIRECTS = 5
_SHORTEST_KEY = 8
#: Larger JSON is parsed in a thread, so that the event loop goes on.
_LARGE = 1_000_000


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """How a client behaves; the defaults suit most APIs."""

    #: Sent with every request.
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: Our own pace. None: as fast as pages come.
    rate: Rate | None = None
    #: For each wait on the network.
    timeout: timedelta = timedelta(seconds=30)
    #: Hosts beside the home one that may get our credentials.
    allow_hosts: tuple[str, ...] = ()
    #: Statuses beside 429 by which the API says that we ask too often.
    limit_statuses: frozenset[int] = frozenset()
    #: Looks at every good answer; an error it returns is treated as if a status had said so.
    inspect: Callable[[Answer], SourceError | None] | None = None
    #: Takes a failed answer and the error made of it; returns the error that this vendor means by it.
    explain: Callable[[Answer, SourceError], SourceError] | None = None
    patience: Patience = field(default_factory=Patience)
    #: The largest answer that is read, in bytes.
    max_bytes: int = MAX_BYTES


class _Unsigned(Exception):
    """Credentials could not be had. Whoever was to give them has been patient already."""

    def __init__(self, error: SourceError) -> None:
        super().__init__()
        self.error = error


class ApiClient:
    """Talks JSON with one API.

    Args:
        home: a URL of the API; credentials go to its host and to `options.allow_hosts` only.
        auth: see `sources.http` and `sources.oauth`.
        options: pace, timeout, patience and limits.
        clock: what time it is and what to wait with.

    """

    def __init__(
        self,
        home: str,
        auth: Auth | None = None,
        options: ClientOptions | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.options = options or ClientOptions()
        self.clock = clock or SystemClock()
        self.auth = auth or NoAuth()
        self.reach = Reach(home, self.options.allow_hosts)
        self._pacer = Pacer(self.options.rate, self.clock)
        self._wire = Wire(self.options.timeout, self.options.max_bytes)

    async def get_json(self, url: str, params: Mapping[str, Any] | None = None) -> Any:
        """GET a URL and return its parsed JSON; None for an empty answer.

        Raises:
            SourceError: as `request`.

        """
        return (await self.request(Call(url, params=params or {}))).data

    async def request(self, call: Call, accept: Collection[int] = ()) -> Answer:
        """Send a request, again where that may help, and return a good answer.

        Args:
            call: what to ask.
            accept: failure statuses that are returned as they are, with `data` if it is JSON. A redirect
                among them is not followed.

        Raises:
            RateLimited: when the API asks for more patience than `options.patience` has.
            Unavailable: no answer, 5xx, no JSON, too large.
            Denied: 401, 402, 403.
            BadConfig: other 4xx, and links or redirects to a host that is not ours.

        """
        failures = 0
        while True:
            try:
                return await self._attempt(call, accept)
            except _Unsigned as unsigned:
                raise unsigned.error from unsigned.error.__cause__
            except (RateLimited, Transient) as error:
                failures += 1
                if not call.repeatable and not isinstance(error, RateLimited):
                    raise
                self._pacer.hold(self.options.patience.delay(error, failures))

    def counting_apart(self, rate: Rate | None) -> ApiClient:
        """Return the same client with a pace of its own, for requests that the API counts apart.

        It has the same connections; they are given back by closing one of the two.
        """
        other = copy.copy(self)
        other._pacer = Pacer(rate, self.clock)  # noqa: SLF001 it is one of us
        return other

    async def close(self) -> None:
        """Give back all connections."""
        await self._wire.close()
        await self.auth.close()

    async def _attempt(self, call: Call, accept: Collection[int]) -> Answer:
        draft, answer = await self._signed(call, accept)
        if answer.status == _UNAUTHORIZED and await self.auth.renew(draft):
            _, answer = await self._signed(call, accept)
        if answer.status in accept:
            return await _with_data(answer, strict=False)
        good = 200 <= answer.status < 300  # noqa: PLR2004
        answer = await _with_data(answer, strict=good)
        secrets = [*self.auth.secrets(), *_long(call.headers), *_long(self.options.headers)]
        failure = failure_of(answer, self.clock.now(), self.options.limit_statuses, secrets)
        if failure is not None and self.options.explain is not None:
            failure = self.options.explain(answer, failure)
        if failure is None and self.options.inspect is not None:
            failure = self.options.inspect(answer)
        if failure is not None:
            raise failure
        return answer

    async def _signed(self, call: Call, accept: Collection[int]) -> tuple[Draft, Answer]:
        """Send with credentials, following redirects that stay with our hosts."""
        for _ in range(_MOST_REDIRECTS + 1):
            draft = self._draft(call)
            await self._sign(draft)
            await self._pacer.turn()
            answer = await self._wire.exchange(call, draft)
            target = answer.headers.get("location")
            if answer.status not in _REDIRECTS or answer.status in accept or not target:
                return draft, answer
            call = self._redirected(answer, draft.url, target)
        raise Unavailable(f"{call.where}: it redirects more than {_MOST_REDIRECTS} times")

    async def _sign(self, draft: Draft) -> None:
        try:
            await self.auth.sign(draft)
        except SourceError as error:
            raise _Unsigned(error) from None

    def _draft(self, call: Call) -> Draft:
        url = self.reach.admit(call.url)
        params = {name: value for name, value in call.params.items() if value is not None}
        if params:
            url = str(httpx.URL(url).copy_merge_params(params))
        headers = {**self.options.headers, **call.headers}
        return Draft(url, {name.lower(): value for name, value in headers.items()})

    def _redirected(self, answer: Answer, base: str, target: str) -> Call:
        call = answer.call.to(self.reach.resolve(base, target))
        if call.method != "GET" and answer.status not in _KEEP_METHOD:
            raise BadConfig(
                f"{answer.where} redirects a {call.method} to {call.where}; set that as the url", "url"
            )
        return call


def _long(headers: Mapping[str, str]) -> list[str]:
    """Return the header values that are long enough to be a key."""
    return [value for value in headers.values() if len(value) >= _SHORTEST_KEY]


async def _with_data(answer: Answer, *, strict: bool) -> Answer:
    """Parse the body, in a thread when it is large.

    Raises:
        Unavailable: when `strict` and the body is something else than JSON.

    """
    if not answer.body.strip():
        return answer
    charset = answer.charset
    try:
        if len(answer.body) > _LARGE:
            return replace(answer, data=await asyncio.to_thread(parse_json, answer.body, charset))
        return replace(answer, data=parse_json(answer.body, charset))
    except ValueError as error:
        if strict:
            raise Unavailable(_not_json(answer, error)) from None
    return answer


def _not_json(answer: Answer, error: ValueError) -> str:
    html = answer.content_type.endswith(("html", "xml")) or answer.body.lstrip().startswith(b"<")
    if html or (answer.content_type and "json" not in answer.content_type):
        return f"{answer.where} answered {answer.content_type or 'markup'}, not JSON"
    place = getattr(error, "pos", None)
    told = "" if place is None else f" at character {place + 1} of {len(answer.body)}"
    return f"{answer.where}: the JSON of the answer is broken or cut off{told}"
