"""How Housecall Pro says "slow down" and "denied", and what becomes of it."""

from __future__ import annotations

import pytest

from sources.errors import BadConfig, Denied, RateLimited, SourceError
from tests.crm_scene import keys, polled
from tests.doubles.base import Limit, Reply
from tests.doubles.housecallpro import KEY, error
from tests.housecallpro_scene import company


async def test_the_key_is_a_token_and_the_company_is_named_where_it_is_given() -> None:
    async with company() as (double, source):
        await polled(source)
    assert double.asked()[0].headers["authorization"] == f"Token {KEY}"
    assert "x-company-id" not in double.asked()[0].headers
    async with company(company_id="42") as (double, source):
        await polled(source)
    assert double.asked()[0].headers["x-company-id"] == "42"


@pytest.mark.parametrize(("status", "told"), [(401, "was it revoked"), (403, "MAX plan")])
async def test_a_key_that_is_not_taken_or_may_not_is_denied_at_once(status: int, told: str) -> None:
    async with company() as (double, source):
        double.answer_next(error(status, "no"))
        with pytest.raises(Denied, match=rf"{status}.*{told}"):
            await polled(source)
    assert len(double.asked()) == 1


async def test_our_own_pace_is_kept() -> None:
    async with company(rate_limit="5/s") as (double, source):
        for number in range(6):
            double.put(f"lea_{number}")
        await polled(source, page_size=2)
    assert sum(double.clock.slept) == pytest.approx((len(double.asked()) - 1) / 5)


async def test_a_limit_is_waited_out() -> None:
    async with company() as (double, source):
        double.put("lea_1")
        double.answer_next(Reply({"error": "slowly"}, status=429, headers={"Retry-After": "7"}))
        assert keys(await polled(source)) == ["lea_1"]
    assert max(double.clock.slept) == pytest.approx(7.0)


async def test_a_limit_that_does_not_pass_is_told_after_some_patience() -> None:
    async with company() as (double, source):
        double.limit = Limit(0, 60.0)
        with pytest.raises(RateLimited, match=r"429.*does not name") as caught:
            await polled(source)
    assert caught.value.retry_after is None
    assert len(double.asked()) == 4


async def test_an_address_without_the_api_names_the_setting() -> None:
    async with company() as (double, source):
        double.answer_next(error(404, "Not found"))
        with pytest.raises(BadConfig) as caught:
            await source.check()
    assert caught.value.setting == "base_url"


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"leads": []},
        {"leads": {}, "page": 1, "page_size": 10, "total_pages": 1, "total_items": 0},
        {"leads": [], "page": 1, "page_size": 0, "total_pages": 1, "total_items": 0},
    ],
)
async def test_an_answer_that_is_not_as_described_is_no_end(data: object) -> None:
    async with company() as (double, source):
        double.answer_next(Reply(data))
        with pytest.raises(SourceError, match="not as described"):
            await polled(source)


async def test_p10_no_message_repeats_a_key_or_a_person() -> None:
    told = f"{KEY} of jane@example.com at 804-555-0199 is not right"
    async with company() as (double, source):
        for status in (400, 401, 403, 404, 429, 500):
            double.answer_next(Reply({"error": told, "message": told}, status), times=4)
            with pytest.raises(SourceError) as caught:
                await polled(source)
            double._planned.clear()
            assert not any(secret in f"{caught.value!r}" for secret in (KEY, "jane", "0199"))


async def test_check_says_how_many_there_are() -> None:
    async with company() as (double, source):
        double.put("lea_1")
        assert (await source.check()).endswith("1 leads can be read, all of them at each poll")
