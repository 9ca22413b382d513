"""The whole sandbox as one ASGI application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from sync.sandbox.api import Api
from sync.sandbox.control import Control, problem
from sync.sandbox.guard import Guard
from sync.sandbox.pages import Pages

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from sync.sandbox.connections import Connections
    from sync.sandbox.exchange import Receive, Send
    from sync.sandbox.state import State

_OWN = frozenset({"/", "/requests", "/rules"})


class App:
    """Sends each request to the pages or to the APIs, whichever its path belongs to."""

    def __init__(self, state: State, connections: Connections, hosts: frozenset[str] | None) -> None:
        """Take the state, the connections, and the host names that the pages answer to (all when None)."""
        self.api = Api(state, connections)
        pages = Starlette(
            routes=[*Pages(state).routes(), *Control(state).routes()],
            exception_handlers={HTTPException: problem},
        )
        self._pages = Guard(pages, hosts)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope["path"]
        if path in _OWN or path.startswith("/sandbox/"):
            await self._pages(scope, receive, send)
        else:
            # Past Starlette: an API request costs as little as uvicorn lets it.
            await self.api(scope, receive, send)
