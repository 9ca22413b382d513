"""Every way of paging, against a server: all records exactly once, and never for ever."""

# ruff: noqa: SIM117 a server, then its client: two blocks
from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.base import PollRequest
from sources.errors import BadConfig, Unavailable
from tests.rest_server import Asked, Handler, Reply, keys, pages, serving, source


def _slice(total: int, start: int, size: int) -> list[dict[str, Any]]:
    return [{"id": number} for number in range(start, min(total, start + size))]


def _cursor(total: int, size: int) -> Handler:
    def answer(asked: Asked) -> Any:
        start = int(asked.query.get("after", "0"))
        following = start + size if start + size < total else None
        return {"data": _slice(total, start, size), "meta": {"next": following}}

    return answer


def _body_cursor(total: int, size: int) -> Handler:
    def answer(asked: Asked) -> Any:
        start = int((asked.json.get("page") or {}).get("after", "0"))
        paging = {"next": {"after": str(start + size)}} if start + size < total else None
        return {"results": _slice(total, start, size), "paging": paging}

    return answer


def _keyset(total: int, size: int) -> Handler:
    def answer(asked: Asked) -> Any:
        start = int(asked.query.get("starting_after", "-1")) + 1
        return {"data": _slice(total, start, size), "has_more": start + size < total}

    return answer


def _next_url(total: int, size: int) -> Handler:
    def answer(asked: Asked) -> Any:
        start = int(asked.query.get("$skiptoken", "0"))
        following = {"@odata.nextLink": f"?$skiptoken={start + size}&q=a%2Bb"} if start + size < total else {}
        return {"value": _slice(total, start, size), **following}

    return answer


def _link(total: int, size: int) -> Handler:
    def answer(asked: Asked) -> Any:
        start = int(asked.query.get("from", "0"))
        link = f'</v1/contacts?from={start + size}>; title="x, y"; rel="next", </v1/contacts>; rel="first"'
        return Reply(_slice(total, start, size), headers={"Link": link} if start + size < total else {})

    return answer


def _offset(total: int, size: int) -> Handler:
    return lambda asked: _slice(total, int(asked.query["offset"]), size)


def _offset_total(total: int, size: int) -> Handler:
    return lambda asked: {
        "data": _slice(total, int(asked.query["start"]) - 1, size),
        "meta": {"total": total},
    }


def _page(total: int, size: int) -> Handler:
    return lambda asked: _slice(total, (int(asked.query["page"]) - 1) * size, size)


def _page_more(total: int, size: int) -> Handler:
    def answer(asked: Asked) -> Any:
        start = int(asked.query["p"]) * size
        return {"data": _slice(total, start, size), "more": start + size < total, "pages": -(-total // size)}

    return answer


STRATEGIES: dict[str, tuple[Any, dict[str, Any]]] = {
    "cursor": (
        _cursor,
        {"records": "data", "paging": {"type": "cursor", "cursor": "meta.next", "param": "after"}},
    ),
    "cursor in json": (
        _body_cursor,
        {
            "method": "POST",
            "records": "results",
            "paging": {"type": "cursor", "cursor": "paging.next.after", "param": "page.after", "in": "json"},
        },
    ),
    "keyset": (
        _keyset,
        {
            "records": "data",
            "paging": {
                "type": "cursor",
                "cursor": "data.-1.id",
                "param": "starting_after",
                "more": "has_more",
            },
        },
    ),
    "next_url": (_next_url, {"records": "value", "paging": {"type": "next_url", "path": "@odata.nextLink"}}),
    "link_header": (_link, {"paging": {"type": "link_header"}}),
    "offset": (_offset, {"paging": {"type": "offset"}}),
    "offset with total": (
        _offset_total,
        {
            "records": "data",
            "paging": {"type": "offset", "param": "start", "start": 1, "total": "meta.total"},
        },
    ),
    "page_number": (_page, {"paging": {"type": "page_number"}}),
    "page_number from 0 with more": (
        _page_more,
        {"records": "data", "paging": {"type": "page_number", "param": "p", "start": 0, "more": "more"}},
    ),
    "page_number with total_pages": (
        _page_more,
        {
            "records": "data",
            "paging": {"type": "page_number", "param": "p", "start": 0, "total_pages": "pages"},
        },
    ),
}


@pytest.mark.parametrize("name", STRATEGIES)
@settings(max_examples=15, deadline=None)
@given(total=st.integers(0, 23), size=st.integers(1, 9))
def test_every_record_exactly_once(name: str, total: int, size: int) -> None:
    make, said = STRATEGIES[name]

    async def poll() -> None:
        async with serving(make(total, size)) as api, source(api.url(), **said) as rest:
            found = await pages(rest)
            assert keys(found) == [str(number) for number in range(total)]
            assert [page.last for page in found] == [False] * (len(found) - 1) + [True]
            assert not any(page.bad for page in found)

    asyncio.run(poll())


async def test_size_is_asked_for_and_never_more_than_the_engine_wants() -> None:
    paging = {"type": "page_number", "size_param": "per_page", "size": 200}
    async with serving(lambda asked: []) as api, source(api.url(), paging=paging) as rest:
        await pages(rest)
        await pages(rest, PollRequest(page_size=50))
    assert [asked.query["per_page"] for asked in api.asked] == ["200", "50"]


async def test_links_are_sent_back_byte_for_byte() -> None:
    link = "/v1/contacts?$skiptoken=%253ccookie%20x%2Bz%27&y=a:b,c"
    answers = iter([{"v": [{"id": 1}], "next": link}, {"v": []}])
    paging = {"type": "next_url", "path": "next"}
    async with serving(lambda asked: next(answers)) as api:
        async with source(api.url(), records="v", params={"limit": 1}, paging=paging) as rest:
            await pages(rest)
    assert api.asked[1].target == link


async def test_a_cursor_that_comes_again_ends_with_an_error() -> None:
    answer = {"data": [{"id": 1}], "next": "same"}
    paging = {"type": "cursor", "cursor": "next", "param": "cursor"}
    async with serving(lambda asked: answer) as api, source(api.url(), records="data", paging=paging) as rest:
        with pytest.raises((Unavailable, BadConfig), match="page 2"):
            await pages(rest)
    assert len(api.asked) == 2


async def test_cursors_in_a_circle_end_with_an_error() -> None:
    number = iter(range(1000))

    def answer(asked: Asked) -> Any:
        after = {"": "a", "a": "b", "b": "c", "c": "a"}[asked.query.get("cursor", "")]
        return {"data": [{"id": next(number)}], "next": after}

    paging = {"type": "cursor", "cursor": "next", "param": "cursor"}
    async with serving(answer) as api, source(api.url(), records="data", paging=paging) as rest:
        with pytest.raises(Unavailable, match="was read already"):
            await pages(rest)
    assert len(api.asked) < 12


async def test_next_url_that_points_to_itself_ends_with_an_error() -> None:
    async with serving(lambda asked: {"d": [{"id": asked.target}], "next": "/v1/contacts?x=1"}) as api:
        async with source(api.url(), records="d", paging={"type": "next_url", "path": "next"}) as rest:
            with pytest.raises(Unavailable, match="was read already"):
                await pages(rest)


@pytest.mark.parametrize("kind", ["offset", "page_number"])
async def test_an_api_that_ignores_the_parameter_is_found_out(kind: str) -> None:
    async with serving(lambda asked: [{"id": 1}, {"id": 2}]) as api:
        async with source(api.url(), paging={"type": kind}) as rest:
            with pytest.raises(BadConfig, match="seems to ignore") as caught:
                await pages(rest)
    assert caught.value.setting == "paging"
    assert len(api.asked) == 2


async def test_too_many_pages_end_with_an_error() -> None:
    paging = {"type": "page_number", "max_pages": 3}
    async with serving(lambda asked: [{"id": asked.query["page"]}]) as api:
        async with source(api.url(), paging=paging) as rest:
            with pytest.raises(BadConfig, match="still more after 3 pages"):
                await pages(rest)


async def test_an_empty_page_with_a_next_one_is_not_the_end() -> None:
    answers = [{"d": [{"id": 1}], "n": "a"}, {"d": [], "n": "b"}, {"d": [{"id": 2}], "n": None}]
    paging = {"type": "cursor", "cursor": "n", "param": "c"}
    async with serving(lambda asked: answers[len(api.asked) - 1]) as api:
        async with source(api.url(), records="d", paging=paging) as rest:
            assert keys(await pages(rest)) == ["1", "2"]
        api.asked.clear()
        async with source(api.url(), records="d", paging={**paging, "empty_page": "end"}) as rest:
            assert keys(await pages(rest)) == ["1"]


async def test_endless_empty_pages_end_with_an_error() -> None:
    paging = {"type": "cursor", "cursor": "n", "param": "c"}
    async with serving(lambda asked: {"d": [], "n": len(api.asked)}) as api:
        async with source(api.url(), records="d", paging=paging) as rest:
            with pytest.raises(Unavailable, match="empty_page: end"):
                await pages(rest)


async def test_more_without_a_cursor_is_an_error_and_not_the_end() -> None:
    paging = {"type": "cursor", "cursor": "next", "param": "c", "more": "more"}
    async with serving(lambda asked: {"d": [{"id": 1}], "more": True}) as api:
        async with source(api.url(), records="d", paging=paging) as rest:
            with pytest.raises(Unavailable, match="says there is more"):
                await pages(rest)


async def test_credentials_do_not_follow_a_next_url_to_another_host() -> None:
    auth = {"type": "bearer", "token": "s3cret-token"}
    paging = {"type": "next_url", "path": "next"}
    async with serving(lambda asked: {"d": [{"id": 2}]}) as other:
        answer = {"d": [{"id": 1}], "next": other.url("/v1/contacts?page=2")}
        host = other.base.removeprefix("http://")
        async with serving(lambda asked: answer) as api:
            async with source(api.url(), records="d", auth=auth, paging=paging) as rest:
                with pytest.raises(BadConfig, match=f"allow_hosts: \\[{host}\\]") as caught:
                    await pages(rest)
            assert caught.value.setting == "allow_hosts"
            assert other.asked == []
            async with source(api.url(), records="d", auth=auth, paging=paging, allow_hosts=[host]) as rest:
                assert keys(await pages(rest)) == ["1", "2"]


async def test_identical_repeats_of_a_list_that_moved_are_dropped() -> None:
    answers = [[{"id": 1}, {"id": 2}], [{"id": 2}, {"id": 3}], [{"id": 3, "x": "newer"}], []]
    async with serving(lambda asked: answers[len(api.asked) - 1]) as api:
        async with source(api.url(), paging={"type": "offset"}) as rest:
            assert keys(await pages(rest)) == ["1", "2", "3", "3"]


async def test_offset_goes_on_by_what_came_and_not_by_what_was_asked_for() -> None:
    paging = {"type": "offset", "size_param": "limit", "size": 500}
    async with serving(_offset(7, 3)) as api, source(api.url(), paging=paging) as rest:
        assert len(keys(await pages(rest))) == 7
    assert [asked.query["offset"] for asked in api.asked] == ["0", "3", "6", "7"]


async def test_a_refused_later_page_is_not_blamed_on_the_settings() -> None:
    def answer(asked: Asked) -> Any:
        return (
            [{"id": 1}] if asked.query["page"] == "1" else Reply({"message": "too deep for us"}, status=400)
        )

    async with serving(answer) as api, source(api.url(), paging={"type": "page_number"}) as rest:
        with pytest.raises(Unavailable, match=r"page 2 was refused.*too deep for us"):
            await pages(rest)


async def test_a_next_page_nobody_asked_about_is_told() -> None:
    reply = Reply([{"id": 1}], headers={"Link": '<https://api.example.com/?page=2>; rel="next"'})
    async with serving(lambda asked: reply) as api, source(api.url()) as rest:
        (page,) = await pages(rest)
    assert "Link header" in page.notes[0]


async def test_zero_is_a_cursor_unless_more_says_that_it_is_the_end() -> None:
    answers = [{"d": [{"id": 5}], "n": 0}, {"d": [{"id": 6}], "n": None}]
    paging = {"type": "cursor", "cursor": "n", "param": "c"}
    async with serving(lambda asked: answers[len(api.asked) - 1]) as api:
        async with source(api.url(), records="d", paging=paging) as rest:
            assert keys(await pages(rest)) == ["5", "6"]
        api.asked.clear()
        async with source(api.url(), records="d", paging={**paging, "more": "n"}) as rest:
            assert keys(await pages(rest)) == ["5"]


@pytest.mark.parametrize("kind", ["offset", "page_number"])
async def test_p1_a_wrong_path_to_more_is_not_the_end(kind: str) -> None:
    paging = {"type": kind, "more": "meta.hasmore"}
    async with serving(lambda asked: {"d": [{"id": 1}], "meta": {"has_more": True}}) as api:
        async with source(api.url(), records="d", paging=paging) as rest:
            with pytest.raises(BadConfig, match=r"nothing at `meta.hasmore`; the answer has: d, meta"):
                await pages(rest)


async def test_a_full_first_page_without_a_next_one_is_doubted() -> None:
    paging = {"type": "cursor", "cursor": "typo", "param": "c", "size_param": "limit", "size": 2}
    async with serving(lambda asked: {"d": [{"id": 1}, {"id": 2}], "next": "x"}) as api:
        async with source(api.url(), records="d", paging=paging) as rest:
            (page,) = await pages(rest)
            assert "is `paging` right?" in page.notes[0]
            assert (await rest.check()).endswith("; no further page")
