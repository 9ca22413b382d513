"""How Jobber says "slow down", "denied" and "partly": as a rule in an answer that says 200."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable
from tests.crm_scene import keys, polled
from tests.doubles.base import Reply
from tests.doubles.jobber import SECRET, failed
from tests.jobber_scene import GRAPHQL, account, ago

NAME = frozenset({"name"})


async def test_p1_a_throttled_answer_of_200_is_waited_out_by_what_it_says_of_points() -> None:
    async with account() as (double, source):
        double.put(1, ago(5))
        double.points, double.restored = 0.0, 50.0
        assert keys(await polled(source, fields=NAME)) == ["1"]
        answers = len(double.asked(GRAPHQL))
    needed = source._api.budget.cost.requested
    assert answers == 2
    assert double.clock.slept == [pytest.approx(needed / 50 + 0.1)]


async def test_points_are_waited_for_before_jobber_has_to_refuse() -> None:
    async with account() as (double, source):
        for number in range(300):
            double.put(number, ago(500 - number))
        double.maximum, double.points, double.restored = 600.0, 600.0, 100.0
        found = await polled(source, fields=NAME)
    assert len(keys(found)) == 300
    assert double.throttled == 0
    assert max(double.clock.slept) > 0.2  # more than the pace of requests


async def test_a_page_that_takes_more_points_than_there_are_ever_is_made_smaller() -> None:
    async with account() as (double, source):
        for number in range(40):
            double.put(number, ago(500 - number))
        double.maximum = double.points = 100.0
        found = await polled(source, fields=NAME)
        sizes = [each.json["variables"]["first"] for each in double.asked(GRAPHQL)]
    assert keys(found) == [str(number) for number in range(40)]
    assert sizes[0] == 50
    assert max(sizes[1:]) < 20


async def test_one_record_that_takes_more_points_than_there_are_ever_says_so() -> None:
    async with account() as (double, source):
        double.maximum = double.points = 5.0
        with pytest.raises(BadConfig, match=r"a single client takes \d+ points of 5 .* fewer lists"):
            await polled(source)


async def test_points_that_never_come_back_end_the_poll() -> None:
    async with account() as (double, source):
        double.points, double.restored = 0.0, 0.0
        with pytest.raises(RateLimited, match="points are needed, 0 are left"):
            await polled(source, fields=NAME)
        assert len(double.asked(GRAPHQL)) == 4


async def test_too_many_requests_are_a_real_429_and_end_the_poll_for_five_minutes() -> None:
    async with account() as (double, source):
        double.requests.count = 0
        with pytest.raises(RateLimited, match=r"429.*requests in five minutes") as caught:
            await polled(source)
    assert caught.value.retry_after == 300


async def test_p1_data_that_comes_with_errors_is_never_taken_for_whole() -> None:
    async with account() as (double, source):
        part = {"found": {"nodes": [{"id": "1"}, None], "pageInfo": {"hasNextPage": False}}}
        partly = failed("Something went wrong", "INTERNAL_SERVER_ERROR", part)
        double.answer_next(Reply(partly), GRAPHQL)
        double.put(1, ago(5))
        double.put(2, ago(4))
        assert keys(await polled(source, fields=NAME)) == ["1", "2"]  # it was asked once more
        double.answer_next(Reply(partly), GRAPHQL, times=4)
        with pytest.raises(Unavailable, match="with errors instead of all that was asked for"):
            await polled(source, fields=NAME)
        double.answer_next(Reply(failed("no", "BAD_USER_INPUT", part)), GRAPHQL)
        with pytest.raises(Unavailable, match="BAD_USER_INPUT"):
            await polled(source, fields=NAME)


async def test_a_scope_that_is_missing_is_named_by_what_it_is_for() -> None:
    async with account() as (double, source):
        double.put(1, ago(5))
        double.hidden = {"Client"}
        for asked in (polled(source), source.check(), source.fetch(["1"]), source.latest()):
            with pytest.raises(Denied, match="may not read Client; give it that scope"):
                await asked


async def test_a_version_that_is_none_names_the_setting() -> None:
    async with account(api_version="2031-01-01") as (_double, source):
        with pytest.raises(BadConfig, match="no such version of its API") as caught:
            await polled(source)
    assert caught.value.setting == "api_version"


@pytest.mark.parametrize(
    ("said", "warning", "told"),
    [
        ({"api_version": "2022-04-29"}, None, "no version 2022-04-29 any more and answers by 2024-12-05"),
        (
            {},
            "Support for 2025-04-16 is scheduled to stop. Upgrade to the latest version 2026-08-18 before.",
            "will soon end the version 2025-04-16 .* such as 2026-08-18",
        ),
        ({}, "API Version 2025-04-16 is no longer supported", "supports no more the version 2025-04-16"),
    ],
)
async def test_the_end_of_a_version_is_told_once_a_poll_and_by_check(
    said: dict[str, Any], warning: str | None, told: str
) -> None:
    async with account(**said) as (double, source):
        double.warning = warning
        for number in range(9):
            double.put(number, ago(50 - number))
        found = await polled(source, fields=NAME, page_size=3)
        checked = await source.check()
    notes = [note for page in found for note in page.notes]
    assert len(notes) == 1
    for text in (*notes, checked):
        assert re.search(told, text)


async def test_a_version_that_lives_is_not_spoken_of() -> None:
    async with account() as (_double, source):
        assert [page.notes for page in await polled(source, fields=NAME)] == [[]]


async def test_p10_no_message_repeats_a_secret_or_a_person() -> None:
    told = f"{SECRET} of jane@example.com at +1 804 555 0123 is not right"
    answers = [Reply({"message": told}, status) for status in (400, 401, 403, 404, 429, 500)]
    answers += [Reply(failed(told, code)) for code in ("THROTTLED", "X", "UNAUTHENTICATED", "BAD_USER_INPUT")]
    answers += [Reply({"errors": told}), Reply({"message": told}), Reply({"data": None, "errors": [told]})]
    async with account() as (double, source):
        for reply in answers:
            double.answer_next(reply, GRAPHQL, times=8)
            with pytest.raises(SourceError) as caught:
                await polled(source)
            double._planned.clear()
            assert not any(secret in str(caught.value) for secret in (SECRET, "jane", "0123"))
