"""How `servicetitan` reads by the export feed: tokens to go on with, rows that come again, deleted leads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sources.base import Page, Position, Window
from sources.errors import BadConfig, Unavailable
from tests.crm_scene import keys, polled, position_of, records_of
from tests.doubles.base import Reply
from tests.doubles.openapi import needed
from tests.doubles.servicetitan import TenantDouble, problem
from tests.rest_server import NOW
from tests.servicetitan_scene import ago, tenant

FEED = "/export/leads$"


def fill(company: TenantDouble, count: int) -> list[str]:
    for number in range(1, count + 1):
        company.put(number, ago(600 - number))
    return [str(number) for number in range(1, count + 1)]


def begins(company: TenantDouble) -> list[str | None]:
    return [asked.query.get("from") for asked in company.asked(FEED)]


async def test_the_feed_is_gone_on_with_where_it_said_be_it_in_a_poll_or_by_the_next_one() -> None:
    async with tenant(export=True) as (company, source):
        company.largest = 2
        names = fill(company, 5)
        found = await polled(source)
        assert keys(found) == names
        assert [page.last for page in found] == [False, False, True]
        company.put(9, ago(1))
        assert keys(await polled(source, position_of(found))) == ["9"]
        assert begins(company) == [None, "feed-2", "feed-4", "feed-5"]
        assert company.asked("/leads$") == company.asked(FEED)


async def test_recent_changes_are_asked_for_since_the_feed_is_ten_minutes_late_without() -> None:
    async with tenant(export=True) as (company, source):
        company.put(1, ago(1))
        assert keys(await polled(source)) == ["1"]
        assert company.asked(FEED)[0].query["includeRecentChanges"] == "true"


async def test_p2_rows_that_come_again_as_they_were_are_given_once_a_poll() -> None:
    async with tenant(export=True) as (company, source):
        names = fill(company, 4)
        company.repeats = 3
        position = position_of(await polled(source))
        company.put(4, ago(1), summary="Changed")
        again = await polled(source, position)
        assert sorted(keys(again)) == names[1:]
        assert position_of(again) == Position(at=ago(1), token=position_of(again).token)
        one = {"id": 1, "modifiedOn": "2026-03-04T11:00:00Z"}
        first = {"hasMore": True, "continueFrom": "feed-1", "data": [one]}
        company.answer_next(Reply(first), FEED)
        company.answer_next(Reply({**first, "hasMore": False, "data": [one, {"id": 2}]}), FEED)
        assert keys(await polled(source)) == ["1", "2"]


async def test_p1_a_feed_broken_off_goes_on_at_the_token_of_the_last_page() -> None:
    async with tenant(export=True) as (company, source):
        company.largest = 2
        names = fill(company, 7)
        whole = await polled(source)
        for count in range(1, len(whole)):
            rest = await polled(source, whole[count - 1].position)
            assert keys(whole[:count]) + keys(rest) == names


async def test_p1_a_token_that_is_refused_by_now_begins_at_the_day_before_what_was_read() -> None:
    async with tenant(export=True) as (company, source):
        fill(company, 3)
        position = position_of(await polled(source))
        company.put(4, ago(2))
        company.oldest_token = 4
        found = await polled(source, position)
        assert "4" in keys(found)
        assert begins(company)[1:] == ["feed-3", "2026-03-03"]
        company.oldest_token = 0
        assert keys(await polled(source, position_of(found))) == []


async def test_p1_a_token_within_the_feed_that_is_refused_begins_it_anew() -> None:
    async with tenant(export=True) as (company, source):
        company.largest = 2
        names = fill(company, 5)
        within = (await polled(source))[0].position
        company.answer_next(problem(400, "The continuation token is not valid"), FEED)
        assert keys(await polled(source, within)) == names
        assert begins(company)[3:5] == ["feed-2", None]


async def test_p5_what_lies_before_the_first_poll_is_never_given_although_the_feed_begins_at_days() -> None:
    async with tenant(export=True) as (company, source):
        company.put(1, ago(90))
        company.put(2, ago(30))
        company.repeats = 9
        position = Position(at=ago(60))
        found = await polled(source, position)
        assert (keys(found), begins(company)) == (["2"], ["2026-03-03"])
        company.put(3, ago(1))
        again = await polled(source, position_of(found))
        company.put(4, ago(1))
        later = await polled(source, position_of(again))
        assert "1" not in keys([*again, *later])
        assert {"3", "4"} <= set(keys([*again, *later]))


async def test_a_feed_without_news_keeps_its_position() -> None:
    async with tenant(export=True) as (company, source):
        fill(company, 3)
        position = position_of(await polled(source))
        [page] = await polled(source, position)
        assert (page.records, page.position, page.last) == ([], position, True)


async def test_a_tenant_that_is_gone_is_not_taken_for_a_token_that_is_refused() -> None:
    async with tenant(export=True) as (company, source):
        position = position_of(await polled(source))
        company.answer_next(problem(404, "Resource not found"), FEED)
        with pytest.raises(BadConfig, match="is the tenant right"):
            await polled(source, position)
        assert len(company.asked(FEED)) == 2


async def test_leads_that_were_deleted_are_read_by_choice_and_move_the_position_all_the_same() -> None:
    for said, there in [({}, {"1": True}), ({"include_deleted": True}, {"1": True, "2": False})]:
        async with tenant(export=True, **said) as (company, source):
            company.put(1, ago(5))
            company.put(2, ago(4), active=False)
            found = await polled(source)
        assert {record.key: record.fields["active"] for record in records_of(found)} == there
        assert position_of(found).at == ago(4)


async def test_leads_of_the_feed_come_with_their_customers() -> None:
    async with tenant(export=True) as (company, source):
        company.put(1, ago(5), customerId=7)
        company.put(7, ago(500), "customers", name="Ada")
        company.put_contact(7, "MobilePhone", "8045550101")
        [record] = records_of(await polled(source))
    assert record.fields["customer"]["phones"] == ["8045550101"]


async def test_customers_have_a_feed_of_their_own() -> None:
    async with tenant(export=True, object="customers") as (company, source):
        company.put(7, ago(5), "customers", active=False)
        company.put(8, ago(5), "leads")
        assert keys(await polled(source)) == ["7"]
        assert len(company.asked("/export/customers$")) == 1


async def test_a_backfill_is_read_by_the_list_since_no_part_of_a_feed_can_be_asked_for() -> None:
    async with tenant(export=True) as (company, source):
        fill(company, 9)
        assert keys(await polled(source, window=Window(ago(597), ago(595)))) == ["3", "4"]
        assert company.asked(FEED) == []


async def test_a_lead_dated_in_the_future_moves_no_time() -> None:
    async with tenant(export=True) as (company, source):
        company.put(1, ago(5))
        company.put(2, NOW + timedelta(days=9_000))
        found = await polled(source)
    assert keys(found) == ["1", "2"]
    assert position_of(found).at == ago(5)


async def test_a_feed_without_anything_is_gone_on_with_all_the_same() -> None:
    async with tenant(export=True) as (company, source):
        first = await polled(source)
        assert position_of(first).at == NOW
        again = await polled(source, position_of(first))
        assert again == [Page([], position_of(first), last=True, bad=[])]
        company.put(1, ago(1))
        assert keys(await polled(source, position_of(again))) == ["1"]


async def test_a_feed_that_leads_back_ends_with_an_error() -> None:
    async with tenant(export=True) as (company, source):
        fill(company, 4)
        company.largest, company.loops = 2, True
        with pytest.raises(Unavailable, match="read already"):
            await polled(source)
        assert len(company.asked(FEED)) == 2


async def test_a_further_page_that_is_refused_is_no_fault_of_the_settings() -> None:
    async with tenant(export=True) as (company, source):
        fill(company, 4)
        company.largest = 2
        company.meanwhile = [lambda: setattr(company, "oldest_token", 99)]
        with pytest.raises(Unavailable, match="a further page was refused"):
            await polled(source)


@pytest.mark.parametrize(
    "odd", [{}, [], {"data": [], "hasMore": False}, {"data": 7, "hasMore": 1, "continueFrom": "x"}]
)
async def test_an_answer_that_is_not_as_described_is_no_end(odd: object) -> None:
    async with tenant(export=True) as (company, source):
        company.answer_next(Reply(odd), FEED)
        with pytest.raises(Unavailable, match="not as described"):
            await polled(source)


async def test_check_looks_at_the_feed_too() -> None:
    async with tenant(export=True) as (company, source):
        company.put(1, ago(5))
        assert (await source.check()).endswith(
            "1 leads can be read, the newest change of 2026-03-04 11:55 UTC"
        )
        assert begins(company) == ["2026-03-04"]
        company.answer_next(problem(404, "Not Found"), FEED)
        with pytest.raises(BadConfig) as caught:
            await source.check()
    assert caught.value.setting == "tenant"


async def test_what_is_asked_of_the_feed_is_in_the_specification() -> None:
    specification = needed("servicetitan-crm-v2.json")
    async with tenant(export=True) as (company, source):
        company.put(1, ago(5))
        await polled(source, position_of(await polled(source)))
        asked = company.asked("/export/")
    assert len(asked) == 2
    assert all(specification.knows(each) for each in asked)


@pytest.mark.parametrize("token", ["{}", "[]", "7", "feed-2", '{"continueFrom": "feed-2", "since": "soon"}'])
async def test_a_position_of_something_else_begins_at_its_time(token: str) -> None:
    async with tenant(export=True) as (company, source):
        fill(company, 3)
        assert keys(await polled(source, Position(at=ago(598), token=token))) == ["2", "3"]
