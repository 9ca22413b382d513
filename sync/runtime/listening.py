"""One source that can tell of changes: listened to while `run` runs, and again whenever that broke off."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sources.base import TellsOfChanges
from sources.errors import BadConfig, SourceError
from sync.events import Said
from sync.runtime.making import using

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sync.config import SourceConfig
    from sync.runtime.connector import Connector

#: Seconds before the first attempt to listen again, doubled before each further one, and the most of them.
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0


class Listener:
    """Rings for each hint that a source's adapter gives.

    Args:
        connector: with the configuration, and with who is told of failures.
        source: what to listen to.
        ring: called for each hint.

    """

    def __init__(self, connector: Connector, source: SourceConfig, ring: Callable[[], None]) -> None:
        self._connector = connector
        self._source = source
        self._ring = ring
        self._pause = _FIRST_PAUSE
        self._said = ""

    async def listen(self) -> None:
        """Listen until cancelled, or until the adapter has nothing to tell."""
        while True:
            try:
                await self._once()
            except BadConfig as error:
                self._say(f"tells nothing of changes, its schedule does: {error}")
                return
            except SourceError as error:
                self._say(f"tells nothing of changes at the moment, its schedule does: {error}")
            except Exception as error:  # noqa: BLE001 - a bug in one adapter harms nothing else
                # Its text may hold a value of somebody's record.
                self._say(f"its adapter failed to tell of changes ({type(error).__name__})")
            else:
                return
            await self._connector.time.wait(asyncio.Event(), self._pause)
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    async def _once(self) -> None:
        async with using(self._connector.config, self._source) as adapter:
            if not isinstance(adapter, TellsOfChanges):
                return
            hints = adapter.hints()
            try:
                async for _ in hints:
                    self._heard()
                    # An adapter that tells without ever waiting must not keep all others from working.
                    await asyncio.sleep(0)
            finally:
                await _close(hints)

    def _heard(self) -> None:
        self._pause = _FIRST_PAUSE
        if self._said:
            self._said = ""
            self._connector.tell(Said("tells of changes again", self._source.name))
        self._ring()

    def _say(self, text: str) -> None:
        """Say it once: while nothing is better, the same again is no news."""
        if text != self._said:
            self._connector.tell(Said(text, self._source.name, warning=True))
        self._said = text


async def _close(hints: AsyncIterator[None]) -> None:
    close = getattr(hints, "aclose", None)
    if close is not None:
        await close()
