"""Many hints, one poll; by a clock that only moves when somebody waits."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from typing import TYPE_CHECKING

from sync.runtime.bell import GATHER_SECONDS, Bell, Pace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Jumping:
    """Time that jumps to where it is waited for, once everybody waits."""

    def __init__(self) -> None:
        self.present = 1000.0

    def now(self) -> float:
        return self.present

    async def wait(self, bell: asyncio.Event, seconds: float | None) -> None:
        if seconds is None:
            await bell.wait()
            return
        for _ in range(3):  # whoever is about to ring comes first
            await asyncio.sleep(0)
        if not bell.is_set():
            self.present += seconds


class Scene:
    """A bell, and what it has done."""

    def __init__(self, pace: Pace) -> None:
        self.time = Jumping()
        self.polled: list[float] = []
        self.free_at = 0.0
        self.takes = 0.0
        self.during: list[str] = []
        self.bell = Bell(self._poll, lambda: self.free_at, pace, self.time)

    async def _poll(self) -> None:
        self.polled.append(round(self.time.present, 3))
        if self.during:
            self.during.pop()
            self.bell.ring()
        await asyncio.sleep(0)
        self.time.present += self.takes

    async def settled(self) -> list[float]:
        """Let everything happen that happens by itself, and return when it was polled."""
        for _ in range(60):
            await asyncio.sleep(0)
        return self.polled


@asynccontextmanager
async def ringing(pace: Pace) -> AsyncIterator[Scene]:
    scene = Scene(pace)
    task = asyncio.create_task(scene.bell.serve())
    yield scene
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


FIRST = 1000.0 + GATHER_SECONDS


async def test_nothing_is_polled_without_a_hint() -> None:
    async with ringing(Pace(0.1)) as scene:
        assert await scene.settled() == []


async def test_hints_that_come_together_are_one_poll() -> None:
    async with ringing(Pace(0.1)) as scene:
        for _ in range(50):
            scene.bell.ring()
        assert await scene.settled() == [FIRST]


async def test_a_hint_during_a_poll_is_one_more_poll_after_it() -> None:
    async with ringing(Pace(0.1)) as scene:
        scene.during = ["once"]
        scene.bell.ring()
        assert await scene.settled() == [FIRST, FIRST + 0.1]


async def test_hints_wait_until_the_pace_allows_another_poll() -> None:
    async with ringing(Pace(5.0)) as scene:
        scene.during = ["once", "twice"]
        scene.bell.ring()
        assert await scene.settled() == [FIRST, FIRST + 5, FIRST + 10]


async def test_a_slow_source_is_left_alone_for_as_long_as_it_took() -> None:
    async with ringing(Pace(0.1)) as scene:
        scene.takes, scene.during = 30.0, ["once"]
        scene.bell.ring()
        assert await scene.settled() == [FIRST, FIRST + 60]


async def test_a_source_that_asked_to_be_left_alone_is_polled_when_that_is_over() -> None:
    async with ringing(Pace(0.1)) as scene:
        scene.free_at = 1100.0
        scene.bell.ring()
        assert await scene.settled() == [1100.0]


async def test_a_system_that_shows_changes_late_is_polled_once_more() -> None:
    async with ringing(Pace(1.0, again=15.0)) as scene:
        scene.bell.ring()
        assert await scene.settled() == [FIRST, round(FIRST + 15 + GATHER_SECONDS, 3)]


async def test_a_hint_while_the_source_rests_counts_from_the_poll_after_it() -> None:
    async with ringing(Pace(1.0, again=15.0)) as scene:
        scene.free_at = 1100.0
        scene.bell.ring()
        assert await scene.settled() == [1100.0, round(1100 + 15 + GATHER_SECONDS, 3)]


async def test_calls_that_never_stop_use_up_a_burst_and_then_come_slowly() -> None:
    async with ringing(Pace(1.0, burst=3, refill=60.0)) as scene:
        scene.during = ["again"] * 5
        scene.bell.ring()
        polled = await scene.settled()
    gaps = [round(later - sooner) for sooner, later in pairwise(polled)]
    assert gaps == [1, 1, 58, 60, 60]


async def test_a_rest_gives_the_burst_back() -> None:
    async with ringing(Pace(1.0, burst=2, refill=60.0)) as scene:
        scene.during = ["again"]
        scene.bell.ring()
        await scene.settled()
        scene.time.present += 600.0
        rested = scene.time.present
        scene.during = ["again"]
        scene.bell.ring()
        polled = await scene.settled()
    assert [round(at - rested) for at in polled[2:]] == [0, 1]
