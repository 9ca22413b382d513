"""How ServiceTitan says "slow down" and "denied", with its two credentials, and what becomes of it."""

from __future__ import annotations

import pytest

from sources.errors import BadConfig, Denied, RateLimited, SourceError
from sources.servicetitan import Servicetitan
from tests.crm_scene import keys, opened, polled
from tests.doubles.base import Limit, Reply, running
from tests.doubles.servicetitan import APP_KEY, CLIENT, TENANT, TenantDouble, problem, slow_down
from tests.servicetitan_scene import ago, settings, tenant


async def test_every_request_has_both_credentials_and_the_token_none_of_the_key() -> None:
    async with tenant() as (company, source):
        await polled(source)
    token, listed = company.api.asked
    assert token.form == {
        "grant_type": "client_credentials",
        "client_id": CLIENT[0],
        "client_secret": CLIENT[1],
    }
    assert "st-app-key" not in token.headers
    assert listed.headers["st-app-key"] == APP_KEY
    assert listed.headers["authorization"].startswith("Bearer access-made-up-")
    assert listed.path == f"/crm/v2/tenant/{TENANT}/leads"


async def test_a_token_is_used_until_shortly_before_it_ends() -> None:
    async with tenant() as (company, source):
        await source.check()
        company.clock.slept.append(800)
        await source.check()
        company.clock.slept.append(60)
        await source.check()
    assert len(company.asked("token")) == 2


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"client_secret": "cs1.another-made-up"}, "the client id or the client secret is wrong"),
        ({"app_key": "ak1.another-made-up"}, "the token or app_key is not taken"),
    ],
)
async def test_credentials_that_are_not_taken_are_denied(said: dict[str, str], told: str) -> None:
    async with tenant(**said) as (_company, source):
        with pytest.raises(Denied, match=told) as caught:
            await source.check()
    assert "another-made-up" not in str(caught.value)


async def test_a_scope_that_is_missing_is_told_as_such() -> None:
    async with tenant() as (company, source):
        company.scopes = {"leads"}
        company.put(1, ago(5), customerId=7)
        with pytest.raises(Denied, match=r"customers answered 403.*scopes to read"):
            await polled(source)


async def test_a_tenant_that_is_not_there_names_the_setting() -> None:
    async with tenant(tenant=42) as (_company, source):
        with pytest.raises(BadConfig, match="is the tenant right") as caught:
            await source.check()
    assert caught.value.setting == "tenant"


async def test_an_address_without_tokens_names_the_setting() -> None:
    async with tenant() as (company, source):
        company.answer_next(problem(404, "Not Found"), "token")
        with pytest.raises(BadConfig) as caught:
            await source.check()
    assert caught.value.setting == "auth_url"


async def test_our_own_pace_stays_below_the_limit() -> None:
    async with tenant() as (company, source):
        for number in range(30):
            company.put(number + 1, ago(500 - number))
        assert len(keys(await polled(source, page_size=2))) == 30
    assert sum(company.clock.slept) == pytest.approx((len(company.asked("/leads")) - 1) / 30)


@pytest.mark.parametrize(
    ("reply", "wait"),
    [
        (slow_down("Rate limit is exceeded. Try again in 12 seconds."), 12.0),
        (slow_down("Rate limit is exceeded. Try again in 12 seconds.", "3"), 3.0),
        (slow_down("Slow down"), 1.0),
        (Reply({"message": "Out of call volume quota. Quota will be replenished in 00:00:45."}, 403), 45.0),
    ],
)
async def test_a_limit_is_waited_out_as_long_as_it_says(reply: Reply, wait: float) -> None:
    async with tenant() as (company, source):
        company.put(1, ago(5))
        company.answer_next(reply, "/leads")
        assert keys(await polled(source)) == ["1"]
    assert max(company.clock.slept) == pytest.approx(wait)


async def test_a_limit_that_others_use_up_is_told_after_some_patience() -> None:
    async with tenant() as (company, source):
        company.limit = Limit(0, 1.0)
        with pytest.raises(RateLimited, match=r"429.*this app and tenant"):
            await polled(source)
    assert len(company.asked("/leads")) == 4


async def test_a_failure_of_its_own_is_tried_again() -> None:
    async with tenant() as (company, source):
        company.put(1, ago(5))
        company.answer_next(problem(500, "An error has occurred"), "/leads", times=2)
        assert keys(await polled(source)) == ["1"]


@pytest.mark.parametrize(
    "data", [None, [], {"data": []}, {"data": {}, "hasMore": False}, {"hasMore": 1, "data": []}]
)
async def test_an_answer_that_is_not_as_described_is_no_end(data: object) -> None:
    async with tenant() as (company, source):
        company.answer_next(Reply(data), "/leads")
        with pytest.raises(SourceError, match="not as described"):
            await polled(source)


async def test_p10_no_message_repeats_a_secret_or_a_person() -> None:
    told = f"{APP_KEY} {CLIENT[1]} of jane@example.com at 804-555-0199 is not right"
    async with tenant() as (company, source):
        for status in (400, 401, 403, 404, 429, 500):
            company.answer_next(Reply({"title": told, "message": told}, status), "/leads", times=4)
            with pytest.raises(SourceError) as caught:
                await polled(source)
            company._planned.clear()
            said = f"{caught.value} {caught.value!r}"
            assert not any(secret in said for secret in (APP_KEY, CLIENT[1], "jane", "0199"))


async def test_check_says_how_many_there_are() -> None:
    async with running(TenantDouble()) as company:
        company.put(1, ago(5))
        company.put(2, ago(4))
        async with opened(Servicetitan, company, **settings(company)) as source:
            said = await source.check()
    assert said.endswith("2 leads can be read, the newest change of 2026-03-04 11:56 UTC")
