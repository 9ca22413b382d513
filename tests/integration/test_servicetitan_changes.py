"""How `servicetitan` finds what changed: by time, past ties, while everything moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sources.base import Position, Window
from sources.errors import Unavailable
from tests.crm_scene import keys, polled, position_of, records_of
from tests.rest_server import NOW
from tests.servicetitan_scene import ago, tenant

_MICRO = timedelta(microseconds=1)
KINDS = pytest.mark.parametrize("kind", ["leads", "customers"])


async def test_the_plus_of_the_sort_order_is_sent_as_2b() -> None:
    async with tenant() as (company, source):
        company.put(1, ago(5))
        assert keys(await polled(source)) == ["1"]
    assert [asked.target.count("sort=%2BModifiedOn") for asked in company.asked("/leads")] == [1]


async def test_only_what_changed_is_asked_for_and_its_moment_once_more() -> None:
    async with tenant() as (company, source):
        for number in range(1, 6):
            company.put(number, ago(60 - number))
        position = position_of(await polled(source))
        company.put(6, ago(55))
        found = await polled(source, position)
    assert sorted(keys(found)) == ["5", "6"]
    assert company.asked("/leads")[-1].query["modifiedOnOrAfter"] == "2026-03-04T11:04:59.999Z"


@KINDS
@pytest.mark.parametrize("microseconds", [0, 1_000, 123_456])
async def test_p1_no_tie_is_lost_whether_on_or_after_means_after(kind: str, microseconds: int) -> None:
    async with tenant(object=kind) as (company, source):
        at = ago(5) + _MICRO * microseconds
        company.put(1, at, kind)
        position = position_of(await polled(source))
        company.put(2, at, kind)
        assert sorted(keys(await polled(source, position))) == ["1", "2"]


@KINDS
async def test_p1_a_bulk_update_of_one_moment_larger_than_a_page_is_read_whole(kind: str) -> None:
    async with tenant(object=kind) as (company, source):
        for number in range(1, 41):
            company.put(number, ago(5) + _MICRO * number, kind)
        company.put(41, ago(4), kind)
        found = await polled(source, page_size=7)
    assert sorted(map(int, keys(found))) == list(range(1, 42))
    assert position_of(found) == Position(at=ago(4))


async def test_p1_two_bulk_updates_next_to_each_other_are_read_whole_and_once() -> None:
    async with tenant() as (company, source):
        for number in range(1, 61):
            company.put(number, ago(5) + timedelta(milliseconds=number // 10))
        found = await polled(source, page_size=4)
    assert sorted(map(int, keys(found))) == list(range(1, 61))


async def test_p1_a_lead_that_changes_while_pages_are_read_hides_no_other() -> None:
    async with tenant() as (company, source):
        for number in range(1, 11):
            company.put(number, ago(60 - number))
        company.meanwhile = [lambda: company.put(1, NOW), lambda: company.put(2, NOW)]
        found = await polled(source, page_size=3)
    assert set(keys(found)) == {str(number) for number in range(1, 11)}
    assert max(record.changed for record in records_of(found) if record.key == "1") == NOW


async def test_p1_leads_that_leave_a_moment_while_it_is_read_hide_no_other() -> None:
    async with tenant() as (company, source):
        for number in range(1, 21):
            company.put(number, ago(5))
        nothing = lambda: None  # noqa: E731 - as short as what it stands beside
        company.meanwhile = [
            nothing,
            nothing,
            lambda: [company.put(number, ago(1)) for number in (1, 2, 3, 4)],
        ]
        found = await polled(source, page_size=3)
    assert set(keys(found)) == {str(number) for number in range(1, 21)}
    assert [asked.query["page"] for asked in company.asked("/leads")].count("2") > 1


async def test_p1_a_poll_broken_off_within_a_moment_begins_that_moment_again() -> None:
    async with tenant() as (company, source):
        company.put(1, ago(9))
        for number in range(2, 12):
            company.put(number, ago(5))
        pages = await polled(source, page_size=3)
        within = [page for page in pages if page.position is None]
        assert within
        rest = await polled(source, Position(at=ago(9)), page_size=3)
    assert set(keys(rest)) >= {str(number) for number in range(2, 12)}


async def test_a_smaller_page_than_was_asked_for_is_not_taken_for_the_last() -> None:
    async with tenant() as (company, source):
        company.largest = 2
        for number in range(1, 8):
            company.put(number, ago(60 - number))
        assert sorted(keys(await polled(source, page_size=500))) == [str(number) for number in range(1, 8)]


async def test_a_record_dated_in_the_future_moves_no_position() -> None:
    async with tenant() as (company, source):
        company.put(1, ago(5))
        company.put(2, datetime(2099, 1, 1, tzinfo=UTC))
        found = await polled(source)
        assert position_of(found) == Position(at=ago(5))
        assert (await source.latest()).at == NOW


async def test_a_backfill_is_asked_for_by_both_ends() -> None:
    async with tenant() as (company, source):
        for number in range(1, 6):
            company.put(number, ago(60 - number))
        found = await polled(source, window=Window(ago(58), ago(56)))
    assert sorted(keys(found)) == ["2", "3"]
    assert company.asked("/leads")[0].query["modifiedBefore"] == "2026-03-04T11:04:00.001Z"


async def test_p1_a_list_that_is_not_sorted_is_not_believed() -> None:
    async with tenant() as (company, source):
        company.sorts = False
        company.put(1, ago(5))
        company.put(2, ago(9))
        with pytest.raises(Unavailable, match="not sorted by ModifiedOn"):
            await polled(source)


async def test_p1_a_moment_that_is_not_sorted_by_id_is_not_believed() -> None:
    async with tenant() as (company, source):
        company.sorts = False
        for number in (3, 2, 1):
            company.put(number, ago(5))
        with pytest.raises(Unavailable, match="not sorted by Id"):
            await polled(source, page_size=2)


async def test_p1_a_moment_without_a_count_is_not_read_by_page_numbers() -> None:
    async with tenant() as (company, source):
        company.counts = False
        for number in range(1, 6):
            company.put(number, ago(5))
        with pytest.raises(Unavailable, match="does not tell how many"):
            await polled(source, page_size=2)


async def test_pages_without_end_are_an_error() -> None:
    async with tenant() as (company, source):
        for number in range(1, 10):
            company.put(number, ago(60 - number))
        company.loops = True
        with pytest.raises(Unavailable, match="page begins where one began already"):
            await polled(source, page_size=3)
        company.held["leads"].clear()
        with pytest.raises(Unavailable, match="more after a page without any modifiedOn"):
            await polled(source, page_size=3)


async def test_a_list_that_heeds_times_to_the_second_gives_nothing_twice() -> None:
    async with tenant() as (company, source):
        company.put(1, ago(50))
        company.heeds = False
        assert keys(await polled(source, Position(at=ago(10)))) == []
        company.put(2, ago(5))
        assert keys(await polled(source, Position(at=ago(10)))) == ["2"]


async def test_a_list_that_heeds_no_time_is_an_error_and_no_beginning_anew() -> None:
    async with tenant() as (company, source):
        for number in range(1, 6):
            company.put(number, ago(60 - number))
        company.heeds = False
        with pytest.raises(Unavailable, match="changed before the time that was asked for"):
            await polled(source, Position(at=ago(10)), page_size=3)
