"""Blocking work beside the event loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """Run blocking work in a thread, and when cancelled wait for it: it holds open files."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # looked at, so that asyncio does not report it as forgotten
        raise


async def each_in_thread(items: Iterator[T]) -> AsyncGenerator[T, None]:
    """Yield what a blocking iterator yields: one hop to a thread for each item."""
    done = object()
    try:
        while (item := await in_thread(lambda: next(items, done))) is not done:
            yield cast("T", item)
    finally:
        close = getattr(items, "close", None)
        if close is not None:
            await in_thread(close)
