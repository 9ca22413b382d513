"""A web server for one visit: where a vendor sends the browser after a person has said yes or no.

It listens on this machine alone and takes nothing but the redirect of the attempt: what carries another
state, as a page that somebody else made could send, is turned away and ends nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from sources.errors import BadConfig, SourceError
from sources.oauth import AnotherAttempt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sources.oauth import Attempt

#: Names of this machine, by which a redirect comes back to it.
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
#: Seconds in which a browser must have sent its request.
_PATIENCE = 10.0
_LONGEST = 16 * 1024
_HEADERS = (
    "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nConnection: close\r\n"
)
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>leadrelay</title>
<body style="font: 18px/1.5 system-ui, sans-serif; max-width: 36em; margin: 15vh auto; padding: 0 1em">
<h1 style="font-size: 1.3em">{title}</h1><p>{text}</p></body></html>"""
_DONE = ("leadrelay has what it needs", "This page may be closed. The rest is said in the terminal.")
_REFUSED = "It was not authorised"
_STRAY = (
    "This is not what leadrelay waits for",
    "It belongs to another attempt; open the newest address again.",
)

#: Some vendors, as Jobber, send the browser back so after a no.
_NOTHING = (
    "The vendor sent no answer",
    "If you said no there, stop leadrelay in the terminal with Ctrl-C; otherwise open the address again.",
)


@dataclass(slots=True)
class Loopback:
    """Waits for the browser. Made by `listening`."""

    #: Where it is to come back to: complete, with the port.
    redirect: str
    _attempt: Attempt | None = None
    _code: asyncio.Future[str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    async def code(self, attempt: Attempt, patience: float) -> str:
        """Return the code that the browser brings back.

        Args:
            attempt: whose redirect is waited for.
            patience: seconds to wait for the person.

        Raises:
            TimeoutError: when nobody came.
            SourceError: as `Attempt.code_of`.

        """
        self._attempt = attempt
        return await asyncio.wait_for(self._code, patience)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request of a browser, and only then say what it brought."""
        with contextlib.suppress(
            ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError
        ):
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _PATIENCE)
            result, status, page = self._judged(head.split(b"\r\n")[0].decode("latin-1"))
            writer.write(_response(status, *page))
            await writer.drain()
            writer.close()
            self._tell(result)
        writer.close()

    def _judged(self, request: str) -> tuple[str | SourceError | None, str, tuple[str, str]]:
        method, _, target = request.partition(" ")
        target = target.rpartition(" ")[0]
        path = urlsplit(self.redirect).path or "/"
        if self._attempt is None or method != "GET" or _path_of(target) != path:
            return None, "404 Not Found", _STRAY
        try:
            return self._attempt.code_of(target), "200 OK", _DONE
        except AnotherAttempt:  # anybody can send these, so they end nothing
            return None, "400 Bad Request", _STRAY if "=" in target else _NOTHING
        except SourceError as error:
            return error, "200 OK", (_REFUSED, f"{error}. This page may be closed.")

    def _tell(self, result: str | SourceError | None) -> None:
        if result is None or self._code.done():
            return
        if isinstance(result, SourceError):
            self._code.set_exception(result)
        else:
            self._code.set_result(result)


@asynccontextmanager
async def listening(redirect: str) -> AsyncIterator[Loopback]:
    """Listen where a redirect leads, on this machine; port 0 takes any that is free.

    Raises:
        BadConfig: when it can't be listened there.

    """
    parts = urlsplit(redirect)
    host, port = parts.hostname or "", parts.port if parts.port is not None else 80
    made: list[Loopback] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await made[0].serve(reader, writer)

    try:
        server = await asyncio.start_server(serve, host, port, limit=_LONGEST)
    except OSError as error:
        said = "something else listens there" if "in use" in str(error) else error.strerror
        raise BadConfig(
            f"{host}:{port} can't be listened on: {said}; --port takes another one, which your app at the "
            "vendor has to know too"
        ) from error
    taken = server.sockets[0].getsockname()[1]
    netloc = parts.netloc if port else parts.netloc.rpartition(":")[0] + f":{taken}"
    made.append(Loopback(parts._replace(netloc=netloc).geturl()))
    try:
        yield made[0]
    finally:
        server.close()


def _path_of(target: str) -> str | None:
    """Return the path of an address; None where it is none, as ``http://[``."""
    try:
        return urlsplit(target).path
    except ValueError:
        return None


def _response(status: str, title: str, text: str) -> bytes:
    body = _PAGE.format(title=html.escape(title), text=html.escape(text)).encode()
    return f"HTTP/1.1 {status}\r\n{_HEADERS}Content-Length: {len(body)}\r\n\r\n".encode() + body
