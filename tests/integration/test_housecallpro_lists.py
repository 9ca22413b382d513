"""How `housecallpro` reads whole lists that move, and what it makes of leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.base import FetchesByKey, KnowsFields, KnowsLatest, Position
from sources.errors import Unavailable
from tests.crm_scene import keys, polled, records_of
from tests.doubles.base import Reply
from tests.housecallpro_scene import company

if TYPE_CHECKING:
    from tests.doubles.housecallpro import CompanyDouble


def _fill(double: CompanyDouble, count: int) -> list[str]:
    names = [f"lea_{number:02}" for number in range(count)]
    for name in names:
        double.put(name)
    return names


def _nothing() -> None:
    """Let a page go by."""


async def test_a_lead_has_no_time_of_its_own_and_the_customers_is_not_taken_for_it() -> None:
    async with company() as (double, source):
        double.put("lea_1", customer={"id": "cus_1", "updated_at": "2026-01-01T00:00:00Z"})
        [record] = records_of(await polled(source))
        assert not isinstance(source, KnowsLatest)
    assert record.changed is None
    assert record.fields["customer"]["id"] == "cus_1"


async def test_everything_is_read_each_time_since_no_list_can_be_asked_for_changes() -> None:
    async with company() as (double, source):
        names = _fill(double, 5)
        for position in (None, Position(token="anything")):
            pages = await polled(source, position)
            assert keys(pages) == names
            assert [page.position for page in pages] == [None]
    assert {"modified_since", "updated_since"}.isdisjoint(double.asked()[0].query)


async def test_pages_are_asked_for_oldest_first_and_larger_than_ten() -> None:
    async with company() as (double, source):
        _fill(double, 30)
        await polled(source)
    assert [asked.query for asked in double.asked()] == [
        {"page": "1", "page_size": "100", "sort_by": "created_at", "sort_direction": "asc"}
    ]


async def test_p1_leads_that_come_while_pages_are_read_hide_none_and_repeat_none() -> None:
    async with company() as (double, source):
        names = _fill(double, 10)
        double.meanwhile = [lambda: double.put("lea_new"), _nothing, lambda: double.put("lea_newer")]
        assert keys(await polled(source, page_size=3)) == [*names, "lea_new", "lea_newer"]


@pytest.mark.parametrize("after", range(7))
@pytest.mark.parametrize("gone", [["lea_00"], ["lea_00", "lea_01", "lea_02", "lea_03"], ["lea_05"]])
async def test_p1_leads_that_are_deleted_while_pages_are_read_hide_no_other(
    after: int, gone: list[str]
) -> None:
    async with company() as (double, source):
        names = _fill(double, 12)
        double.meanwhile = [_nothing] * after + [lambda: double.delete(*gone)]
        found = keys(await polled(source, page_size=3))
    assert set(names) - set(gone) <= set(found)
    assert len(found) == len(set(found))


async def test_p1_a_deleted_lead_and_a_new_one_at_once_leave_the_count_and_hide_no_other() -> None:
    async with company() as (double, source):
        names = _fill(double, 9)

        def change() -> None:
            double.delete("lea_00")
            double.put("lea_new")

        double.meanwhile = [change]
        found = keys(await polled(source, page_size=3))
    assert set(found) == {*names, "lea_new"}


async def test_a_smaller_page_than_was_asked_for_is_not_taken_for_the_last() -> None:
    async with company() as (double, source):
        double.largest = 4
        names = _fill(double, 11)
        assert keys(await polled(source, page_size=100)) == names


async def test_a_list_that_moves_faster_than_it_is_read_is_an_error_and_no_end() -> None:
    async with company() as (double, source):
        _fill(double, 300)
        first = iter(list(double.held["leads"]))
        double.meanwhile = [lambda: double.delete(next(first))] * 290
        with pytest.raises(Unavailable, match="moves faster than it can be read"):
            await polled(source, page_size=2)


async def test_p1_leads_of_one_moment_that_change_places_between_two_pages_hide_none() -> None:
    async with company() as (double, source):
        names = _fill(double, 6)
        # lea_03 is on page 2 when page 1 is read, and on page 1 when page 2 is; page 1 ends as it did.
        double.ties = [(0, 6, 0), (0, 4, 3), (0, 6, 0)]
        found = await polled(source, page_size=3)
    assert keys(found)[:5] == [*names[:3], *names[4:]]
    assert keys(found)[5:] == ["lea_03"]
    assert [page.last for page in found].count(True) == 1
    assert [asked.query["sort_by"] for asked in double.asked()] == ["created_at"] * 3 + ["id"] * 3


async def test_p1_leads_of_one_moment_that_never_stand_still_are_read_by_id() -> None:
    async with company() as (double, source):
        names = _fill(double, 7)
        double.ties = [(0, 7, turn % 7) for turn in range(200)]
        found = keys(await polled(source, page_size=3))
    assert sorted(found) == names


async def test_a_total_that_counts_more_than_the_list_gives_is_told_and_stops_nothing() -> None:
    async with company() as (double, source):
        names = _fill(double, 4)
        double.overstated = 2
        found = await polled(source, page_size=3)
    assert keys(found) == names
    assert found[-1].last
    [note] = [note for page in found for note in page.notes]
    assert note.endswith("/leads says that it has 6 leads and gives 4, also when read again by id")
    assert len(double.asked()) == 6, "it is not read a third time"


async def test_p1_a_list_that_brings_others_each_time_is_an_error_and_no_end() -> None:
    async with company() as (double, source):
        _fill(double, 3)
        double.overstated = 1
        numbers = iter(range(99))
        # A new one behind the first page's end, on the page that has just been read.
        double.meanwhile = [lambda: double.put(f"lea_new_{next(numbers)}")] * 99
        with pytest.raises(Unavailable, match="more leads than it gives, and gives others each time"):
            await polled(source)
    assert len(double.asked()) == 4


async def test_items_without_an_id_are_counted_as_well() -> None:
    async with company() as (double, source):
        double.put("lea_1", id=None, number=1)
        double.put("lea_2", id=None, number=2)
        pages = await polled(source, page_size=3)
    assert len(double.asked()) == 1
    assert len([bad for page in pages for bad in page.bad]) == 2


async def test_the_same_page_for_ever_is_an_error() -> None:
    async with company() as (double, source):
        _fill(double, 10)
        double.loops = double.loops_openly = True
        with pytest.raises(Unavailable, match="asked for page 2 it gives page 1"):
            await polled(source, page_size=3)


async def test_an_empty_page_before_the_end_is_an_error_and_no_end() -> None:
    async with company() as (double, source):
        empty = {"page": 1, "page_size": 100, "total_pages": 2, "total_items": 110, "leads": []}
        double.answer_next(Reply(empty))
        with pytest.raises(Unavailable, match="page 1 of 2 is empty"):
            await polled(source)


async def test_p6_an_item_without_an_id_is_set_aside_and_the_rest_goes_on() -> None:
    async with company() as (double, source):
        double.put("lea_1", id=None)
        double.put("lea_2")
        pages = await polled(source)
    assert keys(pages) == ["lea_2"]
    assert [bad.reason for page in pages for bad in page.bad] == ["it has no id"]


async def test_single_ones_are_fetched_and_those_that_are_gone_left_out() -> None:
    async with company(object="customers") as (double, source):
        assert isinstance(source, FetchesByKey)
        double.put("cus_1", "customers", first_name="Ada")
        found = await source.fetch(["cus_1", "cus_2"])
    assert [record.fields["first_name"] for record in found] == ["Ada"]


async def test_fields_are_those_that_are_known_and_those_that_are_there() -> None:
    async with company() as (double, source):
        assert isinstance(source, KnowsFields)
        double.put("lea_1", newly_invented=1)
        assert {"customer", "status", "newly_invented"} <= set(await source.fields())
