"""The sender: requests to one target, over connections that are kept. Loaded with the first request.

Idle connections are dropped after `IDLE_SECONDS`, sooner than common servers drop them (gunicorn 2 s,
uvicorn, Node and Apache httpd 5 s, AWS load balancers 60 s, nginx 75 s). A request written to a
connection that the server is closing at that moment is an unknown outcome, a lead that may be sent
twice; a new connection costs a few milliseconds.
"""

from __future__ import annotations

import asyncio
import errno
import time
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from sync.endpoints._coding import decoded
from sync.endpoints._dialing import dial
from sync.endpoints._failures import not_sent, unanswered
from sync.endpoints._place import Place
from sync.endpoints._proxy import environment_proxy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.endpoints._connection import Connection
    from sync.endpoints._exchange import Answer, NoAnswer, Target

IDLE_SECONDS = 1.5
#: Seconds that a connection may take to be closed in good order.
_CLOSE_SECONDS = 1.0
_OURS = {"User-Agent": "leadrelay", "Accept": "*/*", "Accept-Encoding": "identity"}
#: What a URL may hold as it is (RFC 3986), a percent sign of its own included.
_AS_IT_IS = "/%:?#[]@!$&'()*+,;=-._~"


class WireSender:
    """Sends requests to one target over connections that are kept and reused.

    As many connections are open as requests are in the air; how many that are is the caller's business.

    Args:
        target: where to.
        timeout: seconds an answer may take once the request was written.

    """

    def __init__(self, target: Target, *, timeout: float) -> None:
        self._timeout = timeout
        url = urlsplit(target.url)
        tls = url.scheme.lower() == "https"
        self._place = Place(url.hostname or "", url.port or (443 if tls else 80), tls)
        self._path = quote(f"{url.path or '/'}?{url.query}" if url.query else url.path or "/", safe=_AS_IT_IS)
        self._headers = dict(target.headers)
        self._head = lru_cache(self._made_head)
        self._resting: list[Connection] = []

    async def exchange(self, method: str, body: bytes | None) -> Answer | NoAnswer:
        """Make one request, once, and return what came of it."""
        try:
            request = self._request(method, body)
            connection = self._rested() or await self._dialled()
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing was sent
            return not_sent(error, str(self._place))
        began = time.monotonic()  # the loop's clock counts milliseconds in uvloop
        try:
            answer = await connection.ask(request, self._timeout)
        except Exception as error:  # noqa: BLE001 - whatever escapes, where the lead stands is said
            return unanswered(error, str(self._place), time.monotonic() - began, has_lead=body is not None)
        finally:
            self._give_back(connection)
        return decoded(answer) if "content-encoding" in answer.headers else answer

    async def close(self) -> None:
        """Give back connections. A later request opens new ones."""
        resting, self._resting = self._resting, []
        for connection in resting:
            connection.close()
        await asyncio.gather(*(connection.closed(_CLOSE_SECONDS) for connection in resting))

    async def _dialled(self) -> Connection:
        connection = await dial(self._place, environment_proxy(self._place))
        if not connection.is_usable:  # a server that is about to leave says so together with its greeting
            connection.close()
            raise ConnectionResetError(errno.ECONNRESET, "closed at once")
        return connection

    def _rested(self) -> Connection | None:
        while self._resting:
            connection = self._resting.pop()
            if connection.is_usable:
                return connection
            connection.close()
        return None

    def _give_back(self, connection: Connection) -> None:
        if connection.is_usable and connection.is_at_rest:
            connection.rest(IDLE_SECONDS)
            self._resting.append(connection)
        else:
            connection.close()

    def _request(self, method: str, body: bytes | None) -> bytes:
        if body is None:
            return self._head(method, with_body=False) + b"\r\n"
        return b"%bContent-Length: %d\r\n\r\n%b" % (self._head(method, with_body=True), len(body), body)

    def _made_head(self, method: str, *, with_body: bool) -> bytes:
        """Return all of the head that is the same for every lead."""
        proxy, place = environment_proxy(self._place), self._place
        # A proxy that is not asked for a tunnel is told the whole address, and who asks.
        spoken = proxy if not place.tls else None
        path = f"http://{place.host_header}{self._path}" if spoken else self._path
        headers: Mapping[str, str] = {
            "Host": place.host_header,
            **_OURS,
            **({"Content-Type": "application/json"} if with_body else {}),
        }
        given = {name.lower() for name in self._headers}
        lines = [f"{name}: {value}" for name, value in headers.items() if name.lower() not in given]
        lines += [f"{name}: {value}" for name, value in self._headers.items()]
        extra = spoken.header_lines if spoken else ()
        return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, *extra, ""]).encode()
