"""How Zoho lets in, says "slow down" and "denied": data centers, its scheme, and tokens that are scarce."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable
from sources.zoho import Zoho, ZohoSettings
from tests.crm_scene import keys, opened, polled
from tests.doubles.base import Reply, running
from tests.doubles.zoho import SECRET, Organisation, error
from tests.zoho_scene import ago, organisation, over, way_in

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "/oauth/v2/token$"
NAMES = frozenset({"Email"})
LIST = "/crm/v8/Leads$"


async def test_the_api_is_where_the_token_says_and_the_scheme_is_zohos_own() -> None:
    async with running(Organisation()) as accounts, running(Organisation()) as elsewhere:
        accounts.api_domain = elsewhere.url()
        elsewhere.tokens["1000.access-made-up-0"] = elsewhere.clock.monotonic() + 3600
        elsewhere.put(1, ago(5))
        async with over(accounts) as source:
            assert keys(await polled(source, fields=NAMES)) == ["1"]
        assert [asked.path for asked in accounts.api.asked] == ["/oauth/v2/token"]
        told = elsewhere.asked(LIST)[0].headers["authorization"]
    assert told == "Zoho-oauthtoken 1000.access-made-up-0"


@pytest.mark.parametrize("domain", ["", "http://api.example.com", "zohoapis.com"])
async def test_a_token_that_does_not_say_safely_where_the_api_is_is_of_no_use(domain: str) -> None:
    async with organisation() as (double, source):
        double.api_domain = domain
        with pytest.raises(Unavailable, match="api_domain; say where the API is by `base_url`"):
            await polled(source, fields=NAMES)
    async with running(Organisation()) as double:
        double.api_domain = domain
        async with over(double, base_url=double.url()) as source:
            assert keys(await polled(source, fields=NAMES)) == []


@pytest.mark.parametrize(
    ("center", "accounts"),
    [
        ("us", "https://accounts.zoho.com"),
        ("eu", "https://accounts.zoho.eu"),
        ("ca", "https://accounts.zohocloud.ca"),
    ],
)
def test_every_data_center_gives_its_own_tokens(center: str, accounts: str) -> None:
    said = {"client_id": "a", "client_secret": "b", "refresh_token": "c", "data_center": center}
    assert ZohoSettings.model_validate(said).accounts == accounts
    assert ZohoSettings.model_validate({**said, "accounts_url": "https://x.example.com/"}).accounts == (
        "https://x.example.com"
    )


async def test_one_token_serves_all_polls_of_an_hour_although_each_has_an_adapter_of_its_own() -> None:
    async with running(Organisation()) as double:
        for _poll in range(30):
            async with over(double) as source:
                await polled(source, fields=NAMES)
        assert len(double.asked(TOKEN)) == 1
        double.clock.slept.append(3_560)
        async with over(double) as source:
            await polled(source, fields=NAMES)
        assert len(double.asked(TOKEN)) == 2


async def test_an_eleventh_token_within_ten_minutes_is_never_asked_for() -> None:
    async with organisation() as (double, source):
        for _revoked in range(10):
            double.tokens.clear()
            await polled(source, fields=NAMES)
        assert len(double.asked(TOKEN)) == 10
        double.tokens.clear()
        with pytest.raises(RateLimited, match="10 access tokens were asked for in 10 minutes") as caught:
            await polled(source, fields=NAMES)
        assert 0 < (caught.value.retry_after or 0) <= 600
        assert len(double.asked(TOKEN)) == 10
        double.clock.slept.append(600)
        assert keys(await polled(source, fields=NAMES)) == []


async def test_being_blocked_for_too_many_tokens_is_a_wait_and_not_a_refusal() -> None:
    async with organisation() as (double, source):
        double.token_limit.count = 0
        with pytest.raises(RateLimited, match="tokens were asked for too often") as caught:
            await polled(source, fields=NAMES)
    assert caught.value.retry_after == 600
    assert len(double.asked(TOKEN)) == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"client_secret": "another"}, "is `data_center` right"),
        ({"refresh_token": "1000.another"}, "revoked, or is of another data center"),
    ],
)
async def test_a_refusal_of_a_token_that_comes_as_a_200_is_denied(said: dict[str, str], told: str) -> None:
    async with organisation(**said) as (_double, source):
        with pytest.raises(Denied, match=told) as caught:
            await polled(source, fields=NAMES)
    assert "another" not in str(caught.value).replace("of another data", "")


async def test_an_access_token_that_was_revoked_is_renewed_once() -> None:
    async with organisation() as (double, source):
        double.put(1, ago(5))
        await polled(source, fields=NAMES)
        double.tokens.clear()
        assert keys(await polled(source, fields=NAMES)) == ["1"]
        assert len(double.asked(TOKEN)) == 2


async def test_an_access_token_that_is_never_taken_is_denied() -> None:
    async with organisation() as (double, source):
        double.answer_next(error(401, "INVALID_TOKEN", "invalid oauth token"), LIST, times=2)
        with pytest.raises(Denied, match=r"401 \(INVALID_TOKEN\).*not taken"):
            await polled(source, fields=NAMES)


async def test_a_missing_scope_is_named() -> None:
    async with organisation() as (double, source):
        double.scopes = {"modules"}
        for asked in (source.check(), source.fields(), polled(source)):
            with pytest.raises(
                Denied, match=r"it lacks ZohoCRM\.modules\.READ, ZohoCRM\.settings\.fields\.READ$"
            ):
                await asked


async def test_a_module_that_may_not_be_read_says_so() -> None:
    async with organisation() as (double, source):
        double.answer_next(error(403, "NO_PERMISSION", "permission denied"), LIST)
        with pytest.raises(Denied, match="user who authorised us may not read this module"):
            await polled(source, fields=NAMES)


async def test_a_module_that_is_not_there_names_the_setting() -> None:
    async with organisation(module="Leeds") as (_double, source):
        with pytest.raises(BadConfig, match="INVALID_MODULE") as caught:
            await polled(source, fields=NAMES)
    assert caught.value.setting == "module"


async def test_too_many_requests_at_once_are_waited_out_although_no_retry_after_says_for_how_long() -> None:
    async with organisation() as (double, source):
        double.put(1, ago(5))
        double.answer_next(error(429, "TOO_MANY_REQUESTS", "Many requests fired"), LIST)
        assert keys(await polled(source, fields=NAMES)) == ["1"]
    assert double.clock.slept == [pytest.approx(10.0)]


async def test_credits_that_are_used_up_end_the_poll_at_once() -> None:
    async with organisation() as (double, source):
        double.credits = 0
        with pytest.raises(RateLimited, match="API credits of 24 hours are used up") as caught:
            await polled(source, fields=NAMES)
    assert caught.value.retry_after == 3600
    assert double.clock.slept == []


async def test_p10_no_message_repeats_a_token_or_a_person() -> None:
    async with organisation() as (double, source):
        secrets = (SECRET, double.refresh_token, "jane", "0123", "access-made-up")
        told = f"{SECRET} {double.refresh_token} of jane@example.com at +1 804 555 0123 is not right"
        await polled(source, fields=NAMES)
        for status in (400, 403, 404, 429, 500):
            double.answer_next(Reply({"message": told, "code": told}, status), LIST, times=4)
            with pytest.raises(SourceError) as caught:
                await polled(source, fields=NAMES)
            double._planned.clear()
            assert not any(secret in str(caught.value) for secret in secrets)


async def test_a_person_can_authorise_it_in_a_browser_and_then_no_refresh_token_is_in_the_settings(
    tmp_path: Path,
) -> None:
    async with running(Organisation()) as double:
        double.put(1, ago(5))
        said = way_in(double)
        del said["refresh_token"]
        async with opened(Zoho, double, tmp_path, **said) as source:
            with pytest.raises(Denied, match="leadrelay auth crm"):
                await polled(source, fields=NAMES)
            flow = source.authorization()
            asked = parse_qs(urlsplit(flow.begun("http://127.0.0.1:1/").url).query)
            assert asked["scope"] == ["ZohoCRM.modules.READ,ZohoCRM.settings.fields.READ"]
            assert (asked["access_type"], asked["prompt"]) == (["offline"], ["consent"])
            assert flow.authorize_url == double.url("/oauth/v2/auth")
            async with flow.store.exclusive():
                await flow.store.save(double.refresh_token)
            assert keys(await polled(source, fields=NAMES)) == ["1"]


async def test_a_refresh_token_in_the_settings_counts_more_than_a_browser() -> None:
    async with organisation() as (_double, source):
        with pytest.raises(BadConfig, match="take refresh_token out"):
            source.authorization()


@pytest.mark.parametrize("without", ["client_id", "client_secret"])
async def test_all_that_it_takes_to_get_in_has_to_be_said(without: str) -> None:
    async with running(Organisation()) as double:
        said: dict[str, Any] = way_in(double)
    del said[without]
    with pytest.raises(ValidationError, match=without) as caught:
        ZohoSettings.model_validate(said)
    assert SECRET not in str(caught.value)
