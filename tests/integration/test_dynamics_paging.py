"""Reading Dataverse page after page: links as they come, ties, ids in an order of their own, what moves."""

from __future__ import annotations

from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sources._dynamics.addresses import other_hosts
from sources._http.reach import Reach
from sources.base import PollRequest, Position, Window
from sources.errors import BadConfig, Unavailable
from tests.crm_scene import polled, position_of, records_of
from tests.doubles.base import Reply, beside
from tests.doubles.dynamics import DynamicsDouble, error
from tests.doubles.dynamics_odata import id_order
from tests.doubles.dynamics_tables import id_of
from tests.dynamics_scene import ago, environment, fill
from tests.rest_server import NOW

if TYPE_CHECKING:
    from sources.base import Page
    from sources.dynamics import Dynamics

READS = frozenset({"lastname"})
TABLE = "/leads$"


def numbers(count: int) -> list[str]:
    return [f"Lead {number}" for number in range(1, count + 1)]


def names(found: list[Page]) -> list[Any]:
    return [record.fields["lastname"] for record in records_of(found)]


async def some(source: Dynamics, count: int, **request: Any) -> list[Page]:
    """Poll so many pages and break off, as a kill does."""
    found: list[Page] = []
    async with aclosing(source.poll(PollRequest(fields=READS, **request))) as pages:
        async for page in pages:
            found.append(page)
            if len(found) == count:
                break
    return found


def row(number: int) -> dict[str, Any]:
    return {"leadid": id_of(number), "lastname": f"Lead {number}", "modifiedon": "2026-03-04T10:00:00Z"}


def page_of(*rows: dict[str, Any], link: str) -> Reply:
    return Reply({"value": list(rows), "@odata.nextLink": link})


async def test_the_next_link_is_used_byte_for_byte() -> None:
    """Bold: use as is, don't re-encode or add options. The cookie in it is encoded twice."""
    async with environment() as (double, source):
        fill(double, 5)
        links: list[str] = []
        routed = double._routed

        def noting(asked: Any) -> Reply:
            reply = routed(asked)
            links.append((reply.data or {}).get("@odata.nextLink"))
            return reply

        double._routed = noting  # type: ignore[method-assign] # the links that were given, to compare with
        assert names(await polled(source, fields=READS, page_size=2)) == numbers(5)
        asked = [each.target for each in double.asked(TABLE)]
    followed = [link for link in links if link]
    assert asked[1:] == [link.removeprefix(double.url()) for link in followed]
    assert all("%22" in link and "%253C" in link for link in followed)


@pytest.mark.parametrize(
    "cookie",
    [
        "%3Ccookie%20pagenumber=%222%22%20pagingcookie=%22%253ccookie%2520page%253d%25221%2522%253e%22%20/%3E",
        "a+b%2fc%2Fd~e!f*(g)'h,i%7e",
        "%3c%3C==&odd",
    ],
)
async def test_odd_links_go_back_as_they_came(cookie: str) -> None:
    async with environment() as (double, source):
        link = f"{double.url()}/api/data/v9.2/leads?$select=lastname&$skiptoken={cookie}"
        double.answer_next(page_of(row(1), link=link), TABLE)
        double.answer_next(Reply({"value": [row(2)]}), TABLE)
        assert names(await polled(source, fields=READS)) == numbers(2)
        first, second = double.asked(TABLE)
        assert second.target == link.removeprefix(double.url())
        assert second.headers["prefer"] == first.headers["prefer"]


async def test_skip_is_never_asked_for_and_the_page_size_is_a_wish() -> None:
    """Bold: no $skip. A size beyond 5,000 would be ignored, so that it is not asked for."""
    async with environment() as (double, source):
        fill(double, 5)
        await polled(source, fields=READS, page_size=2)
        await polled(source, fields=READS, page_size=9_000)
        asked = double.asked(TABLE)
        assert not [each.target for each in asked if "skip=" in each.target or "%24" in each.target]
        sizes = [each.headers["prefer"].partition(",")[0] for each in asked]
    assert sizes == ["odata.maxpagesize=2"] * 3 + ["odata.maxpagesize=5000"]


async def test_a_link_to_another_host_gets_no_token() -> None:
    stranger = DynamicsDouble()
    with beside(stranger):
        async with environment() as (double, source):
            link = f"{stranger.url()}/api/data/v9.2/leads?$skiptoken=1"
            double.answer_next(page_of(row(1), link=link), TABLE)
            with pytest.raises(Unavailable, match="leads away from the environment"):
                await polled(source, fields=READS)
    assert stranger.api.asked == []


@pytest.mark.parametrize(
    ("base", "link", "is_ours"),
    [
        ("https://contoso.crm4.dynamics.com", "https://contoso.api.crm4.dynamics.com/x", True),
        ("https://contoso.crm4.dynamics.com", "https://contoso.crm4.dynamics.com/x", True),
        ("https://contoso.crm4.dynamics.com", "https://fabrikam.api.crm4.dynamics.com/x", False),
        ("https://contoso.crm4.dynamics.com", "https://contoso.api.crm.dynamics.com/x", False),
        ("https://contoso.crm4.dynamics.com", "https://contoso.api.crm4.dynamics.com.example.com/x", False),
        ("https://contoso.crm.microsoftdynamics.us", "https://contoso.api.crm.microsoftdynamics.us/x", True),
        ("https://gateway.example.com", "https://api.gateway.example.com/x", False),
    ],
)
def test_the_host_of_a_link_may_differ_within_the_environment(base: str, link: str, is_ours: bool) -> None:
    """Gotcha: nextLink may name `contoso.api.crm4…` where `contoso.crm4…` was asked."""
    reach = Reach(base, other_hosts(base))
    if is_ours:
        assert reach.admit(link) == link
    else:
        with pytest.raises(BadConfig):
            reach.admit(link)


async def test_p1_a_link_that_is_not_taken_any_more_costs_nothing() -> None:
    async with environment() as (double, source):
        fill(double, 7, tied=True)
        found: list[Page] = []
        async with aclosing(source.poll(PollRequest(fields=READS, page_size=3))) as pages:
            async for page in pages:
                found.append(page)
                double.forget_links()
        assert sorted(names(found)) == numbers(7)
        assert "leadid%20gt%20" in double.asked(TABLE)[-1].target


async def test_p1_ties_larger_than_a_page_are_read_once_and_gone_on_behind() -> None:
    """Whole seconds: a bulk edit gives thousands of rows one time. Ids are compared by the server alone."""
    async with environment() as (double, source):
        fill(double, 7, tied=True)
        by_server = sorted((id_of(number) for number in range(1, 8)), key=id_order)
        first = await some(source, 1, page_size=3)
        assert by_server != sorted(by_server)
        assert first[0].position == Position(ago(100), (by_server[2],))
        rest = await polled(source, first[0].position, fields=READS, page_size=3)
        assert [each.key for each in records_of([*first, *rest])] == by_server
        assert position_of(rest) == Position(ago(100))
        assert sorted(names(await polled(source, Position(ago(100)), fields=READS))) == numbers(7)


async def test_p1_where_ids_cannot_be_compared_the_whole_second_is_read_again() -> None:
    async with environment() as (double, source):
        double.compares_ids = False
        fill(double, 4, tied=True)
        rest = await polled(source, Position(ago(100), (id_of(2),)), fields=READS)
        assert sorted(names(rest)) == numbers(4)
        tries = [each.target for each in double.asked(TABLE)]
    assert ["leadid%20gt" in each for each in tries] == [True, False]


async def test_p1_breaking_off_after_any_page_loses_nothing() -> None:
    async with environment() as (double, source):
        fill(double, 9)
        whole = await polled(source, fields=READS, page_size=4)
        assert [page.last for page in whole] == [False, False, True]
        for count in range(1, len(whole) + 1):
            first = await some(source, count, page_size=4)
            rest = await polled(source, first[-1].position, fields=READS)
            assert set(names(first)) | set(names(rest)) == set(numbers(9))


async def test_p1_a_row_that_changes_while_it_is_read_is_read_again_and_hides_none() -> None:
    async with environment() as (double, source):
        fill(double, 6)
        found: list[Page] = []
        async with aclosing(source.poll(PollRequest(fields=READS, page_size=2))) as pages:
            async for page in pages:
                found.append(page)
                double.put("leads", 1, NOW, lastname="Changed")
        assert names(found) == [*numbers(6), "Changed"]


async def test_p1_a_row_committed_late_is_found_by_looking_back() -> None:
    async with environment() as (double, source):
        fill(double, 5)
        position = position_of(await polled(source, fields=READS))
        assert position
        double.put("leads", 9, ago(95) - timedelta(minutes=3), lastname="Late")
        assert "Late" in names(await polled(source, position.moved_back(source.default_lookback)))


async def test_p9_a_poll_without_news_is_one_request() -> None:
    async with environment() as (double, source):
        fill(double, 30)
        position = Position(ago(10))
        before = len(double.asked("/api/"))
        (page,) = await polled(source, position, fields=READS)
        assert (page.records, page.position, page.last) == ([], position, True)
        assert len(double.asked("/api/")) == before + 1


async def test_a_date_in_the_future_blinds_nobody() -> None:
    async with environment() as (double, source):
        fill(double, 2)
        double.put("leads", 3, NOW + timedelta(days=9_000), lastname="Lead 3")
        found = await polled(source, fields=READS)
    assert names(found) == numbers(3)
    assert position_of(found) == Position(ago(98))


async def test_a_link_that_comes_again_ends_the_poll() -> None:
    async with environment() as (double, source):
        link = f"{double.url()}/api/data/v9.2/leads?$skiptoken=1"
        for number in range(1, 9):
            double.answer_next(page_of(row(number), link=link), TABLE)
        with pytest.raises(Unavailable, match="read already"):
            await polled(source, fields=READS)
        assert len(double.asked(TABLE)) == 2


async def test_new_links_to_the_same_page_end_the_poll() -> None:
    async with environment() as (double, source):
        for number in range(9):
            link = f"{double.url()}/api/data/v9.2/leads?$skiptoken={number}"
            double.answer_next(page_of(row(1), link=link), TABLE)
        with pytest.raises(Unavailable, match="the same page again"):
            await polled(source, fields=READS)
        assert len(double.asked(TABLE)) == 2


async def test_a_link_that_is_refused_again_and_again_ends_the_poll() -> None:
    async with environment() as (double, source):
        fill(double, 9)
        for _ in range(9):
            double.answer_next(error(400, "0x0", "Malformed XML in the Paging Cookie."), TABLE)
        with pytest.raises(BadConfig, match="does not take the query"):
            await polled(source, fields=READS, page_size=2)


async def test_windows_are_whole_seconds_for_dataverse_and_exact_for_us() -> None:
    """Whole seconds, UTC: a fraction is rounded outwards in the filter."""
    async with environment() as (double, source):
        fill(double, 5)
        half = timedelta(milliseconds=500)
        window = Window(ago(98) - half, ago(96) + half)
        assert names(await polled(source, fields=READS, window=window)) == ["Lead 2", "Lead 3", "Lead 4"]
        said = double.asked(TABLE)[-1].query["$filter"]
    assert said == "modifiedon ge 2026-03-04T10:21:59Z and modifiedon lt 2026-03-04T10:24:01Z"
