"""Adapters that break off, fail, hang and repeat themselves: scripts, since no real adapter should."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sources.errors import RateLimited, Unavailable
from tests.scripted_source import ScriptedSource, ScriptedTable, at, page, record
from tests.torture.restless_table import RestlessTable
from tests.torture.scene import on_every_page

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from sources.base import Page, PollRequest
    from tests.torture.scene import Scene


async def a_source_that_raises_in_the_middle(scene: Scene) -> None:
    errors = [Unavailable("away"), RateLimited("too many", 5.0), ValueError("555-0100"), KeyError("Ada")]
    for error in errors:
        pages = [page(record(f"{n}a"), record(f"{n}b"), last=False) for n in range(4)]
        breaks = scene.random.randrange(0, 5)
        script = [*pages[:breaks], error, *pages[breaks:]]
        source = ScriptedSource(script)
        world = scene.world(source)
        result = await scene.poll(world, fails="")
        assert "555" not in str(result.error), "a value of somebody's record is in an error"
        scene.expect(world, {f"{n}{x}": "Ada" for n in range(breaks) for x in "ab"})
        source.script = [*pages[:-1], page(record("3a"), record("3b"))]
        await scene.poll(world)
        await scene.poll(world)
        scene.expect(world, {f"{n}{x}": "Ada" for n in range(4) for x in "ab"})
        assert source.closed == len(source.requests), "a poll was not closed"


async def a_source_that_ends_without_a_last_page(scene: Scene) -> None:
    world = scene.world(ScriptedSource([page(record("1"), last=False), page(record("2"), last=False)]))
    for _ in range(3):
        scene.fault()
        await scene.poll(world)
    scene.expect(world, {"1": "Ada", "2": "Ada"})


async def the_same_page_a_thousand_times(scene: Scene) -> None:
    same = page(record("1"), record("2", "Bea"), last=False)
    world = scene.world(ScriptedSource([same] * 1000 + [page(record("3"))]))
    scene.fault()
    await scene.poll(world)
    scene.expect(world, {"1": "Ada", "2": "Bea", "3": "Ada"})


class _Hanging(ScriptedSource):
    """Hangs after its first page until it is cancelled, and is well the next time."""

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        async for each in super().poll(request):
            yield each
            if len(self.requests) == 1:
                await asyncio.Event().wait()


async def a_source_that_hangs_until_it_is_cancelled(scene: Scene) -> None:
    source = _Hanging([page(record("1"), last=False), page(record("2"))])
    world = scene.world(source)
    try:
        async with asyncio.timeout(0.3):
            await world.sync()
    except TimeoutError:
        scene.fault()
    await world.deliver()
    scene.expect(world, {"1": "Ada"})
    await scene.poll(world)
    scene.expect(world, {"1": "Ada", "2": "Ada"})
    assert source.closed == 2, "a poll that hung was not closed"


async def records_that_change_while_they_are_read(scene: Scene) -> None:
    table = RestlessTable(page_size=3)
    wanted: dict[str, str] = {}
    clock = iter(range(1, 100_000))

    def write(key: str) -> None:
        now = next(clock)
        wanted[key] = f"Ada {now}"
        table.put(key, wanted[key], at(now))

    keys = "abcdefghijklmnopqrst"
    for key in keys:
        write(key)
    world = scene.world(table)
    for _ in range(5):
        left = [12]

        def change(left: list[int] = left) -> None:
            if left[0]:
                left[0] -= 1
                scene.fault()
                write(scene.random.choice(keys))

        with on_every_page(world, change):
            await scene.poll(world)
    await scene.poll(world)
    scene.expect(world, wanted)


async def a_table_that_is_away_and_comes_back_empty(scene: Scene) -> None:
    table = ScriptedTable()
    for number in range(10):
        table.put(str(number), "Ada", at(number))
    world = scene.world(table)
    await scene.poll(world)
    rows, table.rows = dict(table.rows), {}
    scene.fault()
    await scene.poll(world)
    table.rows = rows
    await scene.poll(world)
    scene.expect(world, {str(number): "Ada" for number in range(10)})


CASES = (
    a_source_that_raises_in_the_middle,
    a_source_that_ends_without_a_last_page,
    the_same_page_a_thousand_times,
    a_source_that_hangs_until_it_is_cancelled,
    records_that_change_while_they_are_read,
    a_table_that_is_away_and_comes_back_empty,
)
