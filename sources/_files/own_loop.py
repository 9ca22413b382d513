"""An event loop for a client that is asynchronous, beside the program's own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


class OwnLoop:
    """Runs coroutines from a thread that has no loop; they may be run from one thread after another.

    The connections that a client opens belong to the loop that they were opened in, so all of its calls are
    made here, and it is closed here.
    """

    def __init__(self) -> None:
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Return what a coroutine returns."""
        return self._runner.run(work)

    def close(self) -> None:
        """End what still runs, and the loop. Closing twice is no error."""
        self._runner.close()
