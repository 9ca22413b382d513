"""Time that passes only when nobody has anything else to do: an hour of waiting costs nothing.

The loop is asyncio's own. Where it would sleep until its next timer, its clock is moved there instead,
but never while a thread of its executors is at work, since that may ring a bell before.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import selectors
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from sync.delivery import SystemTime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: When the clocks of experiments begin, in seconds since the epoch.
BEGINNING = 1_800_000_000.0
#: Modules that ask the machine for the time: APScheduler takes no clock.
_ASKING = (
    "apscheduler.schedulers.base.datetime",
    "apscheduler.triggers.interval.datetime",
    "apscheduler.executors.base.datetime",
    "sync.schedule.datetime",
)


class _Selector(selectors.DefaultSelector):
    """Waits for files as ever, and for timers not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        #: Calls that threads have not finished.
        self.at_work = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None or self.at_work:
            return super().select(None)
        self.now += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is its own."""

    def __init__(self) -> None:
        self._clock = _Selector()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:
        self._clock.at_work += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._one_less)
        return future

    def _one_less(self, _future: object) -> None:
        self._clock.at_work -= 1


class LoopTime(SystemTime):
    """Time as delivery and the store are told it: that of the loop, and jumps of the machine's clock."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.jumped = 0.0

    def now(self) -> float:
        return BEGINNING + self._loop.time() + self.jumped


def virtual() -> asyncio.Runner:
    """Return a runner over a loop of this kind."""
    return asyncio.Runner(loop_factory=VirtualLoop)


@contextmanager
def scheduled_by(time: LoopTime) -> Iterator[None]:
    """Let the schedule tell its time by this clock while the block lasts."""

    class Told(dt.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return cls.fromtimestamp(time.now(), tz)

    with ExitStack() as stack:
        for name in _ASKING:
            stack.enter_context(patch(name, Told))
        yield
