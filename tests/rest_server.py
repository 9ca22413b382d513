"""A small HTTP server for tests: it answers what it is told to, and breaks off where it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl  # noqa: TC003 beside the others
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from sources.base import Page, PollRequest, SourceContext
from sources.rest import Rest, RestSettings

#: What every clock in these tests shows, unless it is moved.
NOW = datetime(2026, 3, 4, 12, 0, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    """Time that passes only when somebody sleeps."""

    time: datetime = NOW
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.time + timedelta(seconds=sum(self.slept))

    def monotonic(self) -> float:
        return 1000.0 + sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


@dataclass
class Asked:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Reply:
    data: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    #: Instead of `data`, byte for byte.
    body: bytes | None = None
    date: datetime | None = NOW
    #: Seconds before the answer begins.
    delay: float = 0.0
    #: Break the connection instead of answering.
    reset: bool = False
    #: Announce so many bytes more than are sent.
    missing: int = 0

    def render(self) -> bytes:
        body = (
            self.body
            if self.body is not None
            else b""
            if self.data is None
            else json.dumps(self.data).encode()
        )
        kind = {} if self.data is None else {"Content-Type": "application/json"}
        headers = {
            **kind,
            "Content-Length": str(len(body) + self.missing),
            "Connection": "close",
            **self.headers,
        }
        if self.date is not None:
            headers["Date"] = format_datetime(self.date, usegmt=True)
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        bodiless = self.status in (204, 304)
        return f"HTTP/1.1 {self.status} X\r\n{head}\r\n".encode() + (b"" if bodiless else body)


Handler = Callable[[Asked], Any]


class Api:
    """A running server. `handler` takes what was asked and returns a `Reply`, or data for one."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.asked: list[Asked] = []
        self.base = ""

    def url(self, path: str = "/v1/contacts") -> str:
        return self.base + path

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            asked = await self._read(reader)
            self.asked.append(asked)
            answer = self.handler(asked)
            reply = answer if isinstance(answer, Reply) else Reply(answer)
            await asyncio.sleep(reply.delay)
            if reply.reset:
                writer.transport.abort()
            else:
                writer.write(reply.render())
                await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async def _read(self, reader: asyncio.StreamReader) -> Asked:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {
            n.strip().lower(): v.strip() for n, _, v in (line.partition(":") for line in lines if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        return Asked(method, target, headers, body)


@asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[Api]:
    """Run a server while the block lasts."""
    api = Api(handler)
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(api._serve(reader, writer))
        tasks.add(task)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    api.base = f"http{'s' if tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield api
    finally:
        server.close()
        if tasks:
            await asyncio.wait(tasks)
        for task in tasks:
            task.result()


def context(cache: Path | None = None, zone: Any = UTC) -> SourceContext:
    return SourceContext("crm", Path(), zone, cache)


@asynccontextmanager
async def source(
    url: str, clock: FakeClock | None = None, cache: Path | None = None, **said: Any
) -> AsyncIterator[Rest]:
    """Build a `rest` source from what would stand in connector.yaml, and close it afterwards."""
    settings = RestSettings.model_validate({"url": url, "key": "id", **said})
    rest = Rest(settings, context(cache), clock or FakeClock())
    try:
        yield rest
    finally:
        await rest.close()


async def pages(rest: Rest, request: PollRequest | None = None) -> list[Page]:
    return [page async for page in rest.poll(request or PollRequest())]


def keys(found: list[Page]) -> list[str]:
    return [record.key for page in found for record in page.records]
