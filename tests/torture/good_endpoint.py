"""An endpoint that takes every lead, after a few milliseconds, and keeps a log of what it was sent.

It runs in a thread of its own and shares nothing with the program under test, so that its log can be
believed: what the experiments count, they count there.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from tests.torture.repeats import repeats

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAKEN = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"data":true}'
_NOTHING = b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n"
_END_OF_HEAD = b"\r\n\r\n"
_TURNS = 5
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Sent:
    """One lead as it came in."""

    id: str
    #: The value of its property `plan`, in which the experiments number the versions of a lead.
    version: int


def sent_in(body: bytes) -> Sent:
    """Return which lead a request brings."""
    said = orjson.loads(body)
    return Sent(str(said["id"]), int(said["plan"]))


class GoodEndpoint:
    """The server, and its log. Made by `running_endpoint`.

    Args:
        seed: of how long each answer takes.
        slowest: seconds that the slowest answer takes.

    """

    def __init__(self, seed: int, slowest: float) -> None:
        self.port = 0
        self.log: list[Sent] = []
        self.connections = 0
        self._draws = random.Random(seed)
        self._slowest = slowest
        self._news = threading.Condition()

    @property
    def url(self) -> str:
        """Its root, with a slash."""
        return f"http://127.0.0.1:{self.port}/"

    def note(self, body: bytes) -> None:
        """Write a lead into the log, before anything is answered."""
        sent = sent_in(body)
        with self._news:
            self.log.append(sent)
            self._news.notify_all()

    def latency(self) -> float:
        """Return how many seconds the next answer takes."""
        return self._draws.uniform(0.1, 1.0) * self._slowest

    def wait_for(self, count: int, seconds: float) -> bool:
        """Wait until so many requests have come in; tell whether they have."""
        with self._news:
            return self._news.wait_for(lambda: len(self.log) >= count, seconds)

    def newest(self) -> dict[str, int]:
        """Return the newest version of each lead that came in."""
        found: defaultdict[str, int] = defaultdict(int)
        for each in self.log:
            found[each.id] = max(found[each.id], each.version)
        return dict(found)

    def repeated(self) -> int:
        """Count the requests beyond the first for the same version of a lead."""
        return repeats(self.log).total()

    def backwards(self) -> list[str]:
        """Return a sentence for each lead whose older version came in after a newer one."""
        newest: dict[str, int] = {}
        found = []
        for each in self.log:
            if each.version < newest.get(each.id, 0):
                found.append(f"P4: version {each.version} of {each.id} came after {newest[each.id]}")
            newest[each.id] = max(newest.get(each.id, 0), each.version)
        return found


class _Connection(asyncio.Protocol):
    """Reads requests and answers them, one after another."""

    def __init__(self, endpoint: GoodEndpoint, still_open: set[asyncio.BaseTransport]) -> None:
        self._endpoint = endpoint
        self._open = still_open
        self._read = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._endpoint.connections += 1
        self._transport = transport  # type: ignore[assignment]  # TCP's are
        self._open.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        assert self._transport is not None
        self._open.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (whole := _one_request(self._read)) is not None:
            request, self._read = self._read[:whole], self._read[whole:]
            head, body = request.split(_END_OF_HEAD, 1)
            if head.startswith(b"POST "):
                self._endpoint.note(body)
                loop = asyncio.get_running_loop()
                loop.call_later(self._endpoint.latency(), self._answer, _TAKEN)
            else:
                self._answer(_NOTHING)

    def _answer(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)


def _one_request(read: bytes) -> int | None:
    """Return how many bytes of what was read are the first request; None: it is not whole yet."""
    end = read.find(_END_OF_HEAD)
    if end < 0:
        return None
    length = 0
    for line in read[:end].split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    whole = end + len(_END_OF_HEAD) + length
    return whole if len(read) >= whole else None


@contextmanager
def running_endpoint(seed: int, slowest: float = 0.02) -> Iterator[GoodEndpoint]:
    """Run one on a free port of the loopback while the block lasts."""
    endpoint, ready, end = GoodEndpoint(seed, slowest), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        still_open: set[asyncio.BaseTransport] = set()
        server = await loop.create_server(lambda: _Connection(endpoint, still_open), "127.0.0.1", 0)
        endpoint.port = server.sockets[0].getsockname()[1]
        ready.set()
        await end.wait()
        server.close()
        for _ in range(_TURNS):  # of the loop: one that was just accepted is made known, and closed, too
            for transport in list(still_open):
                transport.close()
            await asyncio.sleep(0)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(_PATIENCE)
    try:
        yield endpoint
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(_PATIENCE)
        loop.close()
