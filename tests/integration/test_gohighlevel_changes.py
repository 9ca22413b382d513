"""What changed in GoHighLevel: one search after another, by time and id, to the page that is empty."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sources.base import PollRequest, Position, Window
from sources.errors import Unavailable
from sources.gohighlevel import Gohighlevel
from tests.crm_scene import keys, polled, position_of, records_of
from tests.doubles.base import Reply
from tests.doubles.openapi import needed
from tests.gohighlevel_scene import ago, location
from tests.rest_server import NOW

SEARCH = "/contacts/search$"
MILLISECOND = timedelta(milliseconds=1)


async def test_the_next_page_begins_after_the_last_contact_and_the_end_is_an_empty_page() -> None:
    async with location() as (double, source):
        for number in range(10, 15):
            double.put(number, ago(60 - number))
        found = await polled(source, page_size=2)
    assert keys(found) == ["10", "11", "12", "13", "14"]
    places = [asked.json.get("searchAfter") for asked in double.asked(SEARCH)]
    assert places[0] is None
    assert [place[1] for place in places[1:]] == ["11", "13", "14"]
    assert (found[-1].records, found[-1].last) == ([], True)


async def test_p1_a_short_page_is_not_taken_for_the_last_one() -> None:
    async with location() as (double, source):
        for number in (1, 2):
            double.put(number, ago(60 - number))
        one = {"id": "1", "dateUpdated": "2026-03-04T11:01:00Z", "searchAfter": [1772622060000, "1"]}
        double.answer_next(Reply({"contacts": [one], "total": 2}), SEARCH)
        assert keys(await polled(source)) == ["1", "2"]


async def test_a_page_of_the_largest_size_is_a_hundred() -> None:
    async with location() as (double, source):
        double.put(1, ago(5))
        await polled(source, page_size=500)
    assert {asked.json["pageLimit"] for asked in double.asked(SEARCH)} == {100}


async def test_a_poll_begins_at_the_millisecond_of_its_position() -> None:
    at = ago(10) + 123 * MILLISECOND
    async with location() as (double, source):
        double.put(1, at - MILLISECOND * 2)
        double.put("zz", at)
        double.put("0", at)
        found = await polled(source, Position(at=at + timedelta(microseconds=400)))
    assert sorted(keys(found)) == ["0", "zz"]


async def test_p1_a_contact_updated_while_pages_are_read_is_seen_again_as_it_is_then() -> None:
    async with location() as (double, source):
        for number in range(1, 6):
            double.put(number, ago(60 - number), email="before@example.com")
        pages = source.poll(PollRequest(Position(at=ago(120)), page_size=2))
        first = await anext(pages)
        double.clock.slept.append(60)
        double.put(1, NOW + timedelta(seconds=30), email="after@example.com")
        found = [first, *[page async for page in pages]]
    assert keys(found) == ["1", "2", "3", "4", "5", "1"]
    assert records_of(found)[-1].fields["email"] == "after@example.com"
    assert position_of(found) == Position(at=ago(55))


async def test_p1_a_contact_that_has_changed_since_it_was_indexed_does_not_carry_the_position_away() -> None:
    async with location() as (double, source):
        double.put(1, ago(1), indexed=ago(30))
        double.put(2, ago(20))
        found = await polled(source, page_size=1)
    assert [page.position for page in found] == [Position(at=ago(30)), *[Position(at=ago(20))] * 2]
    assert records_of(found)[0].changed == ago(1)


async def test_p1_a_change_that_the_index_sees_late_is_found_by_looking_back() -> None:
    async with location() as (double, source):
        double.put(1, ago(3))
        double.lag = timedelta(minutes=1)
        double.put(2, ago(4))
        position = position_of(await polled(source))
        assert position == Position(at=ago(3))
        double.clock.slept.append(90)
        again = await polled(source, position.moved_back(Gohighlevel.default_lookback))
    assert keys(again) == ["2", "1"]


async def test_p1_every_page_carries_a_position_from_which_the_rest_is_read() -> None:
    async with location() as (double, source):
        for number in range(1, 8):
            double.put(number, ago(30), firstName="Tied")
        double.put(9, ago(20))
        whole = await polled(source, page_size=2)
        for count in range(1, len(whole)):
            rest = await polled(source, whole[count - 1].position, page_size=2)
            assert set(keys(whole[:count])) | set(keys(rest)) == set(keys(whole))


async def test_a_backfill_begins_and_ends_where_its_window_does() -> None:
    async with location() as (double, source):
        for number in range(1, 40):
            double.put(f"{number:02}", ago(60 - number))
        found = await polled(source, window=Window(ago(50), ago(46)), page_size=5)
    assert keys(found) == ["10", "11", "12", "13"]
    assert len(double.asked(SEARCH)) == 1


async def test_p1_contacts_that_are_not_sorted_end_the_poll_instead_of_losing_some() -> None:
    async with location() as (double, source):
        double.sorts = False
        for number in (1, 2):
            double.put(number, ago(60 - number))
        with pytest.raises(Unavailable, match="not sorted by dateUpdated"):
            await polled(source)


async def test_p1_contacts_that_do_not_say_where_they_stand_end_the_poll() -> None:
    async with location() as (double, source):
        double.points = False
        double.put(1, ago(5))
        with pytest.raises(Unavailable, match="no searchAfter to go on with"):
            await polled(source)


async def test_a_search_that_leads_back_ends_with_an_error() -> None:
    async with location() as (double, source):
        double.put(1, ago(5))
        again = {"contacts": [{"id": "7", "searchAfter": [1772622060000, "7"]}], "total": 1}
        double.answer_next(Reply(again), SEARCH, times=9)
        with pytest.raises(Unavailable, match="stopped there"):
            await polled(source)
    assert len(double.asked(SEARCH)) < 9


async def test_an_answer_that_is_not_as_described_says_so() -> None:
    async with location() as (double, source):
        double.answer_next(Reply({"contact": []}), SEARCH)
        with pytest.raises(Unavailable, match="not as described"):
            await polled(source)


async def test_what_is_no_contact_is_set_aside_and_the_rest_is_read() -> None:
    async with location() as (double, source):
        odd = [7, {"firstName": "Jane"}, {"id": "1", "searchAfter": [1772622060000, "1"]}]
        double.answer_next(Reply({"contacts": odd, "total": 3}), SEARCH)
        found = await polled(source)
    assert keys(found) == ["1"]
    assert [each.reason for page in found for each in page.bad] == ["it is not an object", "it has no id"]


async def test_what_is_asked_is_in_the_specification() -> None:
    specification = needed("gohighlevel-contacts.json")
    async with location() as (double, source):
        double.put(1, ago(5))
        await polled(source)
        await source.fetch(["1"])
        await source.check()
    assert all(specification.knows(asked) for asked in double.api.asked)
    assert {asked.headers["version"] for asked in double.api.asked} == {"2021-07-28"}
