"""A server that misbehaves byte by byte, on the loopback and in the test's own loop, and endpoints for it.

A script is what the server does with a connection; `answering` and its like are the usual ones::

    async with serving(answering(503, headers={"Retry-After": "7"})) as server:
        receipt = await server.hatch().send(body)
        assert server.requests[0].headers["x-api-key"] == KEY
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import struct
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from sync.endpoints.hatch import Hatch
from sync.endpoints.http import Http
from tests.local_server import missing

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

KEY = "key-of-the-tests-1234"
BODY = orjson.dumps(
    {
        "source": "my_company",
        "id": "L-77001",
        "firstName": "Adelheid",
        "lastName": "Lovelace-Quux",
        "phoneNumber": "8045550123",
        "email": "adelheid@example.com",
        "city": "Petersburg",
    }
)
#: Texts of BODY that no message may hold, in small letters.
SAID = ("l-77001", "77001", "adelheid", "lovelace", "quux", "8045550123", "example.com", "petersburg")


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    method: str
    target: str
    #: By name in small letters.
    headers: Mapping[str, str]
    body: bytes


class Talk:
    """One connection, from the server's side."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, served: Served) -> None:
        self._reader = reader
        self._writer = writer
        self._served = served

    async def request(self) -> Request:
        """Read a request; raises IncompleteReadError when there comes no more."""
        line, *lines = (await self.head()).rstrip().split("\r\n")
        pairs = (each.split(": ", 1) for each in lines)
        headers = {name.lower(): value for name, value in pairs}
        body = await self._reader.readexactly(int(headers.get("content-length", 0)))
        method, target, _ = line.split(" ")
        found = Request(method, target, headers, body)
        self._served.requests.append(found)
        return found

    async def head(self) -> str:
        """Read the beginning of a request, and leave its body where it is."""
        return (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")

    async def say(self, *parts: bytes | str) -> None:
        """Send these bytes."""
        self._writer.write(b"".join(part.encode() if isinstance(part, str) else part for part in parts))
        await self._writer.drain()

    def reset(self) -> None:
        """Break the connection with a TCP RST."""
        connection = self._writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    def half_close(self) -> None:
        """Say that nothing more will come, and go on listening."""
        self._writer.write_eof()

    async def silence(self) -> None:
        """Say nothing until the other side leaves."""
        await self._reader.read()

    async def relay(self, port: int) -> None:
        """Pass everything on to another server, both ways, until one side leaves."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        there = asyncio.create_task(_pass_on(self._reader, writer))
        await _pass_on(reader, self._writer)
        there.cancel()
        await asyncio.gather(there, return_exceptions=True)
        writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while some := await reader.read(65_536):
            writer.write(some)
            await writer.drain()
        writer.write_eof()


Script = Callable[[Talk], Awaitable[None]]


@dataclass
class Served:
    """A server that runs, and what reached it."""

    port: int = 0
    scheme: str = "http"
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        """Its root, with a slash."""
        return f"{self.scheme}://127.0.0.1:{self.port}/"

    def hatch(self, **settings: Any) -> Hatch:
        """Return an endpoint of type hatch that sends here."""
        return hatch_at(self.url, **settings)

    def http(self, path: str = "leads", **settings: Any) -> Http:
        """Return an endpoint of type http that sends here."""
        return Http(Http.Settings.model_validate({"url": self.url + path, "timeout": "10s", **settings}))


def hatch_at(base_url: str, **settings: Any) -> Hatch:
    """Return an endpoint of type hatch at an address."""
    usual = {"department_id": "sales", "api_key": KEY, "source": "my_company", "timeout": "10s"}
    return Hatch(Hatch.Settings.model_validate({**usual, "base_url": base_url, **settings}))


@asynccontextmanager
async def serving(script: Script, context: ssl.SSLContext | None = None) -> AsyncIterator[Served]:
    """Run a server that does this with every connection; it ends when the script does."""
    served = Served(scheme="https" if context else "http")

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await script(Talk(reader, writer, served))
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        await server.wait_closed()
        await _quiet()


async def _quiet() -> None:
    """Let what the server still does come to its end."""
    others = asyncio.all_tasks() - {asyncio.current_task()}  # type: ignore[arg-type]
    if others:
        await asyncio.wait(others, timeout=10)


def response(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """Return a whole answer."""
    lines = [f"HTTP/1.1 {status} whatever", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def answering(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Script:
    """Answer every request so."""
    return saying(response(status, body, headers))


def saying(answer: bytes) -> Script:
    """Answer every request with these bytes, over connections that stay open."""

    async def script(talk: Talk) -> None:
        while True:
            await talk.request()
            await talk.say(answer)

    return script


def once(answer: bytes) -> Script:
    """Answer one request with these bytes, then close the connection."""

    async def script(talk: Talk) -> None:
        await talk.request()
        await talk.say(answer)

    return script


def certificate(directory: Path, name: str = "IP:127.0.0.1") -> tuple[Path, Path]:
    """Make a certificate that nobody vouches for; returns its file and its key's.

    Args:
        directory: where to put them.
        name: for whom it is, as in DNS:leads.test.

    """
    if shutil.which("openssl") is None:
        missing("openssl", "apt-get install openssl")
    made, key = directory / "cert.pem", directory / "key.pem"
    options = f"-x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName={name}"
    command = ["openssl", "req", *options.split(), "-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return made, key
