"""Work that goes on side by side and ends together: an error of one asks the others for an orderly end.

A task group would cancel them, and a courier that is cancelled drops what it has in the air.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from sync.runtime.stopping import Stop

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable


class Together:
    """Runs coroutines side by side."""

    def __init__(self) -> None:
        #: Asked as soon as one of them fails.
        self.stop = Stop()
        self._first: BaseException | None = None

    async def run(self, work: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Run all to their end.

        Raises:
            Exception: the first error of any, after all have ended.

        """
        await asyncio.gather(*(self._watched(each) for each in work))
        if self._first is not None:
            raise self._first

    async def _watched(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - it is raised when all have ended
            self._first = self._first or error
            self.stop.ask()
