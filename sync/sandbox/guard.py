"""What keeps other web sites away from the sandbox's pages, and its pages tame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from starlette.types import ASGIApp

    from sync.sandbox.exchange import Receive, Send

_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Guard:
    """Wraps the pages and their JSON.

    A page of another site can make a browser send requests here. It can't read the answers, unless its
    own name is made to point here (DNS rebinding): so on loopback only loopback's names are answered.
    And it can't change anything: what changes must not bear the origin of another site.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None) -> None:
        """Take the application, and the host names that it answers to; all when None."""
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = headers.get(b"host", ""), headers.get(b"origin")
        safe = scope["method"] in ("GET", "HEAD")
        if self._hosts is not None and _name(f"//{host}") not in self._hosts:
            await PlainTextResponse("this sandbox does not answer to that host name\n", 403)(
                scope, receive, send
            )
        elif origin is not None and not safe and urlsplit(origin).netloc != host:
            await PlainTextResponse("no other web site may change this sandbox\n", 403)(scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send))


def _name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _with_headers(send: Send) -> Send:
    async def dressed(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *_HEADERS]
        await send(message)

    return dressed
