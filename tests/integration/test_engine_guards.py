"""What keeps a source from sending too much: `max_sends`, released runs, and keys that are places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.base import Page, Record
from sources.errors import BadRecord, Unavailable
from sources.position import Position
from sources.units import parse_rate
from sync.events import RunFinished, Said
from sync.states import State
from sync.store import tables
from sync.store.actions.approve import approve
from sync.store.ledger import content_is_known
from sync.store.staging import supersede
from sync.store.views.selection import Selection
from tests.engine_world import MAPPING, Clock, World
from tests.scripted_source import Killed, ScriptedSource, ScriptedTable, at, page, record

if TYPE_CHECKING:
    from sync.ledger import Progress


@pytest.fixture
def table(world: World) -> ScriptedTable:
    """A table whose first sync is over."""
    assert isinstance(world.source, ScriptedTable)
    world.max_sends = parse_rate("3/h")
    return world.source


def _fill(table: ScriptedTable, first: int, last: int) -> None:
    for number in range(first, last + 1):
        table.put(f"{number:03}", f"Ada {number}", at(number))


async def _begin(world: World, table: ScriptedTable) -> None:
    table.put("000", "Zoe", at(0))
    await world.sync()
    await world.deliver()


async def test_p5_everything_is_not_asked_about_twice(world: World, table: ScriptedTable) -> None:
    _fill(table, 1, 10)
    result = await world.sync()
    assert (result.counts.staged, result.counts.held, result.held_reason) == (10, 0, None)
    assert len(await world.deliver()) == 10
    _fill(table, 11, 13)
    assert (await world.sync()).held_reason is None, "what was asked for does not count"


async def test_p5_too_many_are_held_before_the_first_of_them_is_sent(
    world: World, table: ScriptedTable
) -> None:
    await _begin(world, table)
    _fill(table, 1, 4)
    claimed_meanwhile = []
    run = world.run()
    stage = run._ledger.stage

    async def look(staging):
        await stage(staging)
        claimed_meanwhile.extend(await world.claim())

    run._ledger.stage = look  # type: ignore[method-assign]
    assert await world.store.acquire("source:crm")
    result = await run.run()
    await world.store.release("source:crm")
    assert claimed_meanwhile == []
    assert result.held_reason == "4 leads would be sent, and max_sends is 3/h"
    assert (result.counts.held, result.counts.staged) == (4, 0)
    assert await world.deliver() == []
    assert await world.versions() == {State.ACCEPTED: 1, State.HELD: 4}
    assert (await world.column(tables.run.c.counts))[-1]["held"] == 4


async def test_p5_what_was_sent_within_the_window_counts(
    world: World, table: ScriptedTable, clock: Clock
) -> None:
    await _begin(world, table)
    _fill(table, 1, 2)
    assert (await world.sync()).held_reason is None
    await world.deliver()
    clock.now += 60
    _fill(table, 3, 4)
    assert (
        await world.sync()
    ).held_reason == "2 leads would be sent on top of 2 before, and max_sends is 3/h"
    clock.now += 3600
    _fill(table, 5, 7)
    assert (await world.sync()).held_reason is None
    assert len(await world.deliver()) == 3


async def test_what_is_approved_goes_and_does_not_count(world: World, table: ScriptedTable) -> None:
    await _begin(world, table)
    _fill(table, 1, 5)
    await world.sync()
    await world.store.write(lambda connection: approve(connection, Selection(), world.store.clock()))
    assert len(await world.deliver()) == 5
    _fill(table, 6, 8)
    assert (await world.sync()).held_reason is None


async def test_p4_a_held_version_gives_way_to_a_newer_one(world: World, table: ScriptedTable) -> None:
    await _begin(world, table)
    _fill(table, 1, 4)
    await world.sync()
    table.put("002", "Newest", at(50))
    assert (await world.sync()).held_reason is None
    assert await world.deliver() == [("002", "Newest")]
    assert await world.versions() == {State.ACCEPTED: 2, State.HELD: 3, State.SUPERSEDED: 1}


async def test_p5_a_mended_mapping_does_not_blast_either(world: World, table: ScriptedTable) -> None:
    await _begin(world, table)
    for number in range(1, 6):
        table.put(f"{number:03}", "Ada", at(number), phone="none", telephone="(804) 555-0111")
    assert (await world.sync()).counts.invalid == 5
    world.edit(MAPPING.replace("phoneNumber: phone", "phoneNumber: telephone"))
    result = await world.sync()
    assert result.held_reason == "5 leads would be sent, and max_sends is 3/h"
    assert await world.deliver() == []


@pytest.mark.parametrize("more", [0, 3], ids=["and the next finds nothing", "and the next finds more"])
async def test_p1_what_a_killed_run_left_is_released_or_held_by_the_next(
    world: World, table: ScriptedTable, more: int
) -> None:
    await _begin(world, table)
    _fill(table, 1, 4)
    table.dies_after, table.page_size = 1, 2
    with pytest.raises(Killed):
        await world.sync()
    assert await world.deliver() == [], "its run is not finished"
    table.dies_after = None
    table.rows.clear()
    _fill(table, 5, 4 + more)
    result = await world.sync()
    if more:
        assert result.held_reason == "4 leads would be sent, and max_sends is 3/h"
        assert await world.deliver() == []
    else:
        assert await world.deliver() == [("001", "Ada 1")]


async def test_a_run_that_breaks_off_lets_go_what_it_staged(world: World) -> None:
    world.max_sends = parse_rate("100/h")
    world.first_sync = at(0)
    first = page(record("1", changed=at(1)), position=Position(at(1), ("1",)), last=False)
    world.source = ScriptedSource([first, Unavailable("the database does not answer")])
    result = await world.sync()
    assert result.error == "the database does not answer"
    assert isinstance(world.events[-1], RunFinished)
    assert world.events[-1].error == result.error
    assert await world.deliver() == [("1", "Ada")]
    assert (await world.progress()).position == Position(at(1), ("1",))
    assert world.source.closed == 1


async def test_a_bug_in_an_adapter_is_told_as_one_without_its_values(world: World) -> None:
    first = page(record("1", changed=at(1)), position=Position(at(1)), last=False)
    world.source = ScriptedSource([first, ValueError("ada@example.com is no number")])
    result = await world.sync()
    assert result.error is not None
    assert "the adapter scripted failed with ValueError at scripted_source.py:" in result.error
    assert "example.com" not in result.error
    assert await world.deliver() == [("1", "Ada")]
    assert await world.column(tables.run.c.outcome) == ["failed"]


# ---- keys that are places -------------------------------------------------------------------


def _sheet(*names: str, token: str, per_page: int = 2) -> list[Page]:
    rows = [record(str(number), name) for number, name in enumerate(names, 2)]
    pages = [rows[n : n + per_page] for n in range(0, len(rows), per_page)] or [[]]
    position = Position(token=token)
    last = len(pages) - 1
    return [
        page(*some, position=position if n == last else None, last=n == last) for n, some in enumerate(pages)
    ]


async def _read(world: World, *names: str, token: str) -> str | None:
    world.source = ScriptedSource(_sheet(*names, token=token), keys_are_places=True)
    return (await world.sync()).held_reason


@pytest.fixture
async def sheet(world: World) -> World:
    """A sheet with `key: row` of which five rows were sent."""
    assert await _read(world, "Ada", "Bea", "Cia", "Dea", "Eva", token="1") is None
    assert len(await world.deliver()) == 5
    world.sent.clear()
    return world


async def test_rows_added_at_the_end_are_sent(sheet: World) -> None:
    assert await _read(sheet, "Ada", "Bea", "Cia", "Dea", "Eva", "Zoe", token="2") is None
    assert await sheet.deliver() == [("7", "Zoe")]


async def test_p5_a_row_deleted_in_the_middle_holds_the_run(sheet: World) -> None:
    reason = await _read(sheet, "Ada", "Cia", "Dea", "Eva", token="2")
    assert reason is not None
    assert "rows have moved" in reason
    assert await sheet.deliver() == []
    assert any(isinstance(event, Said) and event.warning for event in sheet.events)


async def test_p5_a_row_inserted_at_the_top_holds_what_pages_before_staged(sheet: World) -> None:
    """The new row fills the first page, in which nothing that is known has moved yet."""
    sheet.source = ScriptedSource(
        _sheet("New", "Ada", "Bea", "Cia", "Dea", "Eva", token="2", per_page=1), keys_are_places=True
    )
    assert (await sheet.sync()).counts.held == 6
    assert await sheet.deliver() == []


async def test_p5_the_last_row_deleted_holds_what_else_changed(sheet: World) -> None:
    reason = await _read(sheet, "Ada", "Bob", "Cia", "Dea", token="2")
    assert reason is not None
    assert "rows have gone" in reason
    assert await sheet.deliver() == []
    assert await _read(sheet, "Ada", "Bob", "Cia", "Dea", token="3") is None


async def test_p5_rows_that_moved_while_the_mapping_was_edited_are_held(sheet: World) -> None:
    sheet.edit(MAPPING + "custom:\n  campaign: { value: spring }\n")
    assert await _read(sheet, "New", "Ada", "Bea", "Cia", "Dea", "Eva", token="2") is not None
    assert await sheet.deliver() == []


async def test_an_unchanged_sheet_is_not_taken_for_an_empty_one(sheet: World) -> None:
    before: Progress = await sheet.progress()
    sheet.source = ScriptedSource([page(position=Position(token="1"))], keys_are_places=True)
    assert (await sheet.sync()).held_reason is None
    assert (await sheet.progress()).places == before.places == 5
    assert await _read(sheet, "Bea", token="2") is not None


async def test_p5_a_sheet_that_could_not_be_read_to_its_end_lets_nothing_go(sheet: World) -> None:
    rows = _sheet("New", "Ada", "Bea", token="2", per_page=1)
    sheet.source = ScriptedSource([rows[0], Unavailable("the file is being written")], keys_are_places=True)
    assert (await sheet.sync()).error == "the file is being written"
    assert await sheet.deliver() == []
    assert await _read(sheet, "New", "Ada", "Bea", "Cia", "Dea", "Eva", token="3") is not None
    assert await sheet.deliver() == []


# ---- items that can't be a lead of their own -------------------------------------------------


async def test_a_second_record_with_a_key_is_invalid_and_both_are_named(world: World) -> None:
    twice = [record("7", "Ada"), Record("7", {"name": "Bea", "phone": "(804) 555-0101"}, None, "row 9")]
    world.source = ScriptedSource([page(*twice, position=Position(token="1"))])
    result = await world.sync()
    assert (result.counts.staged, result.counts.invalid) == (1, 1)
    assert "row 9 has the same key as row 7" in await world.column(tables.version.c.reason)
    assert await world.deliver() == [("7", "Ada")]
    await world.sync()
    assert await world.versions() == {State.ACCEPTED: 1, State.INVALID: 1}


async def test_p5_duplicates_and_items_without_key_are_no_mapping_s_to_mend(world: World) -> None:
    bad = BadRecord("has no key", "row 3", {"name": "Eva", "phone": "(804) 555-0101"})
    rows = page(record("7", "Ada"), record("7", "Bea"), position=Position(token="1"), bad=[bad])
    world.source = ScriptedSource([rows])
    await world.sync()
    await world.deliver()
    world.edit(MAPPING + "custom:\n  campaign: { value: spring }\n")
    world.sent.clear()
    await world.sync()
    assert await world.deliver() == []


async def test_what_the_source_mended_is_put_away(world: World) -> None:
    bad = BadRecord("has no key", "row 3", {"name": "Eva"})
    world.source = ScriptedSource([page(record("7"), position=Position(token="1"), bad=[bad])])
    assert (await world.sync()).counts.invalid == 1
    world.source = ScriptedSource([page(position=Position(token="1"))])
    await world.sync()
    assert (await world.versions())[State.INVALID] == 1, "the file was not read"
    world.source = ScriptedSource([page(record("7"), position=Position(token="2"))])
    await world.sync()
    assert await world.versions() == {State.PENDING: 1, State.SUPERSEDED: 1}
    world.source = ScriptedSource([page(record("7"), position=Position(token="3"), bad=[bad])])
    assert (await world.sync()).counts.invalid == 1


async def test_items_put_away_by_a_person_stay_away(world: World) -> None:
    from sync.store.actions.discard import discard

    bad = BadRecord("has no key", "row 3", {"name": "Eva"})
    world.source = ScriptedSource([page(position=Position(token="1"), bad=[bad])])
    await world.sync()
    await world.store.write(lambda connection: discard(connection, Selection(), world.store.clock()))
    assert (await world.sync()).counts.invalid == 0
    assert set((await world.stands()).values()) == {State.DISCARDED}


async def test_the_overlap_within_one_poll_is_no_duplicate(world: World) -> None:
    first = page(record("7", "Ada", at(1)), position=Position(at(1)), last=False)
    again = page(record("7", "Ada", at(1)), record("8", "Bea", at(2)), position=Position(at(2)))
    world.source = ScriptedSource([first, again])
    result = await world.sync()
    assert (result.counts.invalid, result.counts.staged, result.counts.unchanged) == (0, 2, 1)


async def test_a_record_that_changes_while_it_is_read_is_sent_as_it_is_at_last(world: World) -> None:
    first = page(record("7", "Ada", at(1)), position=Position(at(1)), last=False)
    again = page(record("7", "Bea", at(5)), position=Position(at(5)))
    world.source = ScriptedSource([first, again])
    await world.sync()
    assert await world.deliver() == [("7", "Bea")]


async def test_p9_a_page_of_any_size_is_staged(world: World) -> None:
    for name, counted in (("Ada", "new"), ("Bea", "changed"), ("Ada", "changed")):
        rows = [record(str(number), name, at(1)) for number in range(2500)]
        world.source = ScriptedSource([page(*rows, position=Position(at(1)))])
        assert getattr((await world.sync()).counts, counted) == 2500
    assert await world.versions() == {State.PENDING: 2500, State.SUPERSEDED: 5000}


async def test_p9_no_list_is_too_long_for_one_question(world: World) -> None:
    many = 70_000  # more than either database takes in one statement
    keys = [str(number) for number in range(many)]
    assert await world.known(*keys) == {}
    assert (
        await world.store.read(
            lambda connection: content_is_known(connection, world.scope, [key.encode() for key in keys])
        )
        is False
    )
    await world.store.write(lambda connection: supersede(connection, list(range(many)), 1.0))


async def test_p6_an_item_that_can_be_read_at_last_is_no_longer_set_aside(world: World) -> None:
    late = BadRecord("its time lies in the future", "row 7", {"name": "Ada"}, "7")
    world.source = ScriptedSource([page(bad=[late], position=Position(at=at(1)))])
    await world.sync()
    assert await world.versions() == {State.INVALID: 1}
    world.source = ScriptedSource([page(record("7", changed=at(2)), position=Position(at=at(2)))])
    await world.sync()
    assert await world.versions() == {State.SUPERSEDED: 1, State.PENDING: 1}
