"""P5: a whole read that did not come to its end lets nothing go that a guard has yet to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.errors import Unavailable
from sources.position import Position
from sync.events import PageStaged
from sync.states import State
from tests.scripted_source import ScriptedSource, page, record

if TYPE_CHECKING:
    from sources.base import Page
    from sync.engine import RunResult
    from sync.events import Event
    from tests.engine_world import World

PER_PAGE = 5


def export(leads: int, token: str, name: str = "Ada") -> list[Page]:
    """Return the pages of a file that is read whole."""
    rows = [record(str(number), name) for number in range(leads)]
    pages = [rows[n : n + PER_PAGE] for n in range(0, leads, PER_PAGE)]
    last = len(pages) - 1
    end = Position(token=token)
    return [page(*some, position=end if n == last else None, last=n == last) for n, some in enumerate(pages)]


async def read(world: World, pages: list[Page | Exception], *, places: bool = False) -> RunResult:
    world.source = ScriptedSource(pages, keys_are_places=places)
    return await world.sync()


async def stopped_after_a_page(world: World, pages: list[Page], *, places: bool = False) -> RunResult:
    """Read as a process does that is told to end when it has staged one page."""
    world.source = ScriptedSource(pages, keys_are_places=places)
    assert await world.store.acquire("source:crm")
    try:
        run = world.run()

        def stop(event: Event) -> None:
            if isinstance(event, PageStaged):
                run.stop()

        run._tell.observers.append(stop)
        return await run.run()
    finally:
        await world.store.release("source:crm")


@pytest.fixture
async def known(world: World) -> World:
    """A world that knows an export of forty leads, all of them sent."""
    await read(world, [*export(40, "1")])
    assert len(await world.deliver()) == 40
    return world


async def test_p5_a_stop_does_not_get_past_the_guard_of_a_source_that_shrinks(known: World) -> None:
    result = await stopped_after_a_page(known, export(10, "2", "Wrong"))
    assert (result.counts.staged, result.error) == (5, None)
    assert await known.deliver() == []
    again = await read(known, [*export(10, "2", "Wrong")])
    assert "10 records were read where the last whole read had 40" in str(again.held_reason)
    assert await known.deliver() == []
    assert (await known.versions())[State.HELD] == 10


async def test_p5_nor_does_a_read_that_breaks_off(known: World) -> None:
    first = export(10, "2", "Wrong")[0]
    assert (await read(known, [first, Unavailable("the share is gone")])).error == "the share is gone"
    assert await known.deliver() == []


async def test_p5_nor_does_a_stop_get_past_the_guard_of_places(world: World) -> None:
    await read(world, [*export(6, "1")], places=True)
    await world.deliver()
    await stopped_after_a_page(world, export(7, "2", "Moved"), places=True)
    assert await world.deliver() == []


async def test_p1_what_a_stopped_read_staged_goes_with_the_next_that_comes_to_the_end(known: World) -> None:
    await stopped_after_a_page(known, export(41, "2", "Bea"))
    assert await known.deliver() == []
    assert (await read(known, [*export(41, "2", "Bea")])).held_reason is None
    assert len(await known.deliver()) == 41


async def test_a_source_without_anything_to_guard_lets_go_what_a_stopped_read_staged(world: World) -> None:
    await stopped_after_a_page(world, export(10, "1"))
    assert len(await world.deliver()) == PER_PAGE
