"""How Pipedrive says "slow down" and "denied", and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.base import Position
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable
from tests.crm_scene import keys, polled
from tests.doubles import pipedrive_answers as say
from tests.doubles.base import Limit, Reply
from tests.doubles.pipedrive import REFRESH, TOKEN
from tests.pipedrive_scene import OAUTH, ago, company, fill

if TYPE_CHECKING:
    from pathlib import Path

SINCE = Position(at=ago(120))


async def test_the_token_goes_into_a_header_and_never_into_an_address() -> None:
    async with company() as (pipedrive, source):
        fill(pipedrive, 3, person_id=1)
        await polled(source, SINCE)
        await source.check()
    assert all(asked.headers["x-api-token"] == TOKEN for asked in pipedrive.api.asked)
    assert not any(TOKEN in asked.target for asked in pipedrive.api.asked)


async def test_our_own_pace_stays_below_the_limit_of_the_smallest_plan() -> None:
    async with company() as (pipedrive, source):
        fill(pipedrive, 60)
        found = await polled(source, SINCE, page_size=1, fields=frozenset({"title"}))
    assert len(keys(found)) == 60
    assert sum(pipedrive.clock.slept) == pytest.approx((len(pipedrive.api.asked) - 1) / 9)


@pytest.mark.parametrize(("header", "wait"), [("1", 1.0), ("2", 2.0), (None, 2.0), ("soon", 2.0)])
async def test_the_reset_of_the_window_is_seconds_from_now_and_no_retry_after_is_there(
    header: str | None, wait: float
) -> None:
    async with company() as (pipedrive, source):
        fill(pipedrive, 1)
        reply = say.refused(429, "request over limit")
        reply.headers["x-ratelimit-reset"] = header if header is not None else ""
        pipedrive.answer_next(reply, "/v1/leads$")
        assert keys(await polled(source, SINCE, fields=frozenset({"title"}))) == ["1"]
    assert pipedrive.clock.slept == [pytest.approx(wait)]


async def test_a_limit_that_others_use_up_is_told_after_some_patience() -> None:
    async with company() as (pipedrive, source):
        pipedrive.burst = Limit(0, 2.0)
        with pytest.raises(RateLimited, match=r"429.*limit for two seconds"):
            await polled(source, SINCE)
    assert len(pipedrive.api.asked) == 4


async def test_the_budget_of_a_day_ends_the_poll_at_once() -> None:
    async with company() as (pipedrive, source):
        pipedrive.budget = 19  # a list of leads costs 20
        with pytest.raises(RateLimited, match="tokens of this day are used up") as caught:
            await polled(source, SINCE)
    assert caught.value.retry_after == 3600
    assert pipedrive.clock.slept == []


async def test_what_is_left_of_the_budget_is_told_when_it_is_little() -> None:
    async with company() as (pipedrive, source):
        fill(pipedrive, 1)
        quiet = await polled(source, SINCE)
        pipedrive.budget = 3000
        found = await polled(source, SINCE)
    assert [note for page in quiet for note in page.notes] == []
    assert found[-1].notes[0].startswith("2,980 of the 30,000 tokens")


async def test_a_page_of_the_firewall_asks_for_patience_and_does_not_deny() -> None:
    async with company() as (pipedrive, source):
        pipedrive.answer_next(say.blocked(), times=10)
        with pytest.raises(RateLimited, match=r"403.*firewall blocks us") as caught:
            await polled(source, SINCE)
    assert caught.value.retry_after == 300
    assert len(pipedrive.api.asked) == 1


async def test_a_permission_that_is_missing_denies() -> None:
    async with company() as (pipedrive, source):
        pipedrive.scopes.remove("leads")
        with pytest.raises(Denied, match=r"403.*leads:read"):
            await polled(source, SINCE)
    assert len(pipedrive.api.asked) == 1


@pytest.mark.parametrize(("status", "told"), [(401, "personal preferences"), (402, "account is not active")])
async def test_a_token_that_is_not_taken_and_an_account_that_is_closed_deny(status: int, told: str) -> None:
    async with company() as (pipedrive, source):
        pipedrive.answer_next(say.refused(status, "unauthorized access"))
        with pytest.raises(Denied, match=rf"{status}.*{told}"):
            await polled(source, SINCE)


async def test_an_address_that_has_no_leads_names_the_setting() -> None:
    async with company() as (pipedrive, source):
        pipedrive.answer_next(Reply({"success": False, "error": "Not Found"}, status=404))
        with pytest.raises(BadConfig) as caught:
            await polled(source, SINCE)
    assert caught.value.setting == "base_url"


async def test_an_answer_that_is_not_as_described_says_so() -> None:
    async with company() as (pipedrive, source):
        for odd in ({"success": True}, [], {"data": 7}, {"data": [], "additional_data": 7}):
            pipedrive.answer_next(Reply(odd))
            with pytest.raises(Unavailable, match="not as described"):
                await polled(source, SINCE)


async def test_p10_no_message_repeats_a_token_or_a_person() -> None:
    told = f"{TOKEN} of jane@example.com at +1 804 555 0123 is not right"
    async with company() as (pipedrive, source):
        for status in (400, 401, 402, 403, 404, 410, 429, 500):
            pipedrive.answer_next(
                Reply({"success": False, "error": told, "error_info": TOKEN}, status), times=4
            )
            with pytest.raises(SourceError) as caught:
                await polled(source, SINCE)
            pipedrive._planned.clear()
            assert not any(secret in str(caught.value) for secret in (TOKEN, "jane", "0123"))


async def test_with_oauth_the_company_is_asked_where_its_token_says(tmp_path: Path) -> None:
    async with company(tmp_path, **OAUTH) as (pipedrive, source):
        fill(pipedrive, 1)
        assert keys(await polled(source, SINCE)) == ["1"]
        pipedrive.clock.slept.append(3550)
        await polled(source, SINCE)
        grants = pipedrive.asked("/oauth/token")
        leads = [asked.headers["authorization"] for asked in pipedrive.asked("/v1/leads$")]
    assert [grant.form for grant in grants] == [{"grant_type": "refresh_token", "refresh_token": REFRESH}] * 2
    assert all(grant.headers["authorization"].startswith("Basic ") for grant in grants)
    assert leads == ["Bearer oauth-access-1", "Bearer oauth-access-2"]


async def test_p1_a_refresh_token_that_is_replaced_is_kept(tmp_path: Path) -> None:
    async with company(tmp_path, **OAUTH) as (pipedrive, source):
        answer = {"access_token": "other", "expires_in": 60, "refresh_token": "the-second-made-up"}
        answer["api_domain"] = pipedrive.url().rstrip("/")
        pipedrive.tokens.add("other")
        pipedrive.answer_next(Reply(answer), "/oauth/token")
        await source.check()
        pipedrive.refresh_token = "the-second-made-up"
        pipedrive.clock.slept.append(60)
        await source.check()
    assert pipedrive.asked("/oauth/token")[1].form["refresh_token"] == "the-second-made-up"


@pytest.mark.parametrize("domain", [None, "http://example.com", "acme.pipedrive.com"])
async def test_a_token_that_names_no_safe_address_is_not_used(tmp_path: Path, domain: str | None) -> None:
    async with company(tmp_path, **OAUTH) as (pipedrive, source):
        answer = {"access_token": "never-sent", "expires_in": 60, "api_domain": domain}
        pipedrive.answer_next(Reply(answer), "/oauth/token")
        with pytest.raises(Unavailable, match="https api_domain"):
            await source.check()
    assert [asked.path for asked in pipedrive.api.asked] == ["/oauth/token"]


async def test_a_refresh_token_that_was_revoked_is_denied(tmp_path: Path) -> None:
    async with company(tmp_path, **{**OAUTH, "refresh_token": "a-revoked-one"}) as (_pipedrive, source):
        with pytest.raises(Denied, match="authorise again") as caught:
            await source.check()
    assert "a-revoked-one" not in str(caught.value)
