"""The first read of HubSpot: by the list, which is complete, and knows nothing of changes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sources.base import PollRequest, Position
from sources.errors import Unavailable
from tests.crm_scene import keys, polled, position_of, records_of
from tests.doubles.base import Reply
from tests.doubles.hubspot_answers import page
from tests.hubspot_scene import account, ago
from tests.rest_server import NOW

if TYPE_CHECKING:
    from tests.doubles.hubspot import HubspotDouble

LIST = "/objects/contacts$"


def fill(hubspot: HubspotDouble, count: int) -> None:
    for number in range(1, count + 1):
        hubspot.put(number, ago(600 - number), email=f"{number}@example.com")


async def test_everything_is_read_by_the_list_a_hundred_at_a_time() -> None:
    async with account() as (hubspot, source):
        fill(hubspot, 250)
        found = await polled(source, fields=frozenset({"email"}))
    assert len(set(keys(found))) == 250
    assert [asked.query["limit"] for asked in hubspot.asked(LIST)] == ["100"] * 3
    assert hubspot.asked("/search$") == []
    assert position_of(found) == Position(at=ago(350))


async def test_properties_are_asked_for_by_name_since_few_come_unasked() -> None:
    async with account() as (hubspot, source):
        hubspot.put(1, ago(5), phone="+1 804 555 0123", lifecyclestage=None)
        found = await polled(source, fields=frozenset({"phone", "lifecyclestage", "id", "createdAt"}))
    assert hubspot.asked(LIST)[0].query["properties"] == "lastmodifieddate,lifecyclestage,phone"
    fields = records_of(found)[0].fields
    assert fields["phone"] == "+1 804 555 0123"
    assert fields["lifecyclestage"] is None
    assert fields["id"] == "1"
    assert "firstname" not in fields


async def test_a_mapping_that_reads_properties_as_hubspot_nests_them_gets_them_all() -> None:
    async with account() as (hubspot, source):
        hubspot.put(1, ago(5), phone="+1 804 555 0123")
        found = await polled(source, fields=frozenset({"properties"}))
    assert records_of(found)[0].fields["properties"]["phone"] == "+1 804 555 0123"


@pytest.mark.parametrize("position", [None, Position(at=ago(600))])
async def test_more_properties_than_an_address_can_hold_are_read_all_the_same(
    position: Position | None,
) -> None:
    names = [f"a_rather_long_name_of_a_property_{number:04}" for number in range(600)]
    async with account() as (hubspot, source):
        hubspot.put(1, ago(5), **dict.fromkeys(names, "x"))
        found = await polled(source, position)
    assert set(names) <= set(records_of(found)[0].fields)
    assert max(len(asked.target) for asked in hubspot.api.asked) < 15_000


async def test_p1_a_list_broken_off_goes_on_where_it_was_and_then_with_what_changed() -> None:
    async with account() as (hubspot, source):
        fill(hubspot, 10)
        pages = source.poll(PollRequest(page_size=3))
        first = [await anext(pages), await anext(pages)]
        await pages.aclose()
        hubspot.clock.slept.append(600)
        hubspot.put(1, NOW + timedelta(minutes=5), email="changed@example.com")
        rest = await polled(source, position_of(first), page_size=3)
        assert keys(rest) == ["7", "8", "9", "10"]
        position = position_of(rest)
        assert position == Position(at=ago(590))
        changed = await polled(source, position)
    assert "1" in keys(changed)


async def test_p1_what_changes_while_the_list_is_read_is_read_again() -> None:
    async with account() as (hubspot, source):
        fill(hubspot, 7)
        pages = source.poll(PollRequest(page_size=3))
        first = await anext(pages)
        hubspot.clock.slept.append(60)
        hubspot.put(2, NOW + timedelta(seconds=10))
        hubspot.put(7, NOW + timedelta(seconds=50))
        position = position_of([first, *[page async for page in pages]])
        assert position is not None
        assert position.at <= NOW
        again = await polled(source, position)
    assert {"2", "7"} <= set(keys(again))


async def test_a_cursor_of_an_earlier_run_that_is_refused_begins_anew() -> None:
    async with account() as (hubspot, source):
        fill(hubspot, 7)
        pages = source.poll(PollRequest(page_size=3))
        first = await anext(pages)
        await pages.aclose()
        hubspot.answer_next(Reply({"message": "the paging cursor is not valid"}, status=400), LIST)
        rest = await polled(source, first.position, page_size=3)
    assert len(set(keys(rest))) == 7


async def test_a_position_of_something_else_is_read_as_none() -> None:
    async with account() as (hubspot, source):
        fill(hubspot, 3)
        found = await polled(source, Position(token='"nothing of ours"'))
    assert len(keys(found)) == 3


async def test_a_list_that_leads_back_ends_with_an_error() -> None:
    async with account() as (hubspot, source):
        again = {"results": [], "paging": {"next": {"after": "7"}}}
        hubspot.answer_next(Reply(again), LIST, times=10)
        with pytest.raises(Unavailable, match="stopped there"):
            await polled(source)


async def test_an_empty_account_is_read_from_its_beginning_again() -> None:
    async with account() as (hubspot, source):
        assert position_of(await polled(source)) is None
        hubspot.put(1, ago(10_000))
        assert keys(await polled(source)) == ["1"]


async def test_new_cursors_to_the_same_page_end_with_an_error() -> None:
    async with account() as (hubspot, source):
        items = [{"id": "1", "properties": {}, "createdAt": NOW.isoformat(), "updatedAt": NOW.isoformat()}]
        for number in range(9):
            hubspot.answer_next(Reply(page(items, f"made-up-{number}")), LIST)
        with pytest.raises(Unavailable, match="the same page again"):
            await polled(source, fields=frozenset({"email"}))
        assert len(hubspot.asked(LIST)) == 2


async def test_p1_a_search_that_finds_nothing_and_says_there_is_more_is_an_error() -> None:
    async with account() as (hubspot, source):
        hubspot.answer_next(Reply({"total": 9, **page([], "3")}), "/search$")
        with pytest.raises(Unavailable, match="more after nothing"):
            await polled(source, Position(at=ago(60)), fields=frozenset({"email"}))
