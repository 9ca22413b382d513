"""The sender: aiohttp, because the benchmark says so. Loaded when the first request is made.

Idle connections are dropped after `IDLE_SECONDS`, sooner than common servers drop them (gunicorn 2 s,
uvicorn, Node and Apache httpd 5 s, AWS load balancers 60 s, nginx 75 s). A request written to a
connection that the server is closing at that moment is an unknown outcome, a lead that may be sent
twice; a new connection costs a few milliseconds. Nothing is repeated here, and no redirect followed:
what becomes of a lead is decided in one place, by its receipt.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from sync.endpoints._exchange import MOST_BYTES, Answer, NoAnswer
from sync.endpoints._failures import no_answer, too_early
from sync.endpoints._payload import Body
from sync.endpoints._proxy import environment_proxy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.endpoints._exchange import Target

IDLE_SECONDS = 1.5
#: A connection that takes longer is not made; certainly nothing was sent then, so trying again is safe.
CONNECT_SECONDS = 10.0
_OURS = {"Accept-Encoding": "identity", "User-Agent": "leadrelay"}


class AiohttpSender:
    """Sends requests to one target over connections that are kept and reused.

    Args:
        target: where to.
        timeout: seconds an answer may take once the request was written.
        connections: how many may be open at once.

    """

    def __init__(self, target: Target, *, timeout: float, connections: int) -> None:
        # An encoded slash in a path must stay one, and a signature in a query as it is.
        self._url = URL(target.url, encoded=target.url.isascii())
        self._place = f"{self._url.host}:{self._url.port}"
        self._timeout = timeout
        self._connections = connections
        self._proxy = environment_proxy(self._url)
        # Never a session's default headers: aiohttp sends those to the proxy as well, keys and all.
        self._headers = CIMultiDict({**_OURS, **self._to_plain_proxy(), **target.headers})
        self._session: aiohttp.ClientSession | None = None

    async def exchange(self, method: str, body: bytes | None) -> Answer | NoAnswer:
        """Make one request, once, and return what came of it."""
        deadline = asyncio.timeout(CONNECT_SECONDS if body is not None else CONNECT_SECONDS + self._timeout)
        data = Body(body, deadline, self._timeout) if body is not None else None
        clock = asyncio.get_running_loop().time
        begun = clock()
        response: aiohttp.ClientResponse | None = None
        try:
            async with deadline:
                response = await self._request(method, data)
                content, whole = await _read(response)
        except Exception as error:  # noqa: BLE001 - whatever escapes the client, where the lead stands is said
            if response is None:
                return no_answer(error, self._place, data, clock)
            content, whole = b"", False
        finally:
            if response is not None:
                response.close()  # one that was read to its end has given its connection back already
        if data is not None:
            if data.started is None:
                return too_early(self._place)
            begun = data.started
        return Answer(response.status, response.headers, content, whole, clock() - begun)

    def _to_plain_proxy(self) -> Mapping[str, str]:
        """Return what a proxy that is not asked for a tunnel reads from the request itself."""
        return (self._url.scheme == "http" and self._proxy.headers) or {}

    async def close(self) -> None:
        """Give back connections. A later request opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _request(self, method: str, data: Body | None) -> aiohttp.ClientResponse:
        session = self._session or self._open()
        return await session.request(
            method,
            self._url,
            data=data,
            headers=self._headers,
            allow_redirects=False,
            proxy=self._proxy.url,
            proxy_headers=self._proxy.headers,
        )

    def _open(self) -> aiohttp.ClientSession:
        """Make the session: one pool of connections, no cookies, no timeouts but our own."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=IDLE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
        )
        # aiohttp repeats a PUT by itself when a kept connection breaks; that would be a second delivery.
        self._session._retry_connection = False  # noqa: SLF001 - it has no public switch
        return self._session


async def _read(response: aiohttp.ClientResponse) -> tuple[bytes, bool]:
    """Return the body as far as it is read, and whether that is all of it."""
    content, found = response.content, b""
    try:
        while not content.at_eof():
            found += await content.readany()
            if len(found) > MOST_BYTES:
                return found[:MOST_BYTES], False
    except (aiohttp.ClientError, ConnectionError):
        return found, False
    return found, True
