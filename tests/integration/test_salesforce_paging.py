"""Reading Salesforce page after page: cursors, ties, late rows, rows that change meanwhile, slow queries."""

from __future__ import annotations

from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sources.base import Page, PollRequest, Position
from sources.errors import Unavailable
from tests.doubles.base import Reply
from tests.doubles.salesforce import error
from tests.salesforce_org import DAY, key_of, lead, leads, names, organisation, pages

if TYPE_CHECKING:
    from sources.salesforce import Salesforce

MINUTE = timedelta(minutes=1)


def numbers(*which: int) -> list[str]:
    return [f"Lead {number}" for number in which]


async def some(salesforce: Salesforce, count: int, **request: Any) -> list[Page]:
    """Poll so many pages and break off, as a kill does."""
    found: list[Page] = []
    fields = frozenset({"LastName"})
    async with aclosing(salesforce.poll(PollRequest(fields=fields, **request))) as polled:
        async for page in polled:
            found.append(page)
            if len(found) == count:
                break
    return found


def page_of(*rows: dict[str, Any], **said: Any) -> Reply:
    shown = [
        {**row, "SystemModstamp": row["SystemModstamp"].strftime("%Y-%m-%dT%H:%M:%S.000+0000")}
        for row in ({name: row[name] for name in ("Id", "LastName", "SystemModstamp")} for row in rows)
    ]
    return Reply({"totalSize": 9, "records": shown, **said})


async def test_fewer_rows_a_page_than_expected_are_no_end() -> None:
    """Bold: up to 2,000 rows a page, fewer for wide rows."""
    async with organisation(*leads(7)) as (org, salesforce):
        org.batch = 3
        found = await pages(salesforce)
        targets = [asked.target for asked in org.asked("/query/")]
    assert names(found) == numbers(1, 2, 3, 4, 5, 6, 7)
    assert targets == [f"/services/data/v62.0/query/01g000000000000-{offset}" for offset in (3, 6)]


async def test_two_thousand_rows_are_one_call_and_several_pages() -> None:
    async with organisation(*leads(2_001, each=timedelta(seconds=1))) as (org, salesforce):
        found = await pages(salesforce, page_size=500)
        assert len(org.asked("/query")) == 2
    assert [len(page.records) for page in found] == [500, 500, 500, 500, 1]
    assert [page.last for page in found] == [False] * 4 + [True]


async def test_the_next_address_is_used_as_it_comes() -> None:
    address = "/services/data/v62.0/query/01gD0%2F0002HU6KIAW-2000?x=%7e&y=a+b"
    async with organisation() as (org, salesforce):
        org.answer_next(page_of(lead(1), done=False, nextRecordsUrl=address), r"/query$")
        org.answer_next(page_of(lead(2), done=True), "/query/01gD0")
        assert names(await pages(salesforce)) == numbers(1, 2)
        assert org.api.asked[-1].target == address


async def test_the_end_is_told_in_two_ways_that_may_disagree() -> None:
    async with organisation(*leads(4)) as (org, salesforce):
        first = page_of(*leads(2), done=False)  # more to come, and no way to it: asked for by place
        org.answer_next(first, r"/query$")
        assert names(await pages(salesforce)) == numbers(1, 2, 3, 4)
        assert f"Id > '{key_of(2)}'" in org.queries[-1]


async def test_an_address_that_comes_again_ends_the_poll() -> None:
    address = "/services/data/v62.0/query/01gLOOP-2000"
    async with organisation() as (org, salesforce):
        org.answer_next(page_of(lead(1), done=False, nextRecordsUrl=address), "/query", times=9)
        with pytest.raises(Unavailable, match="read already"):
            await pages(salesforce)
        assert len(org.asked("/query")) == 2


async def test_empty_pages_without_end_are_a_fault() -> None:
    async with organisation() as (org, salesforce):
        for number in range(110):
            following = f"/services/data/v62.0/query/01gEMPTY-{number}"
            org.answer_next(page_of(done=False, nextRecordsUrl=following), "/query")
        with pytest.raises(Unavailable, match="100 empty pages"):
            await pages(salesforce)


async def test_an_address_that_leads_elsewhere_gets_no_token() -> None:
    async with organisation() as (org, salesforce):
        elsewhere = "https://salesforce.example.com/services/data/v62.0/query/01g-2000"
        org.answer_next(page_of(lead(1), done=False, nextRecordsUrl=elsewhere), "/query")
        with pytest.raises(Exception, match="another host"):
            await pages(salesforce)


@pytest.mark.parametrize("status", [400, 404])
async def test_p1_a_cursor_that_is_gone_costs_nothing(status: int) -> None:
    """It lives two days at most, and less when many are open; the place in the order is known."""
    async with organisation(*leads(7)) as (org, salesforce):
        org.batch = 3
        gone = error(status, "INVALID_QUERY_LOCATOR", "invalid query locator")
        org.answer_next(gone, "/query/")
        assert names(await pages(salesforce)) == numbers(1, 2, 3, 4, 5, 6, 7)
        at = "2026-03-03T09:03:00Z"
        place = f"SystemModstamp >= {at} AND (SystemModstamp > {at} OR Id > '{key_of(3)}')"
        assert place in org.queries[-1]


async def test_p1_ties_larger_than_a_page_are_read_once() -> None:
    """A bulk update gives thousands of leads one time, in whole seconds."""
    rows = leads(5, each=timedelta(0))
    async with organisation(*rows) as (org, salesforce):
        org.batch = 2
        first = await some(salesforce, 1)
        assert first[0].position == Position(DAY, (key_of(2),))
        rest = await pages(salesforce, position=first[0].position)
        assert names(first) + names(rest) == numbers(1, 2, 3, 4, 5)
        assert rest[-1].position == Position(DAY)
        again = await pages(salesforce, position=rest[-1].position)
        assert names(again) == numbers(1, 2, 3, 4, 5)


async def test_p1_a_row_that_is_committed_late_is_found_by_looking_back() -> None:
    """Bold: rows appear later with a stamp older than the highest that was seen."""
    async with organisation(*leads(30)) as (org, salesforce):
        position = (await pages(salesforce))[-1].position
        assert position
        org.put("Lead", lead(99, DAY + 16 * MINUTE, LastName="Ten minutes in Apex"))
        back = position.moved_back(salesforce.default_lookback)
        assert "Ten minutes in Apex" in names(await pages(salesforce, position=back))


async def test_p1_a_row_that_changes_while_it_is_read_moves_no_position() -> None:
    """It comes in its old place with its new time; those behind it are still to come."""
    async with organisation(*leads(6)) as (org, salesforce):
        org.batch = 2
        polled: list[Page] = []
        async with aclosing(salesforce.poll(PollRequest(fields=frozenset({"LastName"})))) as polling:
            async for page in polling:
                polled.append(page)
                if len(polled) == 1:
                    org.put("Lead", lead(3, org.clock.now(), LastName="Changed meanwhile"))
                if len(polled) == 2:
                    break
        assert names(polled) == [*numbers(1, 2), "Changed meanwhile", "Lead 4"]
        assert polled[-1].position == Position(DAY + 4 * MINUTE, (key_of(4),))
        rest = await pages(salesforce, position=polled[-1].position)
        assert names(rest) == [*numbers(5, 6), "Changed meanwhile"]


async def test_p1_a_row_deleted_while_it_is_read_is_only_missing() -> None:
    async with organisation(*leads(5)) as (org, salesforce):
        org.batch = 2
        polled: list[Page] = []
        async for page in salesforce.poll(PollRequest(fields=frozenset({"LastName"}))):
            polled.append(page)
            org.kinds["Lead"].rows.pop(key_of(4), None)
        assert names(polled) == numbers(1, 2, 3, 5)


async def test_a_date_in_the_future_blinds_nobody() -> None:
    far = DAY + timedelta(days=9_000)
    async with organisation(*leads(2), lead(9, far)) as (_, salesforce):
        found = await pages(salesforce)
    assert names(found) == numbers(1, 2, 9)
    assert found[-1].position == Position(DAY + 2 * MINUTE)


async def test_p9_a_poll_without_news_is_one_call() -> None:
    async with organisation(*leads(30)) as (org, salesforce):
        position = (await pages(salesforce))[-1].position
        assert position
        before = org.allowance.used
        found = await pages(salesforce, position=Position(position.at + MINUTE))
        assert [len(page.records) for page in found] == [0]
        assert found[-1].position == Position(position.at + MINUTE)
        assert org.allowance.used == before + 1


async def test_a_query_that_takes_too_long_is_asked_for_in_spans() -> None:
    """QUERY_TIMEOUT: half the span, and half of that, until Salesforce can."""
    rows = [lead(number, DAY - timedelta(days=400 - number)) for number in range(1, 400)]
    async with organisation(*rows) as (org, salesforce):
        org.slow_from = timedelta(days=100)
        found = await pages(salesforce)
        assert names(found) == numbers(*range(1, 400))
        assert [page.last for page in found].index(True) == len(found) - 1
        assert found[-1].position == Position(DAY - timedelta(days=1))
        assert len(org.queries) < 40


async def test_a_query_that_is_slow_from_a_position_on() -> None:
    rows = leads(300)
    async with organisation(*rows) as (org, salesforce):
        org.slow_from = timedelta(hours=1)
        found = await pages(salesforce, position=Position(DAY))
        assert names(found) == numbers(*range(1, 301))


async def test_a_query_that_is_slow_however_short_ends_the_poll() -> None:
    async with organisation(*leads(9, each=timedelta(seconds=5))) as (org, salesforce):
        org.slow_from = timedelta(seconds=1)
        with pytest.raises(Unavailable, match="longer than two minutes"):
            await pages(salesforce)
        assert len(org.queries) < 60


async def test_breaking_off_after_any_page_loses_nothing() -> None:
    rows = leads(11)
    async with organisation(*rows) as (org, salesforce):
        org.batch = 4
        whole = await pages(salesforce, page_size=3)
        for count in range(1, len(whole) + 1):
            first = await some(salesforce, count, page_size=3)
            rest = await pages(salesforce, position=first[-1].position)
            assert set(names(first)) | set(names(rest)) == set(numbers(*range(1, 12)))


async def test_records_by_their_keys_that_lead_round_in_a_circle_are_a_fault() -> None:
    async with organisation() as (org, salesforce):
        for number in range(9):
            following = f"/services/data/v62.0/query/01gROUND-{number}"
            org.answer_next(page_of(lead(1), done=False, nextRecordsUrl=following), "/query")
        with pytest.raises(Unavailable, match="the same page again"):
            await salesforce.fetch([key_of(1)])
