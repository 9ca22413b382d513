"""The body of one request, which knows whether any byte of it was handed to the network."""

from __future__ import annotations

from asyncio import get_running_loop
from typing import TYPE_CHECKING, Any

from aiohttp import ClientConnectionResetError
from aiohttp.payload import Payload

if TYPE_CHECKING:
    from asyncio import Timeout

    from aiohttp.abc import AbstractStreamWriter


class Body(Payload):
    """Bytes that note when their writing begins, and start the clock for the answer then.

    Args:
        value: the JSON.
        deadline: the timeout around the request.
        seconds: how long the answer may take from then on.

    """

    _autoclose = True
    _default_content_type = "application/json"

    def __init__(self, value: bytes, deadline: Timeout, seconds: float) -> None:
        super().__init__(value)
        self._size = len(value)
        self._deadline = deadline
        self._seconds = seconds
        #: When the first byte was handed over, by the loop's clock; None: certainly none was.
        self.started: float | None = None

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write it, unless the connection turns out to be of no use before the first byte.

        Raises:
            ClientConnectionResetError: when it is of no use, or breaks meanwhile.

        """
        _refuse_unusable(writer)
        self.started = get_running_loop().time()
        self._deadline.reschedule(self.started + self._seconds)
        await writer.write(self._value)

    async def write_with_length(
        self,
        writer: AbstractStreamWriter,
        content_length: int | None,  # noqa: ARG002 - aiohttp passes it; the length is always its own
    ) -> None:
        """Write it, all of it."""
        await self.write(writer)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Return it as text."""
        return bytes(self._value).decode(encoding, errors)


def _refuse_unusable(writer: Any) -> None:
    """Refuse a connection that is closing, or that holds an answer nobody asked for.

    Such an answer (some proxies send 408 to an idle connection, some servers answer twice) would be
    taken for the answer to this request, and the lead counted as accepted that nobody has read.
    """
    transport = writer.transport
    if transport is None or transport.is_closing() or writer.protocol.should_close:
        raise ClientConnectionResetError("the connection was over before the request")
