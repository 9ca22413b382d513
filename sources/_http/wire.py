"""One exchange with a server: a draft goes out, the whole answer comes back, within limits."""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import httpx

from sources._http.call import Answer, Call, place_of
from sources._http.pacing import Transient
from sources._http.sorting import transport_failure, unsendable
from sources.errors import Unavailable

if TYPE_CHECKING:
    import ssl

    from sources._http.auth import Draft

#: The largest answer that is read, in bytes after decompression.
MAX_BYTES = 64 * 1024 * 1024
#: A whole answer may take this many times the timeout, which is for each wait on the network.
_WHOLE = 10


@dataclass(frozen=True)
class Wire:
    """Connections to servers. Plain httpx, one page at a time.

    The aiohttp transport for httpx was tried and is not used here: it reports DNS failures, refused
    and cut connections all as timeouts while connecting, re-encodes URLs (vendors want their
    next-page links back byte for byte), keeps cookies of its own, and does not use the environment's
    proxies. What it gains, many requests at once, a poll that waits for each page has no use for.
    """

    #: For each wait on the network: connecting, sending, the next piece of the answer.
    timeout: timedelta = timedelta(seconds=30)
    max_bytes: int = MAX_BYTES

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        keep_quiet()
        return httpx.AsyncClient(verify=tls(), timeout=self.timeout.total_seconds(), follow_redirects=False)

    async def exchange(self, call: Call, draft: Draft) -> Answer:
        """Send one request and read its answer to the end; JSON is not looked at here.

        Raises:
            Transient: when no whole answer came; worth another attempt.
            Unavailable: TLS failure, an answer over the size limit.
            BadConfig: when the request cannot be put on the wire at all.

        """
        where, seconds = place_of(draft.url), self.timeout.total_seconds()
        request = self._request(call, draft)
        try:
            async with asyncio.timeout(seconds * _WHOLE):
                return await self._read(request, call)
        except httpx.RequestError as error:
            # Not chained: what httpx says of a header it can't send repeats the header.
            raise transport_failure(error, where, seconds) from None
        except TimeoutError:
            raise Transient(f"{where}: the answer was not complete after {seconds * _WHOLE:g} s") from None

    async def close(self) -> None:
        """Give back all connections. It can be used again afterwards."""
        client = self.__dict__.pop("_client", None)
        if client is not None:
            await client.aclose()

    def _request(self, call: Call, draft: Draft) -> httpx.Request:
        """Build the request. What httpx says of a value it can't encode would repeat the value."""
        headers = {"accept": "application/json", "user-agent": _user_agent(), **draft.headers}
        try:
            return self._client.build_request(
                call.method, draft.url, headers=headers, json=call.body, data=dict(call.form or {}) or None
            )
        except (UnicodeError, httpx.InvalidURL, TypeError, ValueError):
            raise unsendable(call.where) from None

    async def _read(self, request: httpx.Request, call: Call) -> Answer:
        response = await self._client.send(request, stream=True)
        try:
            body = await self._body(response, call.where)
        finally:
            await response.aclose()
        return Answer(call, response.status_code, response.headers, body)

    async def _body(self, response: httpx.Response, where: str) -> bytes:
        told = response.headers.get("content-length", "")
        if told.isdecimal() and int(told) > self.max_bytes:
            raise self._too_large(where)
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > self.max_bytes:
                raise self._too_large(where)
        return bytes(body)

    def _too_large(self, where: str) -> Unavailable:
        limit = f"{self.max_bytes / 1024 / 1024:g} MiB"
        return Unavailable(f"{where}: the answer is larger than {limit}; ask for smaller pages")


def tls() -> ssl.SSLContext:
    """Return what certificates are checked with, read once for all connections."""
    return _tls(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _tls(_file: str | None, _directory: str | None) -> ssl.SSLContext:
    """Return what all connections check certificates with; reading the authorities takes some 40 ms.

    Args:
        _file: SSL_CERT_FILE, and
        _directory: SSL_CERT_DIR, by which httpx finds the authorities in the place of its own.

    """
    return httpx.create_ssl_context()


def keep_quiet() -> None:
    """Keep httpx from telling: at INFO it logs whole URLs, at DEBUG headers too, keys and all."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


@cache  # the version is read from a file
def _user_agent() -> str:
    try:
        return f"leadrelay/{version('leadrelay')}"
    except PackageNotFoundError:
        return "leadrelay"
