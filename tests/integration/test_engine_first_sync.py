"""The first sync: what is taken over, what is sent, and that a kill in the middle changes neither."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sources.base import Record
from sources.errors import BadConfig, Unavailable
from sources.position import Position
from sources.units import parse_rate
from sync.states import State
from tests.scripted_source import Killed, ScriptedSource, ScriptedTable, at, page, record

if TYPE_CHECKING:
    from tests.engine_world import World


@pytest.fixture
def table(world: World) -> ScriptedTable:
    assert isinstance(world.source, ScriptedTable)
    for number in range(1, 9):
        world.source.put(str(number), f"Ada {number}", at(number * 100))
    world.source.page_size = 2
    return world.source


async def test_p5_now_adopts_what_the_lookback_holds_and_sends_what_comes(
    world: World, table: ScriptedTable
) -> None:
    world.first_sync, world.lookback = "now", timedelta(seconds=250)
    result = await world.sync()
    assert (result.counts.polled, result.counts.adopted, result.counts.staged) == (3, 3, 0)
    assert await world.deliver() == []
    assert await world.stands() == dict.fromkeys("678", State.ADOPTED)
    table.put("late", "Bea", at(790))
    table.put("new", "Cia", at(900))
    await world.sync()
    assert sorted(await world.deliver()) == [("late", "Bea"), ("new", "Cia")]


async def test_p5_what_comes_between_asking_and_reading_is_sent(world: World, table: ScriptedTable) -> None:
    world.first_sync, world.lookback = "now", timedelta(seconds=150)
    latest = await table.latest()
    table.put("new", "Cia", at(801))

    async def latest_before() -> Position | None:
        return latest

    table.latest = latest_before  # type: ignore[method-assign]
    await world.sync()
    assert await world.deliver() == [("new", "Cia")]


async def test_p5_a_snapshot_is_adopted_whole(world: World) -> None:
    world.first_sync = "now"
    rows = [record(str(number)) for number in range(4)]
    world.source = ScriptedSource([page(*rows, position=Position(token="1"))])
    assert (await world.sync()).counts.adopted == 4
    world.source = ScriptedSource([page(*rows, record("new", "Bea"), position=Position(token="2"))])
    await world.sync()
    assert await world.deliver() == [("new", "Bea")]


async def test_p5_a_date_adopts_what_is_before_it(world: World, table: ScriptedTable) -> None:
    world.first_sync, world.lookback = at(500), timedelta(seconds=100)
    result = await world.sync()
    assert (result.counts.adopted, result.counts.staged) == (1, 4)
    assert [key for key, _ in await world.deliver()] == list("5678")


async def test_p5_a_date_goes_by_the_lead_where_the_record_has_no_time(world: World) -> None:
    world.first_sync = at(500)
    old, new = ({"name": "Bea", "phone": "(804) 555-0100", "changed": at(t).isoformat()} for t in (499, 500))
    rows = [Record("old", old), Record("new", new), record("neither", "Cia")]
    world.source = ScriptedSource([page(*rows, position=Position(token="1"))])
    result = await world.sync()
    assert (result.counts.adopted, result.counts.staged) == (2, 1)
    assert await world.deliver() == [("new", "Bea")]


async def test_a_date_wants_a_cursor_that_is_a_time(world: World, table: ScriptedTable) -> None:
    async def latest() -> Position:
        return Position(17)

    table.latest = latest  # type: ignore[method-assign]
    world.first_sync = at(500)
    result = await world.sync()
    assert isinstance(result.cause, BadConfig)
    assert result.cause.setting == "first_sync"


@pytest.mark.parametrize("dies_after", [0, 1, 2])
@pytest.mark.parametrize("first_sync", ["now", "everything", at(500)], ids=["now", "everything", "date"])
async def test_p1_p5_a_killed_first_sync_goes_on_as_it_began(
    world: World, table: ScriptedTable, first_sync: object, dies_after: int
) -> None:
    world.first_sync = first_sync  # type: ignore[assignment]
    world.lookback = timedelta(seconds=550)
    world.max_sends = parse_rate("100/h")
    table.dies_after = dies_after
    with pytest.raises(Killed):
        await world.sync()
    table.dies_after = None
    table.put("new", "Bea", at(900))
    await world.sync()
    sent = {key for key, _ in await world.deliver()}
    expected = {"now": {"new"}, "everything": {*"12345678", "new"}}.get(str(first_sync), {*"5678", "new"})
    assert sent == expected
    assert (await world.progress()).first_sync is None
    assert (await world.sync()).counts.staged == 0


async def test_p5_a_first_sync_that_fails_at_once_is_still_the_first(world: World) -> None:
    world.first_sync = "now"
    world.source = ScriptedSource([Unavailable("no answer")])
    assert (await world.sync()).error == "no answer"
    world.source = ScriptedSource([page(record("1"), position=Position(token="1"))])
    assert (await world.sync()).counts.adopted == 1


async def test_a_source_that_ends_without_a_last_page_was_read_to_its_end(world: World) -> None:
    world.first_sync = "now"
    world.source = ScriptedSource([page(record("1"), last=False)])
    assert (await world.sync()).counts.adopted == 1
    assert (await world.progress()).first_sync is None


async def test_p5_invalid_records_of_the_first_sync_are_adopted_too(world: World) -> None:
    world.first_sync = "now"
    bad = record("bad", phone="none")
    world.source = ScriptedSource([page(bad, position=Position(token="1"))])
    assert (await world.sync()).counts.adopted == 1
    assert await world.stands() == {"bad": State.ADOPTED}


async def test_a_stopped_run_goes_on_from_its_last_page(world: World, table: ScriptedTable) -> None:
    run = world.run()
    world.events = []
    run._tell.observers.append(lambda _event: run.stop())
    assert await world.store.acquire("source:crm")
    assert (await run.run()).counts.polled == 2
    await world.store.release("source:crm")
    assert (await world.progress()).first_sync == {"everything": True}
    await world.sync()
    assert len(await world.deliver()) == 8
    assert table.asked[-1] == Position(at(200))
