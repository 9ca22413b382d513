"""The TCP connections under the requests, so that a fault can do to one what HTTP can't say."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

#: SO_LINGER on, for zero seconds: closing sends RST instead of FIN.
_RESET = struct.pack("ii", 1, 0)


class Connections:
    """The open connections, by the address of the client, which is in every ASGI scope."""

    def __init__(self) -> None:
        self._open: dict[Any, asyncio.Transport] = {}

    def protocol(self) -> type[H11Protocol]:
        """Return uvicorn's protocol, which tells this about each connection it makes and loses."""
        connections = self._open

        class Tracked(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                connections[self.client] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                connections.pop(self.client, None)
                super().connection_lost(exc)

        return Tracked

    def of(self, scope: Mapping[str, Any]) -> Connection:
        """Return the connection that a request came by."""
        return Connection(self._open.get(scope["client"]))


class Connection:
    """One connection, as far as faults need it."""

    def __init__(self, transport: asyncio.Transport | None) -> None:
        """Take its transport, None when the client was gone before its address could be read."""
        self._transport = transport

    @property
    def is_open(self) -> bool:
        """Whether the client is there, as far as TCP has told."""
        return self._transport is not None and not self._transport.is_closing()

    def write(self, raw: bytes) -> None:
        """Write bytes past HTTP."""
        if self._transport and self.is_open:
            self._transport.write(raw)

    def close(self) -> None:
        """Close it after what is written: TCP FIN."""
        if self._transport:
            self._transport.close()

    def reset(self) -> None:
        """Drop it at once: TCP RST."""
        if self._transport and self.is_open:
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self._transport.abort()
