"""One HTTP/1.1 connection: one request at a time, one answer to it, and what is certain about both.

Whether any byte of a lead left this machine decides between sending it again and asking a person. So the
request is handed over here, in one piece, at a moment that is known; llhttp (by httptools) reads what comes
back. Nothing is repeated and nothing followed.
"""

from __future__ import annotations

import asyncio
import math
import time
from typing import TYPE_CHECKING, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from sync.endpoints._exchange import MOST_BYTES, Answer

if TYPE_CHECKING:
    import ssl

#: Bytes that the headers of an answer may take up, those after its body among them.
MOST_HEAD_BYTES = 65_536
#: Bytes that an answer may take up on the way: in chunks of one byte there are six to a byte of the body.
#: What is more is a trailer, or a remark on a chunk, that has no end.
MOST_WIRE_BYTES = 8 * MOST_BYTES
#: Seconds between the end of an answer's time and giving up on it. A process that was stopped for longer
#: (SIGSTOP, a laptop asleep) wakes up with its timer due and the answer unread; it is read first.
LAST_LOOK_SECONDS = 0.01
_SWITCHING_PROTOCOLS = 101
_FINAL = 200
_CLOCK: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _time_with_sleep() -> float:
    """Return seconds that go on while the machine is asleep, which is when servers close connections."""
    return time.clock_gettime(_CLOCK)


class NotHttpError(Exception):
    """What came back is no answer in HTTP."""


class NoAnswerError(ConnectionError):
    """The connection was closed in good order, and nothing was said."""


class Connection(asyncio.Protocol):
    """A connection that is open, or was."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._parser = HttpResponseParser(self)
        self._answer: asyncio.Future[Answer] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._closed: asyncio.Future[None] = self._loop.create_future()
        self._spoilt = False
        self._tunnel = False
        self._began = 0.0
        self._fresh_until = math.inf
        self._head_bytes = self._unread = 0
        self._next_message()

    @property
    def is_usable(self) -> bool:
        """Whether a request may be handed over: it is open, and nobody spoke without being asked."""
        if self._spoilt or self._transport is None or self._transport.is_closing():
            return False
        # By the clock too: where the loop was held up, the timer that closes it has not had its turn.
        return _time_with_sleep() < self._fresh_until

    @property
    def is_at_rest(self) -> bool:
        """Whether no request is in the air."""
        return self._answer is None

    def ask(self, request: bytes, seconds: float, *, tunnel: bool = False) -> asyncio.Future[Answer]:
        """Hand a whole request to the network; must be usable, and at rest.

        Args:
            request: head and body.
            seconds: how long the answer may take.
            tunnel: whether it asks for a tunnel, so that the answer has no body (RFC 9110 section 9.3.6).

        Returns:
            The answer to come. It fails with `NotHttpError`, `NoAnswerError`, TimeoutError or OSError.

        """
        self._wake()
        self._fresh_until = math.inf
        self._began = time.monotonic()
        self._tunnel = tunnel
        self._answer = self._loop.create_future()
        self._timer = self._loop.call_later(seconds, self._is_late)
        cast("asyncio.Transport", self._transport).write(request)
        return self._answer

    def rest(self, seconds: float) -> None:
        """Keep it for another request for that long; it closes itself then."""
        self._fresh_until = _time_with_sleep() + seconds
        self._timer = self._loop.call_later(seconds, self.close)

    def close(self) -> None:
        """Close it: at rest in good order, with a request in the air at once."""
        self._wake()
        self._spoilt = True
        if self._transport is None:
            return
        if self._answer is not None:
            self._answer.cancel()
            self._answer = None
            self._transport.abort()
        else:
            self._transport.close()

    async def closed(self, seconds: float) -> None:
        """Wait until it is closed; after that many seconds it is dropped."""
        await asyncio.wait([self._closed], timeout=seconds)
        if not self._closed.done() and self._transport is not None:
            self._transport.abort()
            await asyncio.wait([self._closed], timeout=seconds)

    async def speak_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Go on through TLS, within this connection.

        Raises:
            OSError: when there is no TLS to be had, an `ssl.SSLError` among them.

        """
        plain = cast("asyncio.Transport", self._transport)
        self._parser = HttpResponseParser(self)
        self._transport = await self._loop.start_tls(plain, self, context, server_hostname=host)
        if self._transport is None:
            raise ConnectionResetError

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if self._answer is None:
            self._spoil()  # nobody asked: it would be taken for the answer to the next lead
            return
        self._unread += len(data)
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            self._settle(whole=True)
            self._spoil()
        except HttpParserError:
            self._break_off(NotHttpError())
        else:
            if self._unread > (MOST_WIRE_BYTES if self._status else MOST_HEAD_BYTES):
                self._break_off(NotHttpError())

    def eof_received(self) -> None:
        """Let nobody use it any more: the other side has left, and over TLS it is closed only later."""
        self._spoilt = True

    def connection_lost(self, error: Exception | None) -> None:
        """End; an answer without an announced length ends well by it."""
        ends_well = error is None and self._status >= _FINAL and not self._announced
        if self._answer is not None and ends_well:
            self._settle(whole=not _is_cut(self._body))
        self._break_off(error or NoAnswerError())
        self._wake()
        if not self._closed.done():
            self._closed.set_result(None)

    # What httptools calls.

    def on_message_begin(self) -> None:
        """Notice the beginning of an answer nobody asked for; its rest would be taken for the next one."""
        if self._answer is None:
            self._spoil()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep one header; several of a name stand in one line.

        Raises:
            NotHttpError: when there are too many; the parser hands it on.

        """
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > MOST_HEAD_BYTES:
            raise NotHttpError
        known = name.decode("latin-1").lower()
        text = value.decode("latin-1")
        self._headers[known] = f"{self._headers[known]}, {text}" if known in self._headers else text

    def on_headers_complete(self) -> None:
        """Begin the body."""
        self._status = self._parser.get_status_code()
        self._announced = not self._headers.keys().isdisjoint(("content-length", "transfer-encoding"))
        if self._tunnel and self._status >= _FINAL:
            self._settle(whole=True)

    def on_body(self, data: bytes) -> None:
        """Keep some of the body; what is too long is not read on."""
        self._body += data
        if len(self._body) > MOST_BYTES:
            self._settle(whole=False)
            self._spoil()

    def on_message_complete(self) -> None:
        """End of an answer, or of one that only said that another will come (RFC 9110 section 15.2)."""
        if self._status < _FINAL and self._status != _SWITCHING_PROTOCOLS:
            self._next_message()
        elif self._answer is not None:
            self._settle(whole=True)
            transport = self._transport
            # What is left of a request that nobody waited for would be the beginning of the next.
            if not self._parser.should_keep_alive() or (transport and transport.get_write_buffer_size()):
                self._spoil()
        elif not self._tunnel:
            self._spoil()

    def _next_message(self) -> None:
        self._status = 0
        self._headers: dict[str, str] = {}
        self._body = bytearray()  # which grows in place: an answer may come in chunks of one byte
        self._announced = False
        self._head_bytes = self._unread = 0

    def _settle(self, *, whole: bool) -> None:
        """Give the answer as far as it was read."""
        answer, self._answer = self._answer, None
        self._wake()
        if answer is not None and not answer.done():
            seconds = time.monotonic() - self._began
            body = bytes(self._body[:MOST_BYTES])
            answer.set_result(Answer(self._status, self._headers, body, whole, seconds))
        self._next_message()

    def _break_off(self, error: Exception) -> None:
        """End without the rest of the answer: a status that was read still counts."""
        if self._answer is not None and self._status >= _FINAL:
            self._settle(whole=False)
        elif self._answer is not None:
            answer, self._answer = self._answer, None
            if not answer.done():
                answer.set_exception(error)
        self._spoil()

    def _is_late(self) -> None:
        self._timer = self._loop.call_later(LAST_LOOK_SECONDS, self._give_up)

    def _give_up(self) -> None:
        self._break_off(TimeoutError())

    def _wake(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _spoil(self) -> None:
        """Let nobody use it any more."""
        self._wake()
        self._spoilt = True
        if self._transport is not None:
            self._transport.abort()


def _is_cut(body: bytearray) -> bool:
    """Tell whether a body that ends with its connection breaks off in an object: errors may have followed."""
    said = body.strip()
    return said.startswith(b"{") and not said.endswith(b"}")
