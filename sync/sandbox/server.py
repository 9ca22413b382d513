"""The sandbox as a server: in a thread for tests, in the main thread for the command line."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from typing import TYPE_CHECKING, Any, Self

import uvicorn

from sync.sandbox.app import App
from sync.sandbox.connections import Connections
from sync.sandbox.guard import LOOPBACK
from sync.sandbox.state import State
from sync.serving import quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

#: Seconds an idle connection is kept, as many servers do.
KEEP_ALIVE = 5
#: Seconds that a stopping server waits for answers that are being written.
_GRACE = 5
_SECONDS_TO_START = 30
_BACKLOG = 2048


class SandboxServer:
    """A local Hatch at a port of this machine.

    In a test::

        with SandboxServer() as sandbox:
            ...  # POST to f"{sandbox.base_url}12345678/newlead" with X-API-KEY: sandbox-key
            assert sandbox.state.stats_data()["texts"] == 1

    It listens from the moment it is made, and answers between `start` and `stop`.
    """

    def __init__(
        self,
        state: State | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        keep_alive: int = KEEP_ALIVE,
    ) -> None:
        """Take its state, an address, and how long idle connections live; port 0 takes a free one.

        Raises:
            OSError: the address can't be listened at.
        """
        self.state = state or State()
        self._socket = _listen(host, port)
        self.host, self.port = host, int(self._socket.getsockname()[1])
        connections = Connections()
        self._app = App(self.state, connections, None if host not in LOOPBACK else LOOPBACK)
        self._server = _Server(_config(self._app, connections, keep_alive), self._app.api.stopping.set)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The page, as in ``http://127.0.0.1:8710/``."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"

    @property
    def base_url(self) -> str:
        """The Standard API's base, ``base_url`` of an endpoint of type hatch."""
        return f"{self.url}api/webhooks/"

    @property
    def v1_url(self) -> str:
        """The newer API's one address, ``…/v1/contacts``."""
        return f"{self.url}v1/contacts"

    def start(self) -> Self:
        """Answer requests in a thread of its own, from when this returns."""
        self._thread = threading.Thread(target=self.run, name="sandbox", daemon=True)
        self._thread.start()
        if not self._server.ready.wait(_SECONDS_TO_START) or not self._server.started:
            self.stop()
            raise RuntimeError(f"the sandbox did not start within {_SECONDS_TO_START} seconds, or failed")
        return self

    def stop(self) -> None:
        """Stop: what is being answered is finished, what hangs or is delayed is closed."""
        self._server.should_exit = True
        if self._thread is None:
            self._socket.close()
            self.state.close()
        else:
            self._thread.join()
            self._thread = None

    def run(self, when_ready: Callable[[], None] | None = None) -> None:
        """Answer requests in this thread until `stop`, or in the main thread until Ctrl-C or SIGTERM."""
        self._server.when_ready = when_ready
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._server.ready.set()
            self.state.close()

    def __enter__(self) -> Self:
        """Start it."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.stop()


class _Server(uvicorn.Server):
    """uvicorn, told to say when it is ready and to take a signal as a wish, not as a failure."""

    def __init__(self, config: uvicorn.Config, when_stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self.when_ready: Callable[[], None] | None = None
        self._when_stopping = when_stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.when_ready:
            self.when_ready()
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._when_stopping()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn raises the signal again on its way out, and so ends with 143; this one ends with 0.
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        wanted = (signal.SIGINT, signal.SIGTERM)
        before = {each: signal.signal(each, self.handle_exit) for each in wanted}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def _config(app: Any, connections: Connections, keep_alive: int) -> uvicorn.Config:
    return quiet(
        app,
        connections.protocol(),
        timeout_keep_alive=keep_alive,
        timeout_graceful_shutdown=_GRACE,
        backlog=_BACKLOG,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)
