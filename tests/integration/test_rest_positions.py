"""Where a poll goes on: by position, sorted or not, and snapshots that have not changed."""

# ruff: noqa: SIM117 a server, then its client: two blocks
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sources.base import Page, PollRequest, Position, Window
from sources.errors import BadConfig
from tests.rest_server import NOW, Asked, Reply, keys, pages, serving, source

T1, T2, T3 = (NOW - timedelta(minutes=minutes) for minutes in (30, 20, 10))
LATER = datetime(2099, 1, 1, tzinfo=UTC)
BY_POSITION: dict[str, Any] = {
    "changed": "at",
    "since": {"param": "since"},
    "paging": {"type": "page_number"},
}


def _row(key: int, at: datetime | str | None) -> dict[str, Any]:
    return {"id": key, "at": at.isoformat() if isinstance(at, datetime) else at}


def _paged(*found: list[dict[str, Any]]) -> Any:
    def answer(asked: Asked) -> Any:
        number = int(asked.query["page"]) - 1
        return found[number] if number < len(found) else []

    return answer


def _positions(found: list[Page]) -> list[Any]:
    return [page.position.at if page.position else None for page in found]


async def test_p1_an_unordered_api_moves_the_position_on_its_last_page_only() -> None:
    rows = _paged([_row(1, T3), _row(2, T1)], [_row(3, T2)])
    async with serving(rows) as api, source(api.url(), **BY_POSITION) as rest:
        assert _positions(await pages(rest)) == [None, None, T3]


async def test_an_ascending_api_with_a_cursor_moves_it_on_every_page() -> None:
    found = {"": ([_row(1, T1), _row(2, T2)], "b"), "b": ([_row(3, T3)], "c"), "c": ([], None)}

    def answer(asked: Asked) -> Any:
        rows, following = found[asked.query.get("at", "")]
        return {"rows": rows, "next": following}

    paging = {"type": "cursor", "cursor": "next", "param": "at"}
    said = {**BY_POSITION, "records": "rows", "order": "ascending", "paging": paging}
    async with serving(answer) as api, source(api.url(), **said) as rest:
        assert _positions(await pages(rest)) == [T2, T3, T3]


async def test_an_ascending_api_with_page_numbers_moves_it_at_its_end() -> None:
    rows = _paged([_row(1, T1), _row(2, T2)], [_row(3, T3)])
    async with serving(rows) as api, source(api.url(), order="ascending", **BY_POSITION) as rest:
        assert _positions(await pages(rest)) == [None, None, T3]


async def test_p1_a_list_that_moved_under_page_numbers_is_read_again_from_where_it_had_not() -> None:
    """Lead 1 changes after the first page was read: lead 3 slips over its end, and is not seen."""
    rows = _paged([_row(1, T1), _row(2, T2)], [_row(4, T3), _row(1, NOW)])
    async with serving(rows) as api, source(api.url(), order="ascending", **BY_POSITION) as rest:
        found = await pages(rest)
    assert _positions(found) == [None, None, T2]
    assert "the next poll reads again from" in found[-1].notes[-1]


async def test_p1_what_was_answered_before_the_first_change_had_not_moved() -> None:
    dated = [NOW, NOW + timedelta(seconds=30), NOW + timedelta(seconds=60), NOW + timedelta(seconds=90)]
    changed = NOW + timedelta(seconds=50)
    lists = [[_row(1, T1)], [_row(2, T2)], [_row(4, T3)], [_row(1, changed)], []]

    def answer(asked: Asked) -> Any:
        number = int(asked.query["page"]) - 1
        when = dated[min(number, len(dated) - 1)]
        return Reply(lists[number], date=when)

    async with serving(answer) as api, source(api.url(), order="ascending", **BY_POSITION) as rest:
        assert _positions(await pages(rest))[-1] == T2


async def test_p1_an_api_that_is_not_sorted_as_it_was_said_is_read_as_unordered() -> None:
    rows = _paged([_row(1, T1), _row(2, T3)], [_row(3, T2)], [_row(4, T3)])
    async with serving(rows) as api, source(api.url(), order="ascending", **BY_POSITION) as rest:
        found = await pages(rest)
    assert _positions(found) == [None, None, None, T3]
    assert "not ascending" in found[1].notes[0]


async def test_p1_a_record_from_the_future_does_not_move_the_position() -> None:
    rows = _paged([_row(1, T1), _row(2, LATER)])
    async with serving(rows) as api, source(api.url(), **BY_POSITION) as rest:
        found = await pages(rest)
    assert _positions(found)[-1] == T1
    assert keys(found) == ["1", "2"]


async def test_the_servers_clock_counts_and_not_ours() -> None:
    behind = NOW - timedelta(minutes=15)
    answers = iter([Reply([_row(1, T1), _row(2, T3)], date=behind), Reply([], date=NOW)])
    async with serving(lambda asked: next(answers)) as api, source(api.url(), **BY_POSITION) as rest:
        assert _positions(await pages(rest))[-1] == T1


async def test_without_a_date_header_our_clock_is_the_ceiling() -> None:
    async with serving(lambda asked: Reply([_row(1, T1), _row(2, LATER)], date=None)) as api:
        said = {**BY_POSITION, "paging": {"type": "none"}}
        async with source(api.url(), **said) as rest:
            assert _positions(await pages(rest)) == [T1]


async def test_nothing_new_leaves_the_position_where_it_was() -> None:
    async with serving(lambda asked: []) as api, source(api.url(), **BY_POSITION) as rest:
        (page,) = await pages(rest, PollRequest(position=Position(at=T2)))
        (first,) = await pages(rest)
    assert page.position == Position(at=T2)
    assert first.position is None


@pytest.mark.parametrize(
    ("form", "sent"),
    [
        ({"format": "iso_z"}, "2026-03-04T10:11:12Z"),
        ({"format": "iso", "timezone": "America/New_York"}, "2026-03-04T05:11:12-05:00"),
        ({"format": "epoch_s"}, "1772619072"),
        ({"format": "epoch_ms"}, "1772619072345"),
        ({"format": "date", "timezone": "America/New_York"}, "2026-03-04"),
        ({"format": "%m/%d/%Y %H:%M"}, "03/04/2026 10:11"),
        ({"value": "modifiedon ge {time}"}, "modifiedon ge 2026-03-04T10:11:12Z"),
    ],
)
async def test_p1_the_time_is_rounded_down_to_what_the_format_can_say(
    form: dict[str, str], sent: str
) -> None:
    at = datetime(2026, 3, 4, 10, 11, 12, 345678, UTC)
    said = {**BY_POSITION, "since": {"param": "since", **form}}
    async with serving(lambda asked: []) as api, source(api.url(), **said) as rest:
        await pages(rest, PollRequest(position=Position(at=at)))
    assert api.asked[0].query["since"] == sent


async def test_p1_an_api_that_compares_with_greater_than_loses_no_tie() -> None:
    async with serving(lambda asked: []) as api, source(api.url(), **BY_POSITION) as rest:
        await pages(rest, PollRequest(position=Position(at=T2)))
    assert api.asked[0].query["since"] == (T2 - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_the_first_read_goes_without_the_parameter_or_with_its_start() -> None:
    async with serving(lambda asked: []) as api:
        async with source(api.url(), **BY_POSITION) as rest:
            await pages(rest)
        said = {**BY_POSITION, "since": {"param": "since", "format": "epoch_ms", "start": "2000-01-01"}}
        async with source(api.url(), **said) as rest:
            await pages(rest)
    assert "since" not in api.asked[0].query
    assert api.asked[1].query["since"] == "946684800000"


async def test_the_time_can_go_into_a_search_body_or_a_header() -> None:
    body = {"filters": [{"property": "modified", "operator": "GTE"}], "limit": 5}
    said: dict[str, Any] = {"method": "POST", "json": body, "changed": "at"}
    since = {"param": "filters.0.value", "format": "epoch_ms", "in": "json"}
    async with serving(lambda asked: []) as api:
        async with source(api.url(), since=since, **said) as rest:
            await pages(rest, PollRequest(position=Position(at=NOW + timedelta(milliseconds=5.5))))
        header = {"param": "If-Modified-Since", "format": "iso", "in": "header"}
        async with source(api.url(), changed="at", since=header) as rest:
            await pages(rest, PollRequest(position=Position(at=T1 + timedelta(milliseconds=1))))
    sent = {"property": "modified", "operator": "GTE", "value": 1772625600005}
    assert api.asked[0].json == {"filters": [sent], "limit": 5}
    assert api.asked[1].headers["if-modified-since"] == "2026-03-04T11:30:00+00:00"


async def test_a_path_that_the_body_does_not_have_is_named() -> None:
    since = {"param": "filters.3.value", "in": "json"}
    said: dict[str, Any] = {"method": "POST", "json": {"filters": []}, "changed": "at", "since": since}
    async with serving(lambda asked: []) as api, source(api.url(), **said) as rest:
        with pytest.raises(BadConfig, match="a list of 0 is there"):
            await pages(rest, PollRequest(position=Position(at=T1)))


async def test_a_backfill_is_cut_to_its_span_on_our_side_as_well() -> None:
    rows = _paged([_row(1, T1), _row(2, T2), _row(3, T3), _row(4, None)])
    said = {**BY_POSITION, "until": {"param": "until", "format": "date"}}
    async with serving(rows) as api, source(api.url(), **said) as rest:
        found = await pages(rest, PollRequest(window=Window(T1, T3)))
    assert keys(found) == ["1", "2", "4"]
    assert api.asked[0].query["since"] == "2026-03-04T11:29:59Z"
    assert api.asked[0].query["until"] == "2026-03-05"


async def test_a_backfill_goes_on_from_its_own_position() -> None:
    async with serving(_paged([_row(2, T2)])) as api, source(api.url(), **BY_POSITION) as rest:
        await pages(rest, PollRequest(position=Position(at=T2), window=Window(T1, T3)))
    assert api.asked[0].query["since"] == "2026-03-04T11:39:59Z"


async def test_newest_first_is_read_until_where_the_last_poll_began() -> None:
    rows = [[_row(9, T3), _row(8, T2)], [_row(7, T2), _row(6, T1)], [_row(5, T1), _row(4, T1)], [_row(3, T1)]]
    said = {"changed": "at", "order": "descending", "paging": {"type": "page_number"}}
    async with serving(_paged(*rows)) as api, source(api.url(), **said) as rest:
        found = await pages(rest, PollRequest(position=Position(at=T2)))
        assert keys(found) == ["9", "8", "7", "6", "5", "4"]
        assert _positions(found) == [None, None, T3]
        assert len(keys(await pages(rest))) == 7


async def test_p1_newest_first_that_is_not_so_is_read_to_the_end() -> None:
    rows = [[_row(9, T1), _row(8, T3)], [_row(7, T1)], [_row(6, T3)]]
    said = {"changed": "at", "order": "descending", "paging": {"type": "page_number"}}
    async with serving(_paged(*rows)) as api, source(api.url(), **said) as rest:
        found = await pages(rest, PollRequest(position=Position(at=T2)))
    assert keys(found) == ["9", "8", "7", "6"]
    assert "not descending" in found[0].notes[0]


async def test_times_that_cannot_be_read_are_told_by_their_shape() -> None:
    rows = [_row(1, T1), _row(2, "some time ago"), {"id": 3}]
    said = {**BY_POSITION, "paging": {"type": "none"}}
    async with serving(lambda asked: rows) as api, source(api.url(), **said) as rest:
        (page,) = await pages(rest)
    assert [record.changed for record in page.records] == [T1, None, None]
    assert page.notes == ["2 of 3 records have no readable time at `at` (missing, text of 13 characters)"]


async def test_latest_is_the_servers_present() -> None:
    server = NOW - timedelta(hours=3)
    said = {**BY_POSITION, "paging": {"type": "page_number", "size_param": "limit"}}
    async with serving(lambda asked: Reply([], date=server)) as api, source(api.url(), **said) as rest:
        assert await rest.latest() == Position(at=server)
    assert api.asked[0].query["limit"] == "1"
    assert "since" in api.asked[0].query


async def test_latest_counts_the_age_of_a_cached_answer() -> None:
    reply = Reply([], headers={"Age": "90"}, date=NOW)
    async with serving(lambda asked: reply) as api, source(api.url(), **BY_POSITION) as rest:
        assert await rest.latest() == Position(at=NOW + timedelta(seconds=90))


async def test_latest_of_a_server_without_a_clock_is_its_newest_record() -> None:
    rows = _paged([_row(1, T1), _row(2, T3)], [_row(3, LATER)])
    async with serving(lambda asked: Reply(rows(asked), date=None)) as api:
        async with source(api.url(), **BY_POSITION) as rest:
            assert await rest.latest() == Position(at=T3)


async def test_latest_of_a_snapshot_is_unknown() -> None:
    async with serving(lambda asked: []) as api, source(api.url()) as rest:
        assert await rest.latest() is None
    assert api.asked == []


def _conditional(header: str, value: str, condition: str) -> Any:
    def answer(asked: Asked) -> Any:
        if asked.headers.get(condition) == value:
            return Reply(status=304)
        return Reply([{"id": 1}], headers={header: value})

    return answer


@pytest.mark.parametrize(
    ("header", "value", "condition"),
    [
        ("ETag", 'W/"7"', "if-none-match"),
        ("Last-Modified", "Wed, 04 Mar 2026 11:00:00 GMT", "if-modified-since"),
    ],
)
async def test_p9_an_unchanged_snapshot_is_not_read(header: str, value: str, condition: str) -> None:
    async with serving(_conditional(header, value, condition)) as api, source(api.url()) as rest:
        (first,) = await pages(rest)
        (again,) = await pages(rest, PollRequest(position=first.position))
    assert keys([first]) == ["1"]
    assert (list(again.records), again.position, again.last) == ([], first.position, True)
    assert api.asked[1].headers[condition] == value


async def test_p1_a_last_modified_of_this_very_minute_is_not_trusted() -> None:
    reply = Reply([{"id": 1}], headers={"Last-Modified": "Wed, 04 Mar 2026 11:59:59 GMT"})
    async with serving(lambda asked: reply) as api, source(api.url()) as rest:
        (first,) = await pages(rest)
        await pages(rest, PollRequest(position=first.position))
    assert "if-modified-since" not in api.asked[1].headers


async def test_without_validators_the_content_decides() -> None:
    data = [{"id": 1, "x": 1}]
    async with serving(lambda asked: data) as api, source(api.url()) as rest:
        (first,) = await pages(rest)
        (same,) = await pages(rest, PollRequest(position=first.position))
        data[0]["x"] = 2
        (other,) = await pages(rest, PollRequest(position=first.position))
    assert (keys([first]), keys([same]), keys([other])) == (["1"], [], ["1"])
    assert same.position == first.position != other.position


async def test_p1_other_settings_read_the_same_content_again() -> None:
    async with serving(_conditional("ETag", '"7"', "if-none-match")) as api:
        async with source(api.url(), params={"x": "1"}) as rest:
            (first,) = await pages(rest)
        for said in ({"params": {"x": "2"}}, {"params": {"x": "1"}, "key": ["id"]}):
            async with source(api.url(), **said) as rest:
                assert keys(await pages(rest, PollRequest(position=first.position))) == ["1"]


async def test_a_snapshot_on_several_pages_has_no_position() -> None:
    async with serving(_paged([{"id": 1}])) as api:
        async with source(api.url(), paging={"type": "page_number"}) as rest:
            assert [page.position for page in await pages(rest)] == [None, None]


async def test_a_position_of_another_kind_is_no_position() -> None:
    async with serving(lambda asked: [{"id": 1}]) as api, source(api.url()) as rest:
        assert keys(await pages(rest, PollRequest(position=Position(at=7)))) == ["1"]
        assert keys(await pages(rest, PollRequest(position=Position(token="elsewhere")))) == ["1"]
    async with serving(_paged([_row(1, T1)])) as api, source(api.url(), **BY_POSITION) as rest:
        found = await pages(rest, PollRequest(position=Position(token="elsewhere")))
    assert "since" not in api.asked[0].query
    assert _positions(found)[-1] == T1


@pytest.mark.parametrize(
    "said", [{}, {"paging": {"type": "cursor", "cursor": "n", "param": "c"}, "records": "d"}]
)
async def test_p9_a_large_answer_is_handed_on_in_parts(said: dict[str, Any]) -> None:
    rows = [{"id": number} for number in range(7)]
    async with serving(lambda asked: {"d": rows} if said else rows) as api, source(api.url(), **said) as rest:
        found = await pages(rest, PollRequest(page_size=3))
    assert [len(page.records) for page in found] == [3, 3, 1]
    assert [page.last for page in found] == [False, False, True]
    assert [page.position is None for page in found[:2]] == [True, True]


async def test_newest_first_that_ends_on_its_first_page_is_not_doubted() -> None:
    paging = {"type": "cursor", "cursor": "n", "param": "c", "size_param": "limit", "size": 1}
    said = {"changed": "at", "order": "descending", "records": "d", "paging": paging}
    async with (
        serving(lambda asked: {"d": [_row(1, T1)], "n": "x"}) as api,
        source(api.url(), **said) as rest,
    ):
        (page,) = await pages(rest, PollRequest(position=Position(at=T2)))
    assert (page.last, page.notes) == (True, [])
