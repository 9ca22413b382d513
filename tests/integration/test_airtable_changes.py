"""What changed in a table of Airtable's: stamps of whole seconds, and lists that are forgotten half-way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sources.base import Position, Window
from sources.errors import Unavailable
from tests.airtable_scene import ago, fill, table
from tests.crm_scene import keys, polled, position_of, records_of
from tests.doubles.airtable import STAMP
from tests.doubles.base import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

LIST = "/listRecords$"
HALF = timedelta(milliseconds=500)


async def test_p1_records_of_one_second_are_read_again_whichever_was_read_last() -> None:
    async with table() as (airtable, source):
        airtable.put("rec1", ago(5) + HALF, name="Lead 1")
        position = position_of(await polled(source))
        assert position == Position(at=ago(5) + HALF)
        airtable.put("rec2", ago(5), name="Lead 2")
        airtable.put("rec3", ago(6), name="Lead 3")
        assert keys(await polled(source, position)) == ["rec1", "rec2"]
    formula = airtable.asked(LIST)[-1].json["filterByFormula"]
    assert formula.startswith(f"OR(IS_AFTER({{{STAMP}}},'2026-03-04T11:54:59.000Z')")


async def test_a_record_that_nobody_has_changed_since_it_was_made_counts_by_that() -> None:
    async with table() as (airtable, source):
        fill(airtable, 3)
        position = position_of(await polled(source))
        airtable.clock.time += timedelta(minutes=1)
        airtable.put("rec9", None, name="New")
        [*_, new] = records_of(await polled(source, position))
    assert (new.key, new.changed) == ("rec9", ago(-1))


async def test_a_window_leaves_out_what_lies_outside() -> None:
    async with table() as (airtable, source):
        fill(airtable, 6)
        assert keys(await polled(source, window=Window(ago(4), ago(2)))) == ["rec3", "rec4"]


async def test_a_filter_and_the_time_of_the_change_are_both_asked_for() -> None:
    async with table(filter="{Status} = 'New'") as (airtable, source):
        airtable.put("rec1", ago(5), Status="New")
        airtable.put("rec2", ago(5), Status="Old")
        airtable.put("rec3", ago(50), Status="New")
        assert keys(await polled(source, Position(at=ago(9)))) == ["rec1"]
        assert keys(await polled(source)) == ["rec1", "rec3"]


async def test_a_name_with_a_brace_is_one_name_in_a_formula() -> None:
    async with table(changed="Last} \\ modified") as (airtable, source):
        airtable.stamp = "Last} \\ modified"
        fill(airtable, 2)
        assert keys(await polled(source, Position(at=ago(1)))) == ["rec2"]


async def test_p1_a_record_that_changes_while_the_list_is_read_moves_no_position_past_others() -> None:
    async with table() as (airtable, source):
        fill(airtable, 9)

        def change() -> None:
            airtable.clock.time += timedelta(minutes=2)
            airtable.put("rec8", airtable.clock.now(), name="Changed")

        airtable.meanwhile = [lambda: None, change]
        found = await polled(source, page_size=3)
        assert [record.fields["name"] for record in records_of(found) if record.key == "rec8"] == ["Changed"]
        assert [page.position for page in found] == [None, None, Position(at=ago(1))]
        assert set(keys(await polled(source, position_of(found)))) == {"rec8", "rec9"}


async def test_a_record_from_the_future_moves_no_position() -> None:
    async with table() as (airtable, source):
        fill(airtable, 2)
        airtable.put("rec9", datetime(2099, 1, 1, tzinfo=UTC), name="Typing error")
        assert position_of(await polled(source)) == Position(at=ago(1))


async def test_p1_a_list_that_is_forgotten_is_begun_anew_without_repeating_what_is_as_it_was() -> None:
    async with table() as (airtable, source):
        fill(airtable, 9)

        def change_and_forget() -> None:
            airtable.put("rec1", ago(0), name="Changed")
            airtable.put("rec10", ago(0), name="New")
            airtable.forget()

        airtable.meanwhile = [lambda: None, change_and_forget]
        found = await polled(source, page_size=3)
    expected = [*(f"rec{number}" for number in range(1, 7)), "rec1", "rec7", "rec8", "rec9", "rec10"]
    assert keys(found) == expected
    assert [page.last for page in found].count(True) == 1


async def test_a_list_that_is_forgotten_again_and_again_is_told() -> None:
    async with table() as (airtable, source):
        fill(airtable, 9)
        airtable.meanwhile = [airtable.forget] * 9
        with pytest.raises(Unavailable, match="forgotten where its list goes on"):
            await polled(source, page_size=3)
    assert len(airtable.asked(LIST)) == 6


async def test_pages_have_a_hundred_records_at_most() -> None:
    async with table() as (airtable, source):
        fill(airtable, 101)
        assert len(keys(await polled(source))) == 101
    asked = [each.json for each in airtable.asked(LIST)]
    assert [(each["pageSize"], "offset" in each) for each in asked] == [(100, False), (100, True)]


async def test_without_a_stamp_the_table_is_read_whole_each_time() -> None:
    async with table(changed=None) as (airtable, source):
        fill(airtable, 5)
        found = await polled(source, page_size=3)
        assert position_of(found) is None
        assert await source.latest() is None
        assert len(keys(await polled(source))) == 5
        assert "read each time" in await source.check()
    assert all("filterByFormula" not in each.json for each in airtable.asked(LIST))


async def test_the_present_is_that_of_airtable() -> None:
    async with table() as (_, source):
        assert await source.latest() == Position(at=ago(0))


@pytest.mark.parametrize("act", [lambda double: None, lambda double: double.records.clear()])
async def test_fetching_asks_for_ids_and_for_nothing_else(act: Callable[[Any], None]) -> None:
    async with table() as (airtable, source):
        fill(airtable, 60)
        act(airtable)
        found = await source.fetch([*(f"rec{number}" for number in range(1, 61)), "x'),1=1,('", ""])
        assert len(found) == len(airtable.records)
    asked = [each.json["filterByFormula"] for each in airtable.asked(LIST)]
    assert [formula.count("RECORD_ID()") for formula in asked] == [50, 10]
    assert not any("1=1" in formula for formula in asked)


async def test_new_offsets_to_the_same_page_end_with_an_error() -> None:
    async with table() as (airtable, source):
        for number in range(9):
            said = {"records": [{"id": "rec1", "fields": {}}], "offset": f"itr/{number}"}
            airtable.answer_next(Reply(said), "listRecords")
        with pytest.raises(Unavailable, match="the same page again"):
            await polled(source)
