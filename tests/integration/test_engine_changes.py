"""Which records count as changed, over a real store: what is sent, and above all what is not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sources.base import Record
from sync.states import State
from tests.engine_world import MAPPING, World
from tests.scripted_source import ScriptedTable, at

if TYPE_CHECKING:
    from sync.store.store import Store

WITHOUT_SMALL = "where: \"size != 'small'\"\n" + MAPPING
BROKEN = MAPPING.replace("phoneNumber: phone", "phoneNumber: no_such_column")
OTHER = MAPPING + "custom:\n  campaign: { value: spring }\n"


@pytest.fixture
def table(world: World) -> ScriptedTable:
    assert isinstance(world.source, ScriptedTable)
    return world.source


async def _accept(world: World) -> None:
    await world.sync()
    await world.deliver()
    world.sent.clear()


async def test_p2_what_is_unchanged_is_not_sent_again(world: World, table: ScriptedTable) -> None:
    for number in range(7):
        table.put(str(number), f"Ada {number}", at(number))
    first = await world.sync()
    assert (first.counts.new, first.counts.staged) == (7, 7)
    assert len(await world.deliver()) == 7
    world.lookback = timedelta(hours=1)
    again = await world.sync()
    assert (again.counts.polled, again.counts.unchanged, again.counts.staged) == (7, 7, 0)
    assert await world.deliver() == []


async def test_a_changed_record_is_sent_once(world: World, table: ScriptedTable) -> None:
    table.put("7", "Ada", at(1))
    await _accept(world)
    table.put("7", "Bea", at(2))
    assert (await world.sync()).counts.changed == 1
    assert await world.deliver() == [("7", "Bea")]
    assert await world.versions() == {State.ACCEPTED: 2}


async def test_p2_rows_that_share_the_position_s_time_are_all_seen(
    world: World, table: ScriptedTable
) -> None:
    table.put("a", "Ada", at(5))
    await _accept(world)
    table.put("b", "Bea", at(5))
    table.put("0", "Zoe", at(5))
    await world.sync()
    assert sorted(await world.deliver()) == [("0", "Zoe"), ("b", "Bea")]


async def test_p1_a_row_that_commits_late_is_seen_in_the_lookback(world: World, table: ScriptedTable) -> None:
    world.lookback = timedelta(minutes=10)
    table.put("a", "Ada", at(1000))
    await _accept(world)
    table.put("late", "Bea", at(700))
    await world.sync()
    assert await world.deliver() == [("late", "Bea")]


async def test_p2_back_to_what_was_accepted_sends_nothing(world: World, table: ScriptedTable) -> None:
    table.put("7", "A", at(1))
    await _accept(world)
    table.put("7", "B", at(2))
    await world.sync()
    table.put("7", "A", at(3))
    assert (await world.sync()).counts.changed == 1
    assert await world.deliver() == []
    assert await world.versions() == {State.ACCEPTED: 1, State.SUPERSEDED: 1}
    assert await world.stands() == {"7": State.ACCEPTED}
    table.put("7", "B", at(4))
    await world.sync()
    assert await world.deliver() == [("7", "B")]


async def test_p4_back_while_the_other_is_in_the_air_is_sent_after_it(
    world: World, table: ScriptedTable
) -> None:
    table.put("7", "A", at(1))
    await _accept(world)
    table.put("7", "B", at(2))
    await world.sync()
    flying = await world.claim()
    table.put("7", "A", at(3))
    await world.sync()
    assert await world.claim() == [], "nothing goes while the lead is in the air"
    await world.settle(flying, State.ACCEPTED)
    await world.deliver()
    assert world.sent == [("7", "B"), ("7", "A")]


async def test_p4_back_after_an_unanswered_request_is_sent(world: World, table: ScriptedTable) -> None:
    """The endpoint may have B: only sending A again makes it say what the source says."""
    table.put("7", "A", at(1))
    await _accept(world)
    table.put("7", "B", at(2))
    await world.sync()
    await world.settle(await world.claim(), State.PENDING, outcome="unknown", due_at=0.0, repeats=1)
    table.put("7", "A", at(3))
    await world.sync()
    assert await world.deliver() == [("7", "A")]


async def test_p2_back_after_it_was_put_off_sends_nothing(world: World, table: ScriptedTable) -> None:
    table.put("7", "A", at(1))
    await _accept(world)
    table.put("7", "B", at(2))
    await world.sync()
    await world.settle(await world.claim(), State.PENDING, outcome="later", due_at=0.0)
    table.put("7", "A", at(3))
    await world.sync()
    assert await world.deliver() == []


async def test_p1_back_while_the_other_is_accepted_behind_our_back_is_sent(
    world: World, table: ScriptedTable, store: Store
) -> None:
    """B is accepted after the ledger was read for comparing and before the page is staged."""
    table.put("7", "A", at(1))
    await _accept(world)
    table.put("7", "B", at(2))
    await world.sync()
    flying = await world.claim()
    table.put("7", "A", at(3))
    run = world.run()
    whole = run._decide

    async def late(*asked):
        decisions = await whole(*asked)
        await world.settle(flying, State.ACCEPTED)
        return decisions

    run._decide = late  # type: ignore[method-assign]
    assert await store.acquire("source:crm")
    await run.run()
    assert await world.deliver() == [("7", "A")]


@pytest.mark.parametrize("state", [State.REJECTED, State.UNKNOWN])
async def test_what_was_refused_or_unanswered_is_not_staged_again_unchanged(
    world: World, table: ScriptedTable, state: State
) -> None:
    table.put("7", "A", at(1))
    await world.sync()
    await world.settle(await world.claim(), state)
    assert (await world.sync()).counts.unchanged == 1
    assert await world.versions() == {state: 1}


async def test_p4_a_rejected_version_gives_way_to_a_newer_one(world: World, table: ScriptedTable) -> None:
    table.put("7", "A", at(1))
    await world.sync()
    await world.settle(await world.claim(), State.REJECTED)
    table.put("7", "B", at(2))
    await world.sync()
    assert await world.deliver() == [("7", "B")]
    assert await world.versions() == {State.SUPERSEDED: 1, State.ACCEPTED: 1}


async def test_p4_a_stale_replica_stages_nothing(world: World, table: ScriptedTable) -> None:
    table.put("7", "New", at(50))
    table.put("8", "Eva", at(60))
    await _accept(world)
    table.put("7", "Old", at(40))
    world.lookback = timedelta(hours=1)
    result = await world.sync()
    assert (result.counts.stale, result.counts.staged) == (1, 0)
    assert await world.deliver() == []


async def test_p4_a_touched_record_is_known_by_its_newest_time(world: World, table: ScriptedTable) -> None:
    table.put("7", "A", at(10))
    await _accept(world)
    table.touch("7", at(90))
    assert (await world.sync()).counts.unchanged == 1
    table.put("7", "Older", at(50))
    world.lookback = timedelta(hours=1)
    assert (await world.sync()).counts.stale == 1
    assert await world.deliver() == []


async def test_p5_an_edited_mapping_sends_nothing_by_itself(world: World, table: ScriptedTable) -> None:
    for number in range(5):
        table.put(str(number), f"Ada {number}", at(number))
    await _accept(world)
    world.edit(OTHER)
    for number in range(5):
        table.touch(str(number), at(100 + number))
    result = await world.sync()
    assert (result.counts.unchanged, result.counts.staged) == (5, 0)
    assert await world.deliver() == []
    table.put("3", "Bea", at(200))
    await world.sync()
    assert await world.deliver() == [("3", "Bea")]


async def test_p5_rebasing_keeps_where_a_lead_stands(world: World, table: ScriptedTable) -> None:
    world.first_sync = "now"
    table.put("adopted", "Ada", at(1))
    world.lookback = timedelta(hours=1)
    await world.sync()
    table.put("accepted", "Bea", at(2))
    await world.sync()
    await world.deliver()
    table.put("pending", "Eva", at(3))
    await world.sync()
    world.edit(OTHER)
    await world.sync()
    expected = {"adopted": State.ADOPTED, "accepted": State.ACCEPTED, "pending": State.PENDING}
    assert await world.stands() == expected
    assert await world.deliver() == [("pending", "Eva")]


async def test_p2_back_to_what_an_older_mapping_sent_sends_nothing(
    world: World, table: ScriptedTable
) -> None:
    table.put("7", "A", at(1))
    await _accept(world)
    table.put("7", "B", at(2))
    await world.sync()
    world.edit(OTHER)
    await world.sync()
    table.put("7", "A", at(3))
    await world.sync()
    assert await world.deliver() == []
    assert await world.stands() == {"7": State.ACCEPTED}


async def test_p5_a_widened_where_sends_nothing_by_itself(world: World, table: ScriptedTable) -> None:
    world.edit(WITHOUT_SMALL)
    table.put("s", "Ada", at(1), size="small")
    table.put("b", "Bea", at(2), size="big")
    first = await world.sync()
    assert (first.counts.skipped, first.counts.staged) == (1, 1)
    await world.deliver()
    world.sent.clear()
    world.edit(MAPPING)
    world.lookback = timedelta(hours=1)
    table.touch("s", at(3))
    await world.sync()
    assert await world.deliver() == []
    assert await world.stands() == {"s": State.ADOPTED, "b": State.ACCEPTED}
    table.put("s", "Eva", at(4), size="small")
    await world.sync()
    assert await world.deliver() == [("s", "Eva")]


async def test_a_narrowed_where_stops_what_waits(world: World, table: ScriptedTable) -> None:
    table.put("s", "Ada", at(1), size="small")
    await world.sync()
    world.edit(WITHOUT_SMALL)
    assert (await world.sync()).counts.skipped == 1
    assert await world.deliver() == []
    assert await world.stands() == {"s": State.SKIPPED}
    assert await world.versions() == {State.SUPERSEDED: 1}


async def test_p5_narrowed_and_widened_again_sends_nothing(world: World, table: ScriptedTable) -> None:
    table.put("s", "Ada", at(1), size="small")
    await _accept(world)
    world.edit(WITHOUT_SMALL)
    await world.sync()
    world.edit(OTHER)
    await world.sync()
    assert await world.deliver() == []


async def test_a_skipped_record_that_changes_to_pass_is_sent(world: World, table: ScriptedTable) -> None:
    world.edit(WITHOUT_SMALL)
    table.put("7", "Ada", at(1), size="small")
    await world.sync()
    table.put("7", "Ada", at(2), size="big")
    assert (await world.sync()).counts.new == 1
    assert await world.deliver() == [("7", "Ada")]


async def test_p6_an_invalid_record_is_set_aside_and_mapped_again_after_an_edit(
    world: World, table: ScriptedTable
) -> None:
    table.put("bad", "Ada", at(1), phone="none", telephone="(804) 555-0111")
    table.put("good", "Bea", at(2))
    result = await world.sync()
    assert (result.counts.invalid, result.counts.staged) == (1, 1)
    assert await world.deliver() == [("good", "Bea")]
    del table.rows["bad"]
    assert (await world.sync()).counts.invalid == 0, "the same mapping is not tried again"
    world.edit(MAPPING.replace("phoneNumber: phone", "phoneNumber: telephone"))
    assert (await world.sync()).counts.new == 1
    assert await world.deliver() == [("bad", "Ada")]
    assert await world.versions() == {State.ACCEPTED: 2, State.SUPERSEDED: 1}


async def test_p6_an_invalid_record_is_read_again_for_a_column_that_an_edit_names_first(
    world: World, table: ScriptedTable
) -> None:
    table.selects = True
    table.put("bad", "Ada", at(1), phone=None, landline="(804) 555-0111")
    table.put("gone", "Cleo", at(2), phone=None, landline="(804) 555-0112")
    assert (await world.sync()).counts.invalid == 2
    del table.rows["gone"]
    world.edit(MAPPING.replace("phoneNumber: phone", "phoneNumber: [phone, landline]"))
    result = await world.sync()
    assert (result.counts.new, result.counts.invalid) == (1, 1)
    assert table.fetched == ["bad", "gone"]
    assert await world.deliver() == [("bad", "Ada")]
    await world.sync()
    assert table.fetched == ["bad", "gone"], "asked once for each edit"


async def test_p5_a_mapping_broken_and_mended_sends_nothing(world: World, table: ScriptedTable) -> None:
    table.put("7", "Ada", at(1))
    await _accept(world)
    world.edit(BROKEN)
    await world.sync()
    world.edit(OTHER)
    await world.sync()
    assert await world.deliver() == []
    assert await world.stands() == {"7": State.ACCEPTED}


async def test_what_a_person_put_away_is_sent_when_it_changes_only(
    world: World, table: ScriptedTable
) -> None:
    from sync.store.actions.discard import discard
    from sync.store.views.selection import Selection

    table.put("7", "Ada", at(1))
    await world.sync()
    await world.store.write(lambda connection: discard(connection, Selection(), world.store.clock()))
    world.edit(OTHER)
    assert (await world.sync()).counts.staged == 0
    assert await world.stands() == {"7": State.DISCARDED}
    table.put("7", "Bea", at(2))
    await world.sync()
    assert await world.deliver() == [("7", "Bea")]


async def test_p6_whatever_a_record_holds_harms_no_other(world: World, table: ScriptedTable) -> None:
    deep: list[object] = []
    for _ in range(3000):
        deep = [deep]
    strange = {
        "wide": 2**70,
        "huge": 10**5000,
        "half": "\ud800",
        "nul": "\0",
        "deep": deep,
        "bytes": b"\0\xff",
    }
    world.edit(MAPPING + 'custom:\n  all: { expr: "record.wide" }\n')
    table.rows = {
        "1": Record("1", {"name": "Ada", "phone": "none", **strange}, at(1), "row 1"),
        "2": Record("nul\0", {"name": "Bea", "phone": "(804) 555-0100"}, at(2), "row 2"),
        "3": Record("half\ud800", {"name": "Cia", "phone": "(804) 555-0100"}, at(3), "\udcff.csv, row 3"),
        "4": Record("long" * 1000, {"name": "Dea", "phone": "(804) 555-0100"}, at(4), "row 4"),
        "5": Record("", {"name": "Eva", "phone": "(804) 555-0100"}, at(5), "row 5"),
    }
    table.put("good", "Zoe", at(6))
    table.page_size = 10
    result = await world.sync()
    assert (result.counts.invalid, result.counts.staged, result.error) == (5, 1, None)
    assert await world.deliver() == [("good", "Zoe")]
    assert (await world.sync()).error is None
