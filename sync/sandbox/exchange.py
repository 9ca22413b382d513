"""One request and its answer over ASGI, with every way in which an answer can go wrong."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from sync.sandbox.arrival import Answer
    from sync.sandbox.connections import Connection

    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

#: Bytes of a body that are read, and thrown away, beyond the limit, so that the client hears its 413.
_PATIENCE = 64 * 1024 * 1024
_GARBAGE = b"\x16\x03\x01\x00\xff not HTTP at all \r\n\r\n"


class Stopped(Exception):
    """The sandbox is stopping; nothing is waited for any more."""


class Exchange:
    """Reads one request's body and gives its answer, whole or broken."""

    def __init__(self, receive: Receive, send: Send, connection: Connection, stopping: asyncio.Event) -> None:
        self._receive = receive
        self._send = send
        self.connection = connection
        self._stopping = stopping
        #: Whether the client was there when the last of what it was to hear went out.
        self.stayed = False

    async def body(self, limit: int) -> tuple[bytes, int] | None:
        """Return the body, cut at the limit, and its whole size; None when the client left before its end."""
        chunks: list[bytes] = []
        size, more = 0, True
        while more and size <= limit + _PATIENCE:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                return None
            chunk = message.get("body", b"")
            if size + len(chunk) <= limit:
                chunks.append(chunk)
            size += len(chunk)
            more = message.get("more_body", False)
        return b"".join(chunks), size

    async def pause(self, seconds: float) -> None:
        """Wait, whether the client does or not.

        Raises:
            Stopped: the sandbox is stopping.
        """
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
            raise Stopped

    async def answer(self, answer: Answer) -> None:
        """Give an answer as HTTP wants it."""
        await self._begin(answer)
        await self._finish(answer.body)

    async def drip(self, answer: Answer, seconds: float) -> None:
        """Give an answer's body a byte at a time.

        Raises:
            Stopped: the sandbox is stopping.
        """
        await self._begin(answer)
        for index in range(len(answer.body)):
            await self.pause(seconds / len(answer.body))
            byte = answer.body[index : index + 1]
            await self._send({"type": "http.response.body", "body": byte, "more_body": True})
        await self._finish(b"")

    async def truncate(self, answer: Answer) -> None:
        """Promise a body, give half of it, and close."""
        await self._begin(answer)
        half = answer.body[: len(answer.body) // 2]
        await self._send({"type": "http.response.body", "body": half, "more_body": True})
        await self.close()

    async def garbage(self) -> None:
        """Write what is no HTTP, and close."""
        self.connection.write(_GARBAGE)
        await self.close()

    async def close(self) -> None:
        """Close without an answer, or without the rest of it."""
        self.stayed = self.connection.is_open
        self.connection.close()
        await self._gone()

    async def reset(self) -> None:
        """Reset the connection."""
        self.stayed = self.connection.is_open
        self.connection.reset()
        await self._gone()

    async def hang(self) -> None:
        """Give no answer until the client gives up.

        Raises:
            Stopped: the sandbox is stopping.
        """
        waits = {asyncio.ensure_future(self._gone()), asyncio.ensure_future(self._stopping.wait())}
        _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in pending:
            wait.cancel()
        if self._stopping.is_set():
            raise Stopped

    async def _begin(self, answer: Answer) -> None:
        headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in answer.headers]
        if answer.content_type:
            headers.append((b"content-type", answer.content_type.encode()))
        if answer.status != HTTPStatus.NO_CONTENT:
            headers.append((b"content-length", str(len(answer.body)).encode()))
        await self._send({"type": "http.response.start", "status": answer.status, "headers": headers})

    async def _finish(self, body: bytes) -> None:
        self.stayed = self.connection.is_open
        await self._send({"type": "http.response.body", "body": body})

    async def _gone(self) -> None:
        # The server must see the connection end before the handler returns: an application that returns
        # without an answer on an open connection is a bug to it, and gets a 500.
        while (await self._receive())["type"] != "http.disconnect":
            continue


def retry_after(value: float | str) -> str:
    """Return the header's text: seconds, ``date+5`` as the HTTP date in five seconds, other text as it is."""
    text = str(value)
    if text.startswith("date+") and text[5:].isdigit():
        # In real time, whatever clock the log has: the client compares it with its own.
        return formatdate(time.time() + int(text[5:]), usegmt=True)
    return text
