"""The server that takes webhooks, in the event loop of `run`."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

import uvicorn

from sync.hooks.connection import Connection
from sync.serving import quiet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.hooks.app import HookApp

_BACKLOG = 128
#: So many calls at once; further ones are answered with 503, and senders try again.
_MOST_AT_ONCE = 100
_KEEP_ALIVE = 5
#: Seconds that answers may take which are being written when it stops.
_GRACE = 2


class HookServer:
    """Listens from the moment it is made, and answers between `start` and `stop`.

    Args:
        app: what answers.
        address: where to listen; port 0 takes a free one.

    Raises:
        OSError: when the address can't be listened at.

    """

    def __init__(self, app: HookApp, address: tuple[str, int]) -> None:
        host = address[0]
        self.app = app
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server(address, family=family, backlog=_BACKLOG)
        #: The port that it got.
        self.port = int(self._socket.getsockname()[1])
        #: Where it listens, as an address for people.
        self.url = f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"
        self._server = _Server(_config(app))
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Answer calls from when this returns."""
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        up = asyncio.create_task(self._server.up.wait())
        await asyncio.wait({self._task, up}, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()

    async def stop(self) -> None:
        """Stop, once what is being answered is answered."""
        if self._task is None:
            self._socket.close()
            return
        self._server.should_exit = True
        await self._task


class _Server(uvicorn.Server):
    """uvicorn, told to say when it is up, and to leave signals to `run`."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: HookApp) -> uvicorn.Config:
    return quiet(
        app,
        Connection,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
    )
