"""A small proxy between the program and a good endpoint, which does to each request what it is told.

It knows just enough of HTTP to tell where a request ends. Every connection and every request asks
`draw` for a fault; see `tests.torture.network_faults` for those there are.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable

    Fault = Callable[["Exchange"], Awaitable[None]]

_END_OF_HEAD = b"\r\n\r\n"
#: Bytes of an answer that are read at once.
_SOME = 65_536


@dataclass
class Exchange:
    """One request on its way, as far as it was read."""

    proxy: TcpProxy
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: bytes = b""
    body: bytes = b""

    async def read_head(self) -> None:
        """Read the beginning of a request."""
        self.head = await self.reader.readuntil(_END_OF_HEAD)

    async def read_body(self) -> None:
        """Read the rest of it."""
        self.body = await self.reader.readexactly(_length(self.head))

    @property
    def has_lead(self) -> bool:
        """Whether it brings a lead, or only asks whether anybody is there."""
        return self.head.startswith(b"POST ")

    async def passed_on(self) -> bytes:
        """Have the good endpoint take it; returns what that answers."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.proxy.endpoint_port)
        try:
            writer.write(self.head + self.body)
            head = await reader.readuntil(_END_OF_HEAD)
            return head + await reader.readexactly(_length(head))
        finally:
            writer.close()

    async def say(self, some: bytes) -> None:
        """Send bytes to the program; raises ConnectionResetError when it has left."""
        if self.writer.transport.is_closing():
            raise ConnectionResetError
        self.writer.write(some)
        await self.writer.drain()

    def reset(self) -> None:
        """Break the connection with a TCP RST."""
        connection = self.writer.get_extra_info("socket")
        if connection is not None:  # otherwise the program was quicker
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def silence(self) -> None:
        """Say nothing more until the program leaves."""
        while await self.reader.read(_SOME):
            continue

    async def end(self) -> None:
        """Close the connection in good order."""
        self.writer.close()
        await self.writer.wait_closed()


@dataclass
class TcpProxy:
    """The proxy. `start` it; give `draw` to say what is done to each request."""

    endpoint_port: int
    #: Returns what is done to the next request; asked before the first byte of it is read.
    draw: Callable[[], Fault]
    context: ssl.SSLContext | None = None
    #: Connections that are let through at once; the others wait unanswered.
    most: int = 1_000_000
    port: int = 0
    connections: int = 0
    _server: asyncio.Server | None = None
    _talks: set[asyncio.Task[None]] = field(default_factory=set)
    _gate: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._gate = asyncio.Semaphore(self.most)

    @property
    def url(self) -> str:
        """Its root, with a slash."""
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.port}/"

    async def start(self) -> None:
        """Listen, on the same port as the last time."""
        options = {"ssl": self.context, "reuse_address": True, "backlog": 512}
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port, **options)
        self.port = self._server.sockets[0].getsockname()[1]

    def refuse(self) -> None:
        """Refuse further connections, until `start`."""
        if self._server is not None:
            self._server.close()
            self._server = None

    @property
    def refuses(self) -> bool:
        """Whether connections are refused at this moment."""
        return self._server is None

    async def stop(self) -> None:
        """End, and drop what is open."""
        self.refuse()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        self.connections += 1
        try:
            async with self._gate:
                await self._talk(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()  # the task ends here: asyncio's streams would report it as an error
        finally:
            self._talks.discard(task)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, OSError):
            while not writer.transport.is_closing():
                await self.draw()(Exchange(self, reader, writer))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0
