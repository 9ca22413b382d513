"""What changed in Zoho: the list by the time of the change, and by numbers and tokens within one second."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sources.base import PollRequest, Position, Window
from sources.errors import Unavailable
from tests.crm_scene import keys, polled, position_of, records_of
from tests.doubles.base import Reply
from tests.doubles.openapi import needed
from tests.rest_server import NOW
from tests.zoho_scene import ago, organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.doubles.zoho import Organisation

LIST = "/crm/v8/Leads$"
NAMES = frozenset({"Email"})


async def test_p1_a_page_begins_at_the_time_of_the_last_record_and_not_by_number() -> None:
    async with organisation() as (double, source):
        for number in range(1, 6):
            double.put(number, ago(60 - number))
        double.meanwhile = [lambda: double.put(1, NOW, Email="after@example.com")]
        found = await polled(source, fields=NAMES, page_size=2)
    assert keys(found) == ["1", "2", "3", "4", "5", "1"]
    assert {asked.query.get("page") for asked in double.asked(LIST)} == {"1"}
    assert records_of(found)[-1].fields["Email"] == "after@example.com"
    assert position_of(found) == Position(at=NOW)


@pytest.mark.parametrize("inclusive", [True, False])
async def test_p1_the_second_of_the_position_is_read_again_whatever_modified_since_means(
    inclusive: bool,
) -> None:
    async with organisation() as (double, source):
        double.inclusive = inclusive
        double.put(1, ago(10))
        double.put(2, ago(20))
        found = await polled(source, Position(at=ago(10)), fields=NAMES)
        assert keys(found) == ["1"]
        assert double.asked(LIST)[0].headers["if-modified-since"] == "2026-03-04T11:49:59+00:00"


async def test_p1_more_than_two_thousand_changes_of_one_second_are_all_read_once() -> None:
    async with organisation() as (double, source):
        for number in range(1, 2_102):
            double.put(number, ago(30))
        double.put(9_000, ago(20))
        found = await polled(source, Position(at=ago(60)), fields=NAMES)
    assert len(keys(found)) == len(set(keys(found))) == 2_102
    assert position_of(found) == Position(at=ago(20))
    queries = [asked.query for asked in double.asked(LIST)]
    numbers = [query["page"] for query in queries if "page" in query]
    assert numbers == ["1", "1", *(2 * [*map(str, range(1, 11))])]
    tokens = [query["page_token"] for query in queries if "page_token" in query]
    assert tokens == ["token-2000", "token-2000"]
    assert not any("page" in query and "page_token" in query for query in queries)


@pytest.mark.parametrize("goes", [True, False])
async def test_p1_none_of_many_of_one_second_is_lost_when_one_changes_or_goes_meanwhile(goes: bool) -> None:
    async with organisation() as (double, source):
        for number in range(1, 10):
            double.put(number, ago(30))
        change = (lambda: double.modules["Leads"].pop("1")) if goes else (lambda: double.put(1, ago(5)))
        double.meanwhile = [lambda: None, lambda: None, change]
        found = await polled(source, Position(at=ago(60)), fields=NAMES, page_size=3)
        assert {page.position for page in found[:-1] if page.position} <= {Position(at=ago(30))}
    assert set(keys(found)) == set(map(str, range(1, 10)))
    assert sorted(keys(found)) == sorted([*map(str, range(1, 10)), *([] if goes else ["1"])])


async def test_p1_many_of_one_second_that_do_not_come_to_rest_end_the_poll() -> None:
    async with organisation() as (double, source):
        for number in range(1, 10):
            double.put(number, ago(30))
        double.meanwhile = [lambda: None, *(_moved(double, n) for n in range(20, 90))]
        with pytest.raises(Unavailable, match="change while they are read"):
            await polled(source, Position(at=ago(60)), fields=NAMES, page_size=3)


def _moved(double: Organisation, number: int) -> Callable[[], None]:
    return lambda: double.put(number, ago(30))


async def test_p1_more_of_one_second_without_a_token_ends_the_poll_instead_of_losing_some() -> None:
    async with organisation() as (double, source):
        row = {"id": "1", "Modified_Time": "2026-03-04T14:00:00+03:00"}
        double.answer_next(Reply({"data": [row], "info": {"more_records": True}}), LIST, times=99)
        with pytest.raises(Unavailable, match="no page_token"):
            await polled(source, Position(at=ago(59.99)), fields=NAMES)


async def test_nothing_new_is_a_304_and_an_empty_module_a_204_both_without_a_body() -> None:
    async with organisation() as (double, source):
        assert keys(await polled(source, fields=NAMES)) == []
        double.put(1, ago(30))
        found = await polled(source, Position(at=ago(10)), fields=NAMES)
        assert (keys(found), position_of(found)) == ([], Position(at=ago(10)))
        assert await source.fetch(["7"]) == []
        double.answer_next(Reply(status=304), LIST)
        assert keys(await polled(source, Position(at=ago(60)), fields=NAMES)) == []


async def test_times_in_the_zone_of_the_user_are_understood() -> None:
    async with organisation() as (double, source):
        double.put(1, ago(30))
        (record,) = records_of(await polled(source, fields=NAMES))
    assert record.fields["Modified_Time"] == "2026-03-04T14:30:00+03:00"
    assert record.changed == ago(30)


async def test_p1_every_page_carries_a_position_from_which_the_rest_is_read() -> None:
    async with organisation() as (double, source):
        for number in range(1, 8):
            double.put(number, ago(30))
        double.put(9, ago(20))
        whole = await polled(source, fields=NAMES, page_size=2)
        for count in range(1, len(whole)):
            rest = await polled(source, whole[count - 1].position, fields=NAMES, page_size=2)
            assert set(keys(whole[:count])) | set(keys(rest)) == set(keys(whole))


async def test_a_backfill_begins_and_ends_where_its_window_does() -> None:
    async with organisation() as (double, source):
        for number in range(1, 40):
            double.put(number, ago(60 - number))
        window = Window(ago(50), ago(46) + timedelta(milliseconds=1))
        found = await polled(source, window=window, fields=NAMES, page_size=3)
    assert keys(found) == ["10", "11", "12", "13", "14"]
    assert len(double.asked(LIST)) == 3


async def test_p1_records_that_are_not_sorted_end_the_poll_instead_of_losing_some() -> None:
    async with organisation() as (double, source):
        double.sorts = False
        for number in (1, 2):
            double.put(number, ago(60 - number))
        with pytest.raises(Unavailable, match="not sorted by Modified_Time"):
            await polled(source, fields=NAMES)


async def test_p1_a_modified_since_that_is_not_heeded_ends_the_poll() -> None:
    async with organisation() as (double, source):
        double.heeds = False
        double.put(1, ago(60))
        with pytest.raises(Unavailable, match="begin before the If-Modified-Since"):
            await polled(source, Position(at=ago(30)), fields=NAMES)


async def test_p1_a_page_without_times_ends_the_poll_instead_of_being_asked_for_for_ever() -> None:
    async with organisation() as (double, source):
        odd = {"data": [{"id": "1"}], "info": {"more_records": True}}
        double.answer_next(Reply(odd), LIST, times=9)
        with pytest.raises(Unavailable, match="without any Modified_Time"):
            await polled(source, fields=NAMES)


async def test_an_answer_that_is_not_as_described_says_so() -> None:
    async with organisation() as (double, source):
        double.answer_next(Reply({"records": []}), LIST)
        with pytest.raises(Unavailable, match="not as described"):
            await polled(source, fields=NAMES)


async def test_what_is_no_record_is_set_aside_and_the_rest_is_read() -> None:
    async with organisation() as (double, source):
        rows = [7, {"Email": None}, {"id": "1", "Modified_Time": "2026-03-04T14:00:00+03:00"}]
        double.answer_next(Reply({"data": rows, "info": {}}), LIST)
        found = await polled(source, fields=NAMES)
    assert keys(found) == ["1"]
    assert [each.reason for page in found for each in page.bad] == ["it is not an object", "it has no id"]


async def test_what_is_asked_is_in_the_specification() -> None:
    specification = needed("zoho-record.json")
    async with organisation(include_converted=True) as (double, source):
        for number in range(1, 6):
            double.put(number, ago(60 - number))
        async for _page in source.poll(PollRequest(Position(at=ago(90)), page_size=2)):
            pass
        await source.fetch(["1"])
        await source.check()
    known = {asked.path for asked in double.api.asked if specification.knows(asked)}
    assert "/crm/v8/Leads" in known
    assert double.complaints == []
