"""How HubSpot says "slow down" and "denied", and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.base import Position
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable
from tests.crm_scene import keys, polled
from tests.doubles import hubspot_answers as say
from tests.doubles.base import Limit, Reply
from tests.doubles.hubspot import TOKEN
from tests.hubspot_scene import OAUTH, account, ago

if TYPE_CHECKING:
    from pathlib import Path

SINCE = Position(at=ago(60))


async def test_searches_keep_to_their_own_limit() -> None:
    async with account() as (hubspot, source):
        for number in range(1, 31):
            hubspot.put(number, ago(5))
        found = await polled(source, SINCE, page_size=2)
    assert len(keys(found)) == 30
    assert len(hubspot.asked("/search$")) >= 15
    assert sum(hubspot.clock.slept) == pytest.approx((len(hubspot.asked("/search$")) - 1) / 4)


async def test_the_list_is_not_slowed_down_by_the_limit_of_searches() -> None:
    async with account() as (hubspot, source):
        for number in range(1, 31):
            hubspot.put(number, ago(5))
        assert len(keys(await polled(source, page_size=2))) == 30
    assert max(hubspot.clock.slept) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("policy", "wait"), [("SECONDLY", 1.0), ("TEN_SECONDLY_ROLLING", 10.0), ("SOMETHING_NEW", 10.0)]
)
async def test_a_limit_that_passes_soon_is_waited_out_although_no_retry_after_says_for_how_long(
    policy: str, wait: float
) -> None:
    async with account() as (hubspot, source):
        hubspot.put(1, ago(5))
        hubspot.answer_next(say.limited(policy), "/search$")
        assert keys(await polled(source, SINCE)) == ["1"]
    assert hubspot.clock.slept == [pytest.approx(wait)]


async def test_a_retry_after_counts_more_than_the_policy() -> None:
    async with account() as (hubspot, source):
        reply = say.limited("TEN_SECONDLY_ROLLING")
        reply.headers["Retry-After"] = "3"
        hubspot.answer_next(reply, "/search$")
        await polled(source, SINCE)
    assert hubspot.clock.slept == [pytest.approx(3.0)]


async def test_the_limit_of_a_day_ends_the_poll_at_once() -> None:
    async with account() as (hubspot, source):
        hubspot.limits["DAILY"] = Limit(0, 86_400.0)
        with pytest.raises(RateLimited, match=r"limit for a day.*midnight") as caught:
            await polled(source)
    assert caught.value.retry_after == 3600
    assert hubspot.clock.slept == []


async def test_limits_that_others_use_up_are_told_with_their_name() -> None:
    async with account() as (hubspot, source):
        hubspot.answer_next(say.limited("TEN_SECONDLY_ROLLING"), times=4)
        with pytest.raises(RateLimited, match=r"429 \(TEN_SECONDLY_ROLLING\).*ten seconds"):
            await polled(source)


async def test_a_missing_scope_is_named() -> None:
    async with account() as (hubspot, source):
        hubspot.scopes.remove("crm.objects.contacts.read")
        for asked in (polled(source, SINCE), source.check(), source.fetch(["1"])):
            with pytest.raises(
                Denied, match=r"403 \(MISSING_SCOPES\).*it lacks crm\.objects\.contacts\.read$"
            ):
                await asked


async def test_a_token_that_is_not_taken_is_denied_at_once() -> None:
    async with account(token="pat-na1-an-old-one") as (hubspot, source):
        with pytest.raises(Denied, match=r"401.*revoked or expired") as caught:
            await polled(source)
    assert "an-old-one" not in str(caught.value)
    assert len(hubspot.api.asked) == 1


async def test_a_token_of_the_wrong_form_is_denied_and_not_taken_for_a_fault_of_the_server() -> None:
    async with account(token="two words") as (hubspot, source):
        with pytest.raises(Denied, match=r"530.*copied whole"):
            await polled(source)
    assert len(hubspot.api.asked) == 1


async def test_an_object_that_hubspot_does_not_know_names_the_setting() -> None:
    async with account(object="leeds") as (_hubspot, source):
        with pytest.raises(BadConfig, match="Unable to infer object type") as caught:
            await polled(source, SINCE)
    assert caught.value.setting == "object"


async def test_a_fault_of_the_server_is_tried_again() -> None:
    async with account() as (hubspot, source):
        hubspot.put(1, ago(5))
        hubspot.answer_next(say.error(500, "INTERNAL_ERROR", "internal error"), times=2)
        assert keys(await polled(source)) == ["1"]
        hubspot.answer_next(Reply(body=b"<html>bad gateway</html>", status=502), times=4)
        with pytest.raises(Unavailable, match="502"):
            await polled(source)


async def test_p10_no_message_repeats_a_token_or_a_person() -> None:
    told = f"{TOKEN} of jane@example.com at +1 804 555 0123 is not right"
    async with account() as (hubspot, source):
        for status in (400, 401, 403, 404, 414, 429, 500, 530):
            reply = Reply({"message": told, "category": TOKEN, "errors": [{"message": told}]}, status)
            hubspot.answer_next(reply, times=4)
            with pytest.raises(SourceError) as caught:
                await polled(source)
            hubspot._planned.clear()
            assert not any(secret in str(caught.value) for secret in (TOKEN, "jane", "0123"))


async def test_an_access_token_is_renewed_before_it_ends(tmp_path: Path) -> None:
    async with account(tmp_path, **OAUTH) as (hubspot, source):
        hubspot.put(1, ago(5))
        assert keys(await polled(source)) == ["1"]
        hubspot.clock.slept.append(1000)
        await polled(source)
        assert len(hubspot.asked("/oauth/v1/token")) == 1
        hubspot.clock.slept.append(790)
        hubspot.tokens = {TOKEN}
        await polled(source)
        form = hubspot.asked("/oauth/v1/token")[1].form
    assert form["grant_type"] == "refresh_token"
    statuses = [asked.headers["authorization"] for asked in hubspot.asked("/objects/contacts$")]
    assert statuses == ["Bearer oauth-access-1"] * 2 + ["Bearer oauth-access-2"]


async def test_a_refresh_token_that_was_revoked_is_denied(tmp_path: Path) -> None:
    async with account(tmp_path, **{**OAUTH, "refresh_token": "a-revoked-one"}) as (_hubspot, source):
        with pytest.raises(Denied) as caught:
            await source.check()
    assert "a-revoked-one" not in str(caught.value)
