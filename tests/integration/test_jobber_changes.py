"""What changed in Jobber: spans of time that fit on a page, both ends included, and crowded seconds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sources.base import Position, Window
from sources.errors import Unavailable
from tests.crm_scene import keys, polled, position_of, records_of
from tests.doubles.base import Reply
from tests.jobber_scene import GRAPHQL, account, ago

NAME = frozenset({"name"})


def listed(asked: Any) -> dict[str, Any]:
    return asked.json["variables"]


def page(*nodes: Any, more: bool = False, total: int = 9, **info: Any) -> Reply:
    """Return a page as Jobber gives it."""
    info = {"hasNextPage": more, "endCursor": "Mg", **info}
    return Reply({"data": {"found": {"nodes": list(nodes), "pageInfo": info, "totalCount": total}}})


async def test_p1_both_ends_of_a_range_are_in_it_and_no_record_comes_twice_or_not_at_all() -> None:
    async with account() as (double, source):
        for number in range(30):
            double.put(number, ago(60 - number))
        found = await polled(source, fields=NAME, page_size=4)
        spans = [listed(each)["filter"].get("updatedAt", {}) for each in double.asked(GRAPHQL)]
    assert sorted(keys(found), key=int) == [str(number) for number in range(30)]
    ends = {span["before"] for span in spans if "before" in span}
    assert ends <= {span.get("after") for span in spans}  # a part begins where the one before it ends


async def test_records_come_oldest_first_whatever_order_jobber_has_them_in() -> None:
    async with account() as (double, source):
        for number, minutes in enumerate([3, 50, 20, 20, 41, 7, 30]):
            double.put(number, ago(minutes))
        found = await polled(source, fields=NAME, page_size=2)
    assert keys(found) == ["1", "4", "6", "2", "3", "5", "0"]
    assert position_of(found) == Position(at=ago(3))


@pytest.mark.parametrize("order", [1, -1])
async def test_lists_that_are_sorted_take_two_queries_for_each_page(order: int) -> None:
    async with account() as (double, source):
        for number in range(100, 160):
            double.put(number, ago(200 - order * number))
        await polled(source, Position(at=ago(360)), fields=NAME, page_size=20)
        assert len(double.asked(GRAPHQL)) <= 10


async def test_p1_a_change_within_the_second_of_the_position_is_read() -> None:
    async with account() as (double, source):
        double.put(1, ago(10) + timedelta(milliseconds=700))
        found = await polled(source, Position(at=ago(10) + timedelta(milliseconds=900)), fields=NAME)
    assert keys(found) == ["1"]


async def test_p1_an_import_of_one_second_that_fills_many_pages_is_read_once() -> None:
    async with account() as (double, source):
        for number in range(120):
            double.put(number, ago(30) + timedelta(milliseconds=number))
        double.put(900, ago(20))
        found = await polled(source, Position(at=ago(60)), fields=NAME)
    assert sorted(keys(found), key=int) == [*map(str, range(120)), "900"]
    assert position_of(found) == Position(at=ago(20))
    assert {each.position for each in found[:-1]} <= {None, Position(at=ago(30))}


async def test_p1_none_of_a_second_is_lost_when_one_changes_while_its_pages_are_read() -> None:
    async with account() as (double, source):
        for number in range(1, 10):
            double.put(number, ago(30))
        nothing: Any = [lambda: None] * 10
        double.meanwhile = [*nothing, lambda: double.put(9, ago(5))]  # the first of the first page
        found = await polled(source, Position(at=ago(60)), page_size=3)
        counted = [listed(each) for each in double.asked(GRAPHQL) if "totalCount" in each.json["query"]]
    assert [each.get("after") for each in counted[3:]] == [None, "Mw==", None, "Mw==", "Ng=="]
    assert set(keys(found)) == set(map(str, range(1, 10)))
    assert max(each.changed for each in records_of(found) if each.key == "9") == ago(5)


async def test_p1_a_second_that_does_not_come_to_rest_ends_the_poll() -> None:
    async with account() as (double, source):
        for number in range(100, 200):
            double.put(number, ago(30))
        double.meanwhile = [lambda n=n: double.put(n, ago(5)) for n in range(199, 100, -1)]
        with pytest.raises(Unavailable, match="change while they are read"):
            await polled(source, window=Window(ago(31), ago(29)), fields=NAME, page_size=3)


async def test_p1_a_second_whose_list_is_in_another_order_each_time_is_read_until_all_were_seen() -> None:
    async with account() as (double, source):
        one, two, three = ({"id": each, "updatedAt": "2026-03-04T11:00:00Z"} for each in "123")
        for some, more in [
            ([one], True),
            ([one, two], True),
            ([two], False),
            ([one, two], True),
            ([three], False),
        ]:
            double.answer_next(page(*some, more=more, total=3), GRAPHQL)
        window = Window(ago(60), ago(60) + timedelta(seconds=1))
        assert keys(await polled(source, window=window, fields=NAME)) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("cursors", "total", "told"),
    [
        ([None] * 9, 99, "begins where one began already"),
        (["same"] * 9, 99, "begins where one began already"),
        ([f"c{number}" for number in range(99)], 99, "more after the last"),  # the same records again
        ([f"c{number}" for number in range(99)], 3, "more after the last"),  # and all were given
    ],
)
async def test_pages_that_repeat_or_have_no_end_end_the_poll(cursors: Any, total: int, told: str) -> None:
    async with account() as (double, source):
        nodes = [{"id": str(number), "updatedAt": "2026-03-04T11:00:00Z"} for number in range(3)]
        for number, cursor in enumerate(cursors):
            some = (
                [{**each, "id": f"{number}{each['id']}"} for each in nodes]
                if cursor in (None, "same")
                else nodes
            )
            double.answer_next(page(*some, more=True, total=total, endCursor=cursor), GRAPHQL)
        window = Window(ago(60), ago(60) + timedelta(seconds=1))
        with pytest.raises(Unavailable, match=told):
            await polled(source, window=window, fields=NAME)
        assert len(double.asked(GRAPHQL)) < 6


async def test_more_after_an_empty_page_ends_the_poll() -> None:
    async with account() as (double, source):
        double.answer_next(page(more=True), GRAPHQL, times=3)
        with pytest.raises(Unavailable, match="more after the last"):
            await polled(source, fields=NAME)


async def test_p1_requests_which_cannot_be_sorted_by_their_change_are_read_in_order_too() -> None:
    async with account(object="requests") as (double, source):
        for number in range(20):
            double.put(number, ago(60 - number), "Request", phone="804-555-0123")
        found = await polled(source, page_size=3)
        assert keys(found) == [str(number) for number in range(20)]
        assert position_of(found) == Position(at=ago(41))
        assert not any("sort" in each.json["query"] for each in double.asked(GRAPHQL))
    assert records_of(found)[0].fields["client"]["name"] == "Ada"


async def test_leads_only_and_archived_ones_are_a_matter_of_choice() -> None:
    for said, there in [
        ({}, ["1", "2"]),
        ({"leads_only": True}, ["1"]),
        ({"include_archived": True}, ["1", "2", "3"]),
    ]:
        async with account(**said) as (double, source):
            double.put(1, ago(30))
            double.put(2, ago(20), isLead=False)
            double.put(3, ago(10), isArchived=True)
            assert keys(await polled(source, fields=NAME)) == there
            assert [each.key for each in await source.fetch(["1", "2", "3"])] == there


async def test_archived_requests_are_left_out_and_move_the_position_all_the_same() -> None:
    async with account(object="requests") as (double, source):
        double.put(1, ago(30), "Request")
        double.put(2, ago(20), "Request", requestStatus="archived")
        found = await polled(source, fields=frozenset({"phone"}))
        assert (keys(found), position_of(found)) == (["1"], Position(at=ago(20)))
        assert [each.key for each in await source.fetch(["1", "2"])] == ["1"]


async def test_what_is_no_record_is_set_aside_and_the_rest_is_read() -> None:
    async with account() as (double, source):
        double.answer_next(page(7, {"name": "x"}, {"id": "1", "updatedAt": "2026-03-04T11:00:00Z"}), GRAPHQL)
        found = await polled(source, fields=NAME)
    assert keys(found) == ["1"]
    assert [each.reason for each in found[0].bad] == ["it is not an object", "it has no id"]


async def test_an_answer_that_is_not_as_described_says_so() -> None:
    async with account() as (double, source):
        double.answer_next(Reply({"data": {"found": None}}), GRAPHQL)
        with pytest.raises(Unavailable, match="not as described"):
            await polled(source, fields=NAME)
