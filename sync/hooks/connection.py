"""A connection of a sender: one that does not ask is not kept, nor are headers without end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.h11_impl import RequestResponseCycle

#: A sender who takes longer to say what they want is not waited for, in seconds.
PATIENCE = 10.0
#: So many connections at once, whatever they do: files and sockets are needed for leads too.
MOST = 200


class Connection(H11Protocol):
    """uvicorn's, which by itself waits for a request for ever.

    It is the one on h11, since the other one takes headers of any size.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._timer: asyncio.TimerHandle | None = None
        #: What was being answered when it was looked at last.
        self._before: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn
        """Take a connection, unless there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST:
            transport.abort()
        else:
            self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        """Look after it no more."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def _look_later(self) -> None:
        self._timer = self.loop.call_later(PATIENCE, self._look)

    def _look(self) -> None:
        """Hang up where no request was begun since the last look, and none is being answered."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is self._before and (cycle is None or cycle.response_complete):
            self.transport.abort()
            return
        self._before = cycle
        self._look_later()
