"""The answers to calls at /hooks/SOURCE. They tell a stranger nothing, and no call is kept or logged."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from sync.hooks.call import Call
from sync.hooks.settings import PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Receive, Scope, Send

    from sync.hooks.kinds import Hook

#: The most that a call may bring, in bytes. Only its signature is of interest.
MOST_BYTES = 1_000_000
#: A sender who takes longer for it is not waited for, in seconds.
_PATIENCE = 10.0
_OK, _FORBIDDEN, _UNKNOWN, _NO_METHOD, _LATE, _TOO_LARGE = 200, 401, 404, 405, 408, 413
_MOST_CHALLENGE = 512


class HookApp:
    """Takes calls, and rings for those that are genuine.

    Args:
        ring: called with the name of the source, for each genuine call.
        refused: called with the name of the source, when a call is not genuine.
        now: tells the time, in seconds since 1970.

    """

    def __init__(
        self, ring: Callable[[str], None], refused: Callable[[str], None], now: Callable[[], float]
    ) -> None:
        self._ring = ring
        self._refused = refused
        self._now = now
        self._hooks: Mapping[str, Hook] = {}
        self._url = ""

    def take(self, hooks: Mapping[str, Hook], url: str) -> None:
        """Take calls for these from now on.

        Args:
            hooks: by the names of their sources.
            url: the address that senders call, without a path; empty where nobody has said.

        """
        self._hooks, self._url = hooks, url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        status, text = await self._answer(Request(scope, receive))
        headers = {"Cache-Control": "no-store"}
        if status == _NO_METHOD:
            headers["Allow"] = "POST"
        if status in (_LATE, _TOO_LARGE):
            headers["Connection"] = "close"
        response = Response(text, status, headers, media_type="text/plain")
        response.headers["X-Content-Type-Options"] = "nosniff"
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> tuple[int, str]:
        name = request.url.path.removeprefix(PREFIX)
        hook = self._hooks.get(name) if request.url.path.startswith(PREFIX) else None
        if hook is None:
            return _UNKNOWN, ""
        if request.method == "GET":
            return _challenged(hook.handshake(request.query_params))
        return await self._taken(request, name, hook) if request.method == "POST" else (_NO_METHOD, "")

    async def _taken(self, request: Request, name: str, hook: Hook) -> tuple[int, str]:
        try:
            async with asyncio.timeout(_PATIENCE):
                body = await _body(request)
        except (TimeoutError, ClientDisconnect):
            return _LATE, ""
        if body is None:
            return _TOO_LARGE, ""
        if not hook.is_genuine(self._call(request, name, body), self._now()):
            self._refused(name)
            return _FORBIDDEN, ""
        self._ring(name)
        return _OK, ""

    def _call(self, request: Request, name: str, body: bytes) -> Call:
        query = f"?{request.url.query}" if request.url.query else ""
        return Call(request.method, f"{self._url}{PREFIX}{name}{query}", dict(request.headers), body)


def _challenged(challenge: str | None) -> tuple[int, str]:
    if challenge is None or len(challenge) > _MOST_CHALLENGE:
        return _NO_METHOD, ""
    return _OK, challenge


async def _body(request: Request) -> bytes | None:
    """Return the body, None for one that is larger than it may be: it is not read to its end."""
    told: Any = request.headers.get("content-length", "0")
    if told.isdigit() and int(told) > MOST_BYTES:
        return None
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)
