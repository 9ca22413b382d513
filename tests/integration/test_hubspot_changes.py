"""What changed in HubSpot: found by search, past its limit of results, its late index, its order."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sources.base import PollRequest, Position, Window
from sources.errors import Unavailable
from sources.hubspot import Hubspot
from tests.crm_scene import keys, polled, position_of
from tests.doubles.base import Reply
from tests.hubspot_scene import account, ago
from tests.rest_server import NOW

if TYPE_CHECKING:
    from tests.doubles.hubspot import HubspotDouble

SEARCH = "/search$"


def filters_of(hubspot: HubspotDouble) -> list[list[dict[str, str]]]:
    bodies = [asked.json for asked in hubspot.asked(SEARCH)]
    return [body["filterGroups"][0]["filters"] if body["filterGroups"] else [] for body in bodies]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("contacts", "lastmodifieddate"),
        ("leads", "hs_lastmodifieddate"),
        ("2-3456789", "hs_lastmodifieddate"),
    ],
)
async def test_contacts_have_their_own_name_for_the_time_of_a_change(kind: str, name: str) -> None:
    async with account(object=kind) as (hubspot, source):
        hubspot.put(1, ago(60), kind)
        hubspot.put(2, ago(5), kind)
        found = await polled(source, Position(at=ago(10)))
    assert keys(found) == ["2"]
    assert filters_of(hubspot)[0][0]["propertyName"] == name


async def test_p1_more_than_ten_thousand_changes_are_all_read_with_positions_between() -> None:
    async with account() as (hubspot, source):
        for number in range(1, 10_301):
            hubspot.put(number, ago(60) + timedelta(milliseconds=200 * number))
        found = await polled(source, Position(at=ago(120)))
    assert len(set(keys(found))) == 10_300
    assert len(keys(found)) == 10_300
    assert all(int(asked.json["after"]) == 0 for asked in hubspot.asked(SEARCH))
    positions = [page.position.at for page in found if page.position is not None]
    assert len(positions) > 2
    assert positions == sorted(positions)
    assert positions[-1] == ago(60) + timedelta(milliseconds=200 * 10_300)


async def test_p1_more_than_ten_thousand_changes_of_one_millisecond_are_all_read_once() -> None:
    at = ago(30) + timedelta(milliseconds=123)
    async with account() as (hubspot, source):
        for number in range(1, 10_202):
            hubspot.put(number, at)
        hubspot.put(20_000, ago(29))
        found = await polled(source, Position(at=ago(60)))
    assert sorted(map(int, keys(found))) == [*range(1, 10_202), 20_000]
    assert position_of(found) == Position(at=ago(29))


async def test_p1_a_search_broken_off_in_its_middle_goes_on_before_what_was_not_read() -> None:
    async with account() as (hubspot, source):
        for number in range(1, 8):
            hubspot.put(number, ago(30 - number))
        request = PollRequest(Position(at=ago(60)), page_size=3)
        pages = source.poll(request)
        first = await anext(pages)
        await pages.aclose()
        assert first.position is None
        rest = await polled(source, Position(at=ago(60)))
    assert len(set(keys(rest))) == 7


async def test_a_sort_is_told_as_an_object_since_one_told_as_text_is_ignored() -> None:
    async with account() as (hubspot, source):
        hubspot.put(1, ago(5))
        await polled(source, Position(at=ago(10)))
    assert hubspot.asked(SEARCH)[0].json["sorts"] == [
        {"propertyName": "hs_object_id", "direction": "ASCENDING"}
    ]


async def test_p1_results_that_are_not_sorted_by_id_end_the_poll_instead_of_losing_some() -> None:
    async with account() as (hubspot, source):
        hubspot.sorts = False
        for number in range(1, 5):
            hubspot.put(number, ago(5))
        with pytest.raises(Unavailable, match="not sorted by hs_object_id"):
            await polled(source, Position(at=ago(10)))


async def test_p1_a_change_that_the_index_sees_late_is_found_by_looking_back() -> None:
    async with account() as (hubspot, source):
        hubspot.put(1, ago(10), email="one@example.com")
        hubspot.lag = timedelta(minutes=40)
        hubspot.put(2, ago(8), email="two@example.com")
        hubspot.lag = timedelta(0)
        hubspot.put(3, ago(1), email="three@example.com")
        found = await polled(source, Position(at=ago(60)))
        assert keys(found) == ["1", "3"]
        hubspot.clock.slept.append(timedelta(minutes=45).total_seconds())
        position = position_of(found)
        assert position is not None
        again = await polled(source, position.moved_back(Hubspot.default_lookback))
    assert "2" in keys(again)


async def test_p1_what_changes_while_a_poll_reads_is_read_by_the_next_one() -> None:
    async with account() as (hubspot, source):
        for number in range(1, 8):
            hubspot.put(number, ago(30 - number), email="before@example.com")
        pages = source.poll(PollRequest(Position(at=ago(60)), page_size=3))
        first = await anext(pages)
        hubspot.clock.slept.append(60)
        hubspot.put(1, NOW + timedelta(seconds=20), email="after@example.com")
        hubspot.put(7, NOW + timedelta(seconds=40))
        position = position_of([first, *[page async for page in pages]])
        assert position is not None
        assert position.at <= NOW
        again = await polled(source, position)
    assert {"1", "7"} <= set(keys(again))


async def test_the_first_millisecond_of_a_search_is_the_one_of_the_position() -> None:
    async with account() as (hubspot, source):
        hubspot.put(1, ago(10) + timedelta(microseconds=300))
        found = await polled(source, Position(at=ago(10) + timedelta(microseconds=900)))
    assert keys(found) == ["1"]
    value = int((ago(10)).timestamp() * 1000)
    assert filters_of(hubspot)[0][0] == {
        "propertyName": "lastmodifieddate",
        "operator": "GTE",
        "value": str(value),
    }


async def test_nothing_is_asked_from_1970_on_which_ends_in_a_500() -> None:
    async with account() as (hubspot, source):
        hubspot.put(1, ago(10))
        found = await polled(source, Position(at=NOW.replace(year=1970)), page_size=100)
    assert keys(found) == ["1"]
    assert filters_of(hubspot) == [[]]


async def test_a_backfill_is_cut_to_its_window_by_search_alone() -> None:
    async with account() as (hubspot, source):
        for number in range(1, 11):
            hubspot.put(number, ago(60 - number))
        found = await polled(source, window=Window(ago(57), ago(53)))
        assert keys(found) == ["3", "4", "5", "6"]
        assert hubspot.asked("/objects/contacts$") == []


async def test_an_answer_that_is_not_as_described_says_so() -> None:
    async with account() as (hubspot, source):
        hubspot.answer_next(Reply({"results": {"id": 1}, "paging": 7}), SEARCH)
        with pytest.raises(Unavailable, match="not as described"):
            await polled(source, Position(at=ago(10)))


async def test_p1_a_page_without_ids_ends_the_poll_instead_of_being_asked_for_for_ever() -> None:
    async with account() as (hubspot, source):
        odd = {"results": [{"properties": {}}], "total": 9, "paging": {"next": {"after": "1"}}}
        hubspot.answer_next(Reply(odd), SEARCH, times=9)
        with pytest.raises(Unavailable, match="stopped there"):
            await polled(source, Position(at=ago(10)))


async def test_something_else_than_objects_is_set_aside() -> None:
    async with account() as (hubspot, source):
        odd = {"results": [{"id": "1", "properties": None}, {"properties": {"email": None}}], "total": 2}
        hubspot.answer_next(Reply(odd), SEARCH)
        found = await polled(source, Position(at=ago(10)))
    assert [each.reason for page in found for each in page.bad] == ["it has no properties", "it has no id"]
