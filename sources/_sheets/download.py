"""A sheet behind an http(s) URL: fetched into a nameless temporary file, and only when it changed."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote, urlsplit

import httpx

from sources._files.temporary import Copy
from sources._http.retry_after import parse_retry_after
from sources._http.wire import keep_quiet, tls
from sources._sheets.kinds import WebPage, kind_of
from sources._threads import in_thread
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from sources._sheets.revision import Revision

#: Seconds for each wait on the network, and for the whole download.
_WAIT, _WHOLE = 30.0, 900.0
_PIECE = 1 << 20
_MOST_REDIRECTS = 10


@dataclass(frozen=True, slots=True)
class Download:
    """A file that came from a server. It is gone from the disk once it is closed."""

    name: str
    handle: BinaryIO
    #: Digest of its bytes.
    content: str
    etag: str | None
    modified: str | None

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Give a handle of the reader's own, at the file's beginning: readers close what they read."""
        with os.fdopen(os.dup(self.handle.fileno()), "rb") as handle:
            handle.seek(0)
            yield handle

    def verify(self, handle: BinaryIO) -> None:
        """Do nothing: nobody else can write to it."""


def name_of(url: str) -> str:
    """Return what messages call a URL: a file name and a host, nothing that could be secret.

    A path may be a secret too, as in a link that whoever has it may read; only a last part that looks
    like a file's name is shown.
    """
    parts = urlsplit(url)
    host = parts.hostname or "an unknown host"
    last = unquote(parts.path.rsplit("/", 1)[-1])
    suffix = last.rpartition(".")[2].lower()
    known = suffix in {"csv", "tsv", "tab", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods"}
    return f"{last} at {host}" if known else f"the sheet at {host}"


@asynccontextmanager
async def download(url: str, known: Revision | None, cache: Path | None) -> AsyncIterator[Download | None]:
    """Fetch a sheet, or None when the server says that it is what it was at the known revision.

    Raises:
        Denied: when the server refuses us, or gives a web page (usually to log in) instead of a sheet.
        BadConfig: when there is no such thing on the server.
        RateLimited: when it asks to be left alone.
        Unavailable: when it does not answer, or not to the end, or there is no room on the disk.

    """
    name = name_of(url)
    async with fetched(url, name, known, cache) as file:
        if file is not None:
            handle = file.handle
            await in_thread(lambda: _refuse_page(handle, name))
        yield file


@asynccontextmanager
async def fetched(
    url: str, name: str, known: Revision | None, cache: Path | None
) -> AsyncIterator[Download | None]:
    """Fetch a file, whatever it is.

    Args:
        url: where it is.
        name: what messages call it.
        known: see `download`; None when it is wanted in any case.
        cache: see `download`.

    Raises:
        SourceError: as `download`.

    """
    copy = await in_thread(lambda: Copy(name, cache))
    with copy.handle:
        async with _answer(url, known, name) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED and known is not None:
                yield None
                return
            async for piece in response.aiter_bytes(_PIECE):
                await in_thread(lambda piece=piece: copy.add(piece))  # type: ignore[misc]
            await in_thread(copy.rewind)
        headers = response.headers
        yield Download(name, copy.handle, copy.digest, headers.get("etag"), headers.get("last-modified"))


@asynccontextmanager
async def _answer(url: str, known: Revision | None, name: str) -> AsyncIterator[httpx.Response]:
    """Ask for the URL, follow redirects, and give the answer with its body still to come."""
    keep_quiet()
    try:
        async with asyncio.timeout(_WHOLE), httpx.AsyncClient(timeout=_WAIT, verify=tls()) as client:
            response = await _follow(client, client.build_request("GET", url, headers=_asked(known)), name)
            try:
                failure = _failure(response, name)
                if failure is not None:
                    raise failure
                yield response
            finally:
                await response.aclose()
    except TimeoutError:
        raise Unavailable(f"{name} did not arrive within {_WHOLE:g} s") from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        # Not chained: what httpx says may repeat the URL.
        raise _transport(error, name) from None


def _asked(known: Revision | None) -> dict[str, str]:
    """Return the headers of a request: conditional, when the last answer said how."""
    headers = {"accept": "*/*", "cache-control": "no-cache"}
    if known and known.etag:
        headers["if-none-match"] = known.etag
    elif known and known.modified:
        headers["if-modified-since"] = known.modified
    return headers


async def _follow(client: httpx.AsyncClient, request: httpx.Request, name: str) -> httpx.Response:
    """Send a request and those it is redirected to, never from https to http."""
    for _ in range(_MOST_REDIRECTS):
        response = await client.send(request, stream=True)
        following = response.next_request
        if following is None:
            return response
        await response.aclose()
        if request.url.scheme == "https" and following.url.scheme != "https":
            raise BadConfig(f"{name} redirects to http, where anybody on the way can read it", "path")
        request = following
    raise BadConfig(f"{name} redirects more than {_MOST_REDIRECTS} times", "path")


def _failure(response: httpx.Response, name: str) -> SourceError | None:
    """Return the error that a status stands for; None for an answer to read."""
    status = response.status_code
    said = f"{name}: the server answered {status}"
    wait = parse_retry_after(response.headers.get("retry-after"), datetime.now(UTC))
    if status in (200, 203, 304):
        return None
    if status in (401, 402, 403, 407):
        return Denied(f"{said}: it refuses us; share the sheet with whoever has the link, or mend the link")
    if status == 429 or (status >= 500 and wait is not None):  # noqa: PLR2004
        told = "" if wait is None else f" for {wait:.0f} s"
        return RateLimited(f"{said}: it asks to be left alone{told}", wait)
    if status >= 500 or status in (408, 425):  # noqa: PLR2004
        return Unavailable(f"{said}: it has a problem of its own")
    return BadConfig(f"{said}: there is no sheet at this URL", "path")


def _transport(error: Exception, name: str) -> SourceError:
    if isinstance(error, httpx.TimeoutException):
        return Unavailable(f"{name}: no answer within {_WAIT:g} s")
    if isinstance(error, httpx.ConnectError):
        return Unavailable(f"{name}: no connection could be made (DNS, TLS, or nothing answers there)")
    if isinstance(error, (httpx.UnsupportedProtocol, httpx.InvalidURL, UnicodeError)):
        return BadConfig(f"{name}: the URL is not one that can be asked for", "path")
    return Unavailable(f"{name}: the answer was cut off before it was complete ({type(error).__name__})")


def _refuse_page(handle: BinaryIO, name: str) -> None:
    try:
        kind_of(handle, name)
    except WebPage:
        text = "the server gave a web page (HTML) instead of a sheet, usually one to log in"
        raise Denied(f"{name}: {text}; share the sheet, or use the link that downloads it") from None
