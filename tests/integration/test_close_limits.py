"""How Close says "slow down" and "denied", and what becomes of it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from sources.base import Position
from sources.errors import BadConfig, Denied, RateLimited, SourceError
from tests.close_scene import OAUTH, ago, organisation
from tests.crm_scene import keys, polled
from tests.doubles.base import Limit, Reply
from tests.doubles.close import KEY, limited, refused

if TYPE_CHECKING:
    from pathlib import Path

SINCE = Position(at=ago(60))


async def test_the_key_is_a_user_without_a_password() -> None:
    async with organisation() as (close, source):
        await polled(source)
    told = close.api.asked[0].headers["authorization"].removeprefix("Basic ")
    assert base64.b64decode(told).decode() == f"{KEY}:"


async def test_our_own_pace_stays_below_the_limit() -> None:
    async with organisation() as (close, source):
        for number in range(60):
            close.put(f"lead_{number}", ago(5))
        assert len(keys(await polled(source, page_size=1))) == 60
    assert sum(close.clock.slept) == pytest.approx((len(close.api.asked) - 1) / 8)


@pytest.mark.parametrize(
    ("header", "wait"),
    [("limit=20, remaining=0, reset=7", 7.0), ('"lead";r=0;t=4', 4.0), (None, 3.5), ("soon", 2.0)],
)
async def test_a_limit_is_waited_out_as_long_as_the_header_says_or_the_body_did(
    header: str | None, wait: float
) -> None:
    async with organisation() as (close, source):
        close.put("lead_1", ago(5))
        close.answer_next(limited(header))
        assert keys(await polled(source)) == ["lead_1"]
    assert close.clock.slept == [pytest.approx(wait)]


async def test_a_retry_after_counts_more() -> None:
    async with organisation() as (close, source):
        reply = limited("limit=20, remaining=0, reset=7")
        reply.headers["Retry-After"] = "3"
        close.answer_next(reply)
        await polled(source)
    assert close.clock.slept == [pytest.approx(3.0)]


async def test_a_limit_that_others_use_up_is_told_after_some_patience() -> None:
    async with organisation() as (close, source):
        close.limit = Limit(0, 1.0)
        with pytest.raises(RateLimited, match=r"429.*this group of requests"):
            await polled(source, SINCE)
    assert len(close.api.asked) == 4


@pytest.mark.parametrize(("status", "told"), [(401, "was it deleted"), (403, "may not read leads")])
async def test_a_key_that_is_not_taken_or_may_not_is_denied_at_once(status: int, told: str) -> None:
    async with organisation() as (close, source):
        close.answer_next(Reply({"error": "no"}, status=status))
        with pytest.raises(Denied, match=rf"{status}.*{told}"):
            await polled(source, SINCE)
    assert len(close.api.asked) == 1


async def test_a_search_that_is_refused_says_why_and_an_address_without_one_names_the_setting() -> None:
    async with organisation() as (close, source):
        close.answer_next(refused("the field shoe_size is not known"))
        with pytest.raises(BadConfig, match="shoe_size is not known"):
            await polled(source)
        close.answer_next(Reply({"error": "Not Found"}, status=404))
        with pytest.raises(BadConfig) as caught:
            await polled(source)
    assert caught.value.setting == "base_url"


async def test_p10_no_message_repeats_a_key_or_a_person() -> None:
    told = f"{KEY} of jane@example.com at +1 804 555 0123 is not right"
    async with organisation() as (close, source):
        for status in (400, 401, 403, 404, 429, 500):
            close.answer_next(
                Reply({"error": told, "errors": [told], "field-errors": {told: told}}, status), times=4
            )
            with pytest.raises(SourceError) as caught:
                await polled(source)
            close._planned.clear()
            assert not any(secret in str(caught.value) for secret in (KEY, "jane", "0123"))


async def test_an_access_token_is_renewed_before_it_ends(tmp_path: Path) -> None:
    async with organisation(tmp_path, **OAUTH) as (close, source):
        close.put("lead_1", ago(5))
        assert keys(await polled(source)) == ["lead_1"]
        close.clock.slept.append(3550)
        await polled(source)
        told = [asked.headers["authorization"] for asked in close.asked("/data/search/$")]
        forms = [asked.form for asked in close.asked("/oauth2/token/$")]
    assert told == ["Bearer oa2access-1", "Bearer oa2access-2"]
    assert [form["grant_type"] for form in forms] == ["refresh_token"] * 2


async def test_p1_a_refresh_token_that_is_replaced_is_kept(tmp_path: Path) -> None:
    async with organisation(tmp_path, **OAUTH) as (close, source):
        close.tokens.add("other")
        close.answer_next(
            Reply({"access_token": "other", "expires_in": 60, "refresh_token": "the-second"}), "token"
        )
        await source.check()
        close.refresh_token = "the-second"
        close.clock.slept.append(60)
        await source.check()
    assert close.asked("token")[1].form["refresh_token"] == "the-second"


async def test_a_refresh_token_that_was_revoked_is_denied(tmp_path: Path) -> None:
    async with organisation(tmp_path, **{**OAUTH, "refresh_token": "a-revoked-one"}) as (_close, source):
        with pytest.raises(Denied) as caught:
            await source.check()
    assert "a-revoked-one" not in str(caught.value)
