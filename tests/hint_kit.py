"""Hints of a source, gathered while a test does things to it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

#: Seconds that a hint may take on a machine that is busy with other things.
PATIENCE = 30.0


class Heard:
    """The hints that have come and were not asked for yet."""

    def __init__(self) -> None:
        self._hints: asyncio.Queue[None] = asyncio.Queue()
        self.task: asyncio.Task[None] | None = None

    def take(self) -> None:
        self._hints.put_nowait(None)

    async def next(self) -> None:
        """Wait for a hint; if listening ends before one comes, so does this, with its error."""
        hint = asyncio.create_task(self._hints.get())
        assert self.task is not None
        await asyncio.wait({hint, self.task}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if not hint.done():
            hint.cancel()
            assert self.task.done(), "no hint came in time"
            await self.task
            raise AssertionError("it ended without a hint")

    async def settle(self, seconds: float = 0.5) -> int:
        """Wait until no more hints come for a while, and return how many came."""
        count = 0
        while True:
            try:
                await asyncio.wait_for(self._hints.get(), seconds)
            except TimeoutError:
                return count
            count += 1


@asynccontextmanager
async def hearing(hints: AsyncGenerator[None, None]) -> AsyncIterator[Heard]:
    """Listen beside the test, from when the source says that it does; in one task, as `run` does."""
    heard = Heard()

    async def listen() -> None:
        try:
            async for _ in hints:
                heard.take()
        finally:
            await hints.aclose()

    heard.task = asyncio.create_task(listen())
    try:
        await heard.next()
        yield heard
    finally:
        heard.task.cancel()
        await asyncio.wait({heard.task})
