"""What changed in Close: found by a search that knows only days, newest first, and people inside leads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sources.base import PollRequest, Position, Window
from sources.close import Close
from sources.errors import Unavailable
from tests.close_scene import ago, organisation
from tests.crm_scene import keys, polled, position_of, records_of
from tests.doubles.base import Reply
from tests.doubles.close import refused
from tests.rest_server import NOW

SEARCH = "/data/search/$"
DAY = 24 * 60


def condition_of(body: dict[str, object]) -> object:
    query: object = body["query"]
    assert isinstance(query, dict)
    return query["queries"][1]["condition"]


async def test_a_search_is_told_days_since_a_time_is_refused_and_a_day_more_on_either_side() -> None:
    async with organisation() as (close, source):
        close.put("lead_1", ago(30) + timedelta(milliseconds=500))
        close.put("lead_2", ago(31))
        found = await polled(source, Position(at=ago(30)), fields=frozenset({"name"}))
        await polled(source, window=Window(ago(2 * DAY), ago(DAY)), fields=frozenset({"name"}))
        first, last = close.asked(SEARCH)[0], close.asked(SEARCH)[-1]
    assert keys(found) == ["lead_1"]
    assert condition_of(first.json) == {
        "type": "moment_range",
        "on_or_after": {"type": "fixed_local_date", "value": "2026-03-03", "which": "start"},
        "before": None,
    }
    assert condition_of(last.json) == {
        "type": "moment_range",
        "on_or_after": {"type": "fixed_local_date", "value": "2026-03-01", "which": "start"},
        "before": {"type": "fixed_local_date", "value": "2026-03-04", "which": "end"},
    }
    assert {asked.headers["x-tz-offset"] for asked in close.asked(SEARCH)} == {"0"}


@pytest.mark.parametrize("zone", [-11, -5, 0, 9, 14])
async def test_p1_days_of_any_zone_lose_nothing(zone: int) -> None:
    async with organisation() as (close, source):
        close.zone = zone
        for hours in range(72):
            close.put(f"lead_{hours}", ago(60 * hours))
        since = await polled(source, Position(at=ago(60 * 20)))
        window = await polled(source, window=Window(ago(60 * 40), ago(60 * 20)))
    assert set(keys(since)) == {f"lead_{hours}" for hours in range(21)}
    assert set(keys(window)) == {f"lead_{hours}" for hours in range(21, 41)}


async def test_p9_a_poll_is_over_when_it_meets_what_is_older() -> None:
    async with organisation() as (close, source):
        for number in range(100):
            close.put(f"lead_{number}", ago(number))
        found = await polled(source, Position(at=ago(1)), page_size=5, fields=frozenset({"name"}))
    assert keys(found) == ["lead_0", "lead_1"]
    assert len(close.asked(SEARCH)) == 2


async def test_p1_results_that_are_not_sorted_are_read_to_the_end() -> None:
    async with organisation() as (close, source):
        close.sorts = False
        for number in range(30):
            close.put(f"lead_{number}", ago(29 - number))
        found = await polled(source, Position(at=ago(3)), page_size=5)
    assert set(keys(found)) == {"lead_26", "lead_27", "lead_28", "lead_29"}


async def test_p1_a_change_that_is_seen_late_is_found_by_reading_five_minutes_again() -> None:
    assert Close.default_lookback == timedelta(minutes=5)
    async with organisation() as (close, source):
        close.put("lead_1", ago(1))
        position = position_of(await polled(source, Position(at=ago(60))))
        assert position == Position(at=ago(1))
        close.put("lead_2", ago(5))
        again = await polled(source, position.moved_back(Close.default_lookback))
    assert "lead_2" in keys(again)


async def test_p1_a_change_of_a_person_alone_brings_its_lead() -> None:
    async with organisation() as (close, source):
        close.put("lead_1", ago(600))
        close.put("lead_2", ago(600))
        close.put_person("cont_1", "lead_1", ago(3), phones=[{"phone": "+18045550123", "type": "mobile"}])
        close.put_person("cont_2", "lead_2", ago(500))
        found = await polled(source, Position(at=ago(60)))
        assert position_of(found) == Position(at=ago(3))
        again = await polled(source, position_of(found))
    record = records_of(found)[0]
    assert keys(found) == ["lead_1"]
    assert record.changed == ago(3)
    assert record.fields["contacts"][0]["phones"][0]["phone"] == "+18045550123"
    assert keys(again) == ["lead_1"]


async def test_a_lead_that_changed_along_with_its_person_is_given_once() -> None:
    async with organisation() as (close, source):
        close.put("lead_1", ago(4))
        close.put_person("cont_1", "lead_1", ago(3))
        assert keys(await polled(source, Position(at=ago(60)))) == ["lead_1"]


async def test_people_are_not_looked_for_by_a_mapping_without_any_nor_at_first() -> None:
    async with organisation() as (close, source):
        close.put("lead_1", ago(600))
        close.put_person("cont_1", "lead_1", ago(3))
        assert keys(await polled(source, Position(at=ago(60)), fields=frozenset({"name"}))) == []
        assert keys(await polled(source)) == ["lead_1"]
        kinds = {asked.json["query"]["queries"][0]["object_type"] for asked in close.asked(SEARCH)}
    assert kinds == {"lead"}


async def test_p1_the_change_of_a_person_does_not_carry_the_position_past_leads_to_come() -> None:
    async with organisation() as (close, source):
        for number in range(1, 8):
            close.put(f"lead_{number}", ago(40 - number))
        close.put_person("cont_1", "lead_0", ago(1))
        pages = source.poll(PollRequest(Position(at=ago(60)), page_size=3))
        first = [await anext(pages), await anext(pages)]
        await pages.aclose()
        rest = await polled(source, position_of(first), page_size=3)
    assert {*keys(first), *keys(rest)} == {f"lead_{number}" for number in range(1, 8)}


async def test_p1_more_leads_than_a_span_may_hold_are_read_by_days_with_positions_between() -> None:
    async with organisation() as (close, source):
        for number in range(2_100):
            close.put(f"lead_{number}", ago(10 * DAY) + timedelta(seconds=400 * number))
        found = await polled(source, page_size=200)
    assert len(set(keys(found))) == 2_100
    assert len(keys(found)) == 2_100
    positions = [page.position.at for page in found if page.position is not None]
    assert len(set(positions)) > 1
    assert positions == sorted(positions)


async def test_p1_a_bulk_edit_of_more_leads_than_a_search_gives_is_read_by_when_they_were_created() -> None:
    async with organisation() as (close, source):
        close.cap = 2_000
        for number in range(2_100):
            close.put(f"lead_{number}", ago(80 * DAY) + timedelta(minutes=50 * number))
            close.put(f"lead_{number}", ago(90))
        close.put("lead_0", ago(10))
        found = await polled(source, page_size=200)
        asked = len(close.asked(SEARCH))
        again = await polled(source, position_of(found), page_size=200, fields=frozenset({"name"}))
    assert len(keys(found)) == len(set(keys(found))) == 2_100
    assert position_of(found) == Position(at=ago(10))
    assert {page.position for page in found[:-1]} == {None}
    assert keys(again) == ["lead_0"]
    assert len(close.asked(SEARCH)) - asked <= 2


async def test_p1_a_search_that_ends_before_its_end_is_an_error_and_loses_nothing() -> None:
    async with organisation() as (close, source):
        close.cap = 2_000
        for number in range(2_010):
            close.put(f"lead_{number}", ago(90) + timedelta(seconds=number))
        with pytest.raises(Unavailable, match=r"only 2,000 of the 2,010"):
            await polled(source)


async def test_p1_what_changes_while_a_search_is_read_is_read_by_the_next_poll() -> None:
    async with organisation() as (close, source):
        for number in range(1, 8):
            close.put(f"lead_{number}", ago(30 - number))
        close.meanwhile = [lambda: close.put("lead_1", NOW + timedelta(seconds=30))]
        found = await polled(source, page_size=3)
        position = position_of(found)
        assert position is not None
        assert position.at <= NOW
        close.clock.slept.append(60)
        assert "lead_1" in keys(await polled(source, position))


async def test_a_cursor_that_leads_back_ends_with_an_error() -> None:
    async with organisation() as (close, source):
        again = {"data": [{"id": "lead_1"}], "cursor": "again", "count": {"total": 9}}
        close.answer_next(Reply(again), SEARCH, times=9)
        with pytest.raises(Unavailable, match="stopped there"):
            await polled(source)
    assert len(close.asked(SEARCH)) == 2


async def test_a_cursor_that_is_not_taken_any_more_is_no_fault_of_the_settings() -> None:
    async with organisation() as (close, source):
        close.answer_next(Reply({"data": [{"id": "lead_1"}], "cursor": "old"}), SEARCH)
        close.answer_next(refused("cursor: it is not valid any more"), SEARCH)
        with pytest.raises(Unavailable, match="a further page was refused"):
            await polled(source)


async def test_a_page_with_nothing_is_the_end_whatever_its_cursor() -> None:
    async with organisation() as (close, source):
        close.answer_next(Reply({"data": [], "cursor": "more"}), SEARCH)
        assert keys(await polled(source)) == []


async def test_p1_a_search_that_breaks_off_before_its_count_moves_no_position() -> None:
    async with organisation() as (close, source):
        first = {"data": [{"id": "lead_1"}], "cursor": "1", "count": {"total": 9}}
        close.answer_next(Reply(first), SEARCH)
        close.answer_next(Reply({"data": [], "cursor": "more"}), SEARCH)
        with pytest.raises(Unavailable, match="gives only 1 of the 9 leads"):
            await polled(source)


@pytest.mark.parametrize("odd", [{}, [], {"data": 7}, {"data": [], "count": 7}])
async def test_an_answer_that_is_not_as_described_says_so(odd: object) -> None:
    async with organisation() as (close, source):
        close.answer_next(Reply(odd), SEARCH)
        with pytest.raises(Unavailable, match="not as described"):
            await polled(source)


async def test_new_cursors_to_the_same_page_end_with_an_error() -> None:
    async with organisation() as (close, source):
        for number in range(9):
            said = {"data": [{"id": "lead_1"}], "cursor": f"made-up-{number}", "count": {"total": 99}}
            close.answer_next(Reply(said), SEARCH)
        with pytest.raises(Unavailable, match="the same page again"):
            await polled(source)
