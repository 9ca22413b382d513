"""What a network can do to a request, and whether the lead has arrived all the same."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.torture.good_endpoint import sent_in
from tests.torture.seen import Seen

if TYPE_CHECKING:
    import random

    from tests.torture.tcp_proxy import Exchange, Fault, TcpProxy

#: Seconds that the endpoint of these experiments gives an answer.
TIMEOUT = 0.2
_PAGE = b"<!doctype html><html><head><title>Sign in</title></head><body>Welcome to the hotel</body></html>"
_OK = b"HTTP/1.1 200 OK\r\n"
_TAKEN = 200


def whole(status: str, body: bytes = b"", *lines: str) -> bytes:
    """Return an answer with its length."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *lines]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


#: Answers in place of the endpoint's own after which nobody knows.
GARBLED = {
    "garbage": b"\x16\x03\x01\x00\xff" * 40,
    "another protocol": b"220 mail.example.com ESMTP\r\n",
    "half a status": b"HTTP/1.1 2",
    "half a head": _OK + b"Content-Le",
    "endless head": _OK + b"X-Pad: " + b"x" * 100_000,
    "many heads": _OK + b"X-Pad: y\r\n" * 20_000 + b"\r\n",
    "truncated": _OK + b'Content-Length: 99\r\n\r\n{"data"',
    "oversized": whole("200 OK", b'{"data":"' + b"x" * 300_000 + b'"}'),
    "cut in a chunk": _OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{",
    "no chunk": _OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
    "endless trailer": _OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + b"a: b\r\n" * 400_000,
    "small chunks": _OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 270_000,
    "two lengths": _OK + b"Content-Length: 13\r\nContent-Length: 5\r\n\r\n" + b'{"data":true}',
    "length and chunks": _OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "no length at all": _OK + b"Content-Length: -1\r\n\r\n{}",
    "bad compression": whole("200 OK", b"\x1f\x8bnothing", "Content-Encoding: gzip"),
    "a page": whole("200 OK", _PAGE, "Content-Type: text/html"),
    "a gateway's page": whole("502 Bad Gateway", _PAGE, "Content-Type: text/html"),
    "a server's page": whole("500 Internal Server Error", _PAGE, "Content-Type: text/html"),
    "another protocol now": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
}
#: Answers by somebody on the way, who has passed nothing on.
REFUSING = {
    "busy": whole("503 Service Unavailable", _PAGE),
    "busy, then closed": b"HTTP/1.1 503 x\r\nContent-Length: 99\r\n\r\nno",
    "too many": whole("429 Too Many Requests", b"", "Retry-After: 0"),
    "no such page": whole("404 Not Found", _PAGE),
    "sign in first": whole("403 Forbidden", _PAGE),
    "the way's own key": whole("407 Proxy Authentication Required", _PAGE),
}
_REDIRECTS = ("301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect")
_INTERIM = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"


@dataclass
class Network:
    """Draws what is done to each request, and counts.

    Args:
        draws: decides.
        trap: the address that redirects lead to.

    """

    draws: random.Random
    trap: str = ""
    #: How many of a hundred requests something is done to.
    percent: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    seen: Seen = field(default_factory=Seen)
    _refusing: set[asyncio.Task[None]] = field(default_factory=set)

    def draw(self) -> Fault:
        """Return what is done to the next request."""
        if self.draws.randrange(100) >= self.percent:
            return self._passes
        return self.draws.choice(self._kinds)

    @property
    def _kinds(self) -> list[Fault]:
        # Each as often as it can go wrong in a different way.
        return [
            self._refuses,
            self._breaks_unread,
            self._breaks_after_the_head,
            self._breaks_after_the_body,
            self._breaks_after_the_body,
            self._breaks_within_the_answer,
            self._says_nothing,
            self._drips,
            self._garbles,
            self._garbles,
            self._garbles,
            self._refuses_in_words,
            self._redirects,
            self._says_more,
            self._says_more,
        ]

    async def quiet(self) -> None:
        """Let the network be good from now on."""
        self.percent = 0
        await asyncio.gather(*self._refusing)

    async def _passes(self, exchange: Exchange) -> None:
        """Do nothing to it; on a machine that is busy with other things that may be too late."""
        await exchange.read_head()
        began = time.monotonic()
        await exchange.read_body()
        answer = await exchange.passed_on()
        self._told(exchange, answer, clearly=time.monotonic() - began < TIMEOUT / 2)
        await exchange.say(answer)

    async def _refuses(self, exchange: Exchange) -> None:
        """Refuse connections for a while; this request is reset."""
        self.faults["refused"] += 1
        self.seen.unread += 1
        proxy = exchange.proxy
        if not proxy.refuses:
            proxy.refuse()
            task = asyncio.create_task(_again(proxy, self.draws.uniform(0.005, 0.05)))
            self._refusing.add(task)
            task.add_done_callback(self._refusing.discard)
        exchange.reset()

    async def _breaks_unread(self, exchange: Exchange) -> None:
        self.seen.unread += 1
        await self._broken(exchange, "before it was read")

    async def _breaks_after_the_head(self, exchange: Exchange) -> None:
        await exchange.read_head()
        await exchange.read_body()  # only to know which lead it is about; nobody is told of it
        self._told_nothing(exchange)
        await self._broken(exchange, "after the head")

    async def _breaks_after_the_body(self, exchange: Exchange) -> None:
        await exchange.read_head()
        await exchange.read_body()
        await self._may_arrive(exchange)
        await self._broken(exchange, "after the body")

    async def _breaks_within_the_answer(self, exchange: Exchange) -> None:
        answer = await self._arrives(exchange)
        self._told_nothing(exchange, arrived=True)
        await exchange.say(answer[: self.draws.randrange(1, len(answer))])
        await self._broken(exchange, "within the answer")

    async def _broken(self, exchange: Exchange, when: str) -> None:
        if self.draws.random() < 0.5:
            self.faults[f"reset {when}"] += 1
            exchange.reset()
        else:
            self.faults[f"closed {when}"] += 1
            await exchange.end()

    async def _says_nothing(self, exchange: Exchange) -> None:
        await exchange.read_head()
        await exchange.read_body()
        self.faults["never answered"] += 1
        await self._may_arrive(exchange)
        await exchange.silence()

    async def _drips(self, exchange: Exchange) -> None:
        """Answer a byte at a time, in time or not."""
        began = time.monotonic()
        answer = await self._arrives(exchange)
        self.faults["dripped"] += 1
        pause = self.draws.choice((0.0, 3 * TIMEOUT / len(answer)))
        if pause:
            self._told_nothing(exchange, arrived=True)
        for byte in answer:
            await exchange.say(bytes([byte]))
            await asyncio.sleep(pause)
        if not pause:
            self._told(exchange, answer, clearly=time.monotonic() - began < TIMEOUT / 2)

    async def _garbles(self, exchange: Exchange) -> None:
        await exchange.read_head()
        await exchange.read_body()
        name = self.draws.choice(sorted(GARBLED))
        self.faults[name] += 1
        await self._may_arrive(exchange)
        await exchange.say(GARBLED[name])
        await exchange.end()

    async def _refuses_in_words(self, exchange: Exchange) -> None:
        await exchange.read_head()
        waits = self.draws.random() < 0.5
        if waits:
            await exchange.read_body()
        name = self.draws.choice(sorted(REFUSING))
        self.faults[name] += 1
        self.seen.unread += 1  # what is written while it closes
        await exchange.say(REFUSING[name])
        if not waits:
            await exchange.read_body()
        self._told(exchange, REFUSING[name])
        await exchange.end()

    async def _redirects(self, exchange: Exchange) -> None:
        await exchange.read_head()
        await exchange.read_body()
        status = self.draws.choice(_REDIRECTS)
        self.faults[status[:3]] += 1
        answer = whole(status, _PAGE, f"Location: {self.trap}")
        self._told(exchange, answer)
        await exchange.say(answer)

    async def _says_more(self, exchange: Exchange) -> None:
        """Pass on, and say more than was asked for: before the answer, after it, or by leaving at once."""
        before = self.draws.choice((b"", _INTERIM, _INTERIM * 50))
        after = self.draws.choice((b"", whole("200 OK", b'{"data":true}')))
        began = time.monotonic()
        answer = await self._arrives(exchange)
        self.faults["said more"] += 1
        self._told(exchange, answer, clearly=time.monotonic() - began < TIMEOUT / 2)
        self.seen.unread += 1  # what is written before the program sees that it has been left
        # In one piece: what comes after the next request was written is, by all that HTTP says, its answer.
        await exchange.say(before + answer + after)
        if self.draws.random() < 0.3:
            await asyncio.sleep(self.draws.choice((0.0, 0.001)))
            await exchange.say(whole("408 Request Timeout", b"", "Connection: close"))
            await exchange.end()
        elif self.draws.random() < 0.5:
            await asyncio.sleep(self.draws.choice((0.0, 0.001, 0.005)))
            await exchange.end()

    async def _may_arrive(self, exchange: Exchange) -> None:
        """Pass it on, or don't; the program will not learn which."""
        arrives = self.draws.random() < 0.5
        if arrives:
            await exchange.passed_on()
        self._told_nothing(exchange, arrived=arrives)

    async def _arrives(self, exchange: Exchange) -> bytes:
        """Read it and pass it on; returns the answer."""
        await exchange.read_head()
        await exchange.read_body()
        return await exchange.passed_on()

    def _told(self, exchange: Exchange, answer: bytes, *, clearly: bool = True) -> None:
        """Note that the program is told this, in time or not."""
        if not exchange.has_lead:
            return
        status = int(answer[9:12])
        if clearly:
            self.seen.clear[sent_in(exchange.body).id, status] += 1
        else:
            self._told_nothing(exchange, arrived=status == _TAKEN)

    def _told_nothing(self, exchange: Exchange, *, arrived: bool = False) -> None:
        """Note that the program can't know what became of it."""
        if exchange.has_lead:
            sent = sent_in(exchange.body)
            self.seen.unclear[sent.id] += 1
            self.seen.arrived[sent] += arrived


async def _again(proxy: TcpProxy, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await proxy.start()
