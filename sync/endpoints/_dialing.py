"""Making connections: to a host, or through the proxy on the way to it."""

from __future__ import annotations

import asyncio
import ssl
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohappyeyeballs import start_connection

from sync.endpoints._connection import Connection, NoAnswerError, NotHttpError

if TYPE_CHECKING:
    from sync.endpoints._place import Place
    from sync.endpoints._proxy import Proxy

#: A connection that takes longer is not made; certainly nothing was sent then, so trying again is safe.
CONNECT_SECONDS = 10.0
#: The next address of a host is tried beside the first after this long (RFC 8305 section 5).
_NEXT_ADDRESS_SECONDS = 0.25


class ProxyError(Exception):
    """The proxy on the way is not there, or does not let us through."""

    def __init__(self, *, status: int | None = None, error: Exception | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.error = error


async def dial(place: Place, proxy: Proxy | None) -> Connection:
    """Connect, ready for the first byte of a request.

    Raises:
        ProxyError: when the proxy is the reason.
        OSError: when there is no connection, an `ssl.SSLError` or a `socket.gaierror` among them.
        TimeoutError: when it takes too long.
        UnicodeError: when the host's name is none.

    """
    async with asyncio.timeout(CONNECT_SECONDS):
        if proxy is None:
            return await _connect(place)
        try:
            connection = await _connect(proxy.place)
        except OSError as error:
            raise ProxyError(error=error) from error
        if place.tls:
            await _tunnel(connection, place, proxy)
        return connection


async def _connect(place: Place) -> Connection:
    loop = asyncio.get_running_loop()
    host = place.ascii_host
    addresses = await loop.getaddrinfo(host, place.port, type=1)  # SOCK_STREAM
    connected = await start_connection(addresses, happy_eyeballs_delay=_NEXT_ADDRESS_SECONDS)
    try:
        named = host if place.tls else None
        _, connection = await loop.create_connection(
            Connection, sock=connected, ssl=_context() if place.tls else None, server_hostname=named
        )
    except BaseException:
        connected.close()
        raise
    return connection


async def _tunnel(connection: Connection, place: Place, proxy: Proxy) -> None:
    """Have the proxy connect us to the server, and speak TLS with that (RFC 9110 section 9.3.6)."""
    try:
        where = place.authority
        lines = [f"CONNECT {where} HTTP/1.1", f"Host: {where}", *proxy.header_lines]
        request = "\r\n".join([*lines, "", ""]).encode()
        answer = await connection.ask(request, CONNECT_SECONDS, tunnel=True)
        if answer.status == HTTPStatus.OK:
            await connection.speak_tls(_context(), place.ascii_host)
            return
    except (NotHttpError, NoAnswerError) as error:
        connection.close()
        raise ProxyError(error=error) from error
    except BaseException:
        connection.close()
        raise
    connection.close()
    raise ProxyError(status=answer.status)


@lru_cache(maxsize=1)
def _context() -> ssl.SSLContext:
    """Return what trusts the system's authorities; reading them takes a while."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
