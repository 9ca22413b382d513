"""How GoHighLevel lets in, says "slow down" and "denied", and what becomes of a token good for one use."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from sources._http import kept_access
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable
from sources.gohighlevel import GohighlevelSettings
from tests.crm_scene import keys, polled
from tests.doubles.base import Limit, Reply, running
from tests.doubles.gohighlevel import SECRET, TOKEN, Location, error
from tests.gohighlevel_scene import ago, location, over, way_in
from tests.rest_server import NOW

if TYPE_CHECKING:
    from pathlib import Path


async def test_p1_a_refresh_token_is_used_once_and_its_successor_is_kept_beyond_a_restart(
    tmp_path: Path,
) -> None:
    async with running(Location()) as double:
        double.put(1, ago(5))
        given = [double.refresh_token]
        said = way_in(double)
        for _day in range(3):
            async with over(double, tmp_path, **said) as source:
                assert keys(await polled(source)) == ["1"]
            given.append(double.refresh_token)
            double.clock.slept.append(86_400)
    used = [asked.form["refresh_token"] for asked in double.asked("/oauth/token")]
    assert used == given[:-1]
    assert len(set(given)) == 4


async def test_p1_a_successor_is_kept_before_the_access_token_is_used(tmp_path: Path) -> None:
    async with running(Location()) as double:
        given, said = double.refresh_token, way_in(double)
        double.answer_next(Reply(body=b"<html>bad gateway</html>", status=502), "/contacts/search", times=4)
        async with over(double, tmp_path, **said) as source:
            with pytest.raises(Unavailable, match="502"):
                await polled(source)
        successor = double.refresh_token
        kept_access.forget()
        async with over(double, tmp_path, **said) as source:
            await polled(source)
    assert [asked.form["refresh_token"] for asked in double.asked("/oauth/token")] == [given, successor]


async def test_one_access_token_serves_all_polls_of_its_day(tmp_path: Path) -> None:
    async with running(Location()) as double:
        said = way_in(double)
        for _poll in range(5):
            async with over(double, tmp_path, **said) as source:
                await polled(source)
        assert len(double.asked("/oauth/token")) == 1
        double.clock.slept.append(86_350)
        async with over(double, tmp_path, **said) as source:
            await polled(source)
    assert len(double.asked("/oauth/token")) == 2


async def test_a_refresh_token_that_was_used_up_elsewhere_is_denied(tmp_path: Path) -> None:
    async with location(tmp_path, oauth=True) as (double, source):
        double.refresh_token = "ghl-refresh-of-somebody-else"
        with pytest.raises(Denied, match="authorise again") as caught:
            await polled(source)
    assert not any(secret in str(caught.value) for secret in ("ghl-refresh", SECRET))


async def test_requests_keep_to_less_than_a_hundred_in_ten_seconds() -> None:
    async with location() as (double, source):
        for number in range(1, 251):
            double.put(number, ago(5))
        await polled(source, page_size=2)
    assert len(double.asked("/search$")) == 126
    assert sum(double.clock.slept) == pytest.approx(125 / 9)


async def test_a_limit_of_ten_seconds_that_others_use_up_is_waited_out() -> None:
    async with location() as (double, source):
        double.put(1, ago(5))
        double.burst = Limit(1, 10.0)
        assert keys(await polled(source)) == ["1"]
    assert 10.0 in [pytest.approx(wait) for wait in double.clock.slept]


async def test_a_retry_after_counts_more_than_the_interval() -> None:
    async with location() as (double, source):
        reply = error(429, "Too Many Requests")
        reply.headers["Retry-After"] = "3"
        double.answer_next(reply)
        await polled(source)
    assert double.clock.slept[0] == pytest.approx(3.0)


async def test_the_limit_of_a_day_ends_the_poll_until_its_reset_which_is_in_milliseconds() -> None:
    async with location() as (double, source):
        double.daily = 0
        with pytest.raises(RateLimited, match="limit for a day is reached") as caught:
            await polled(source)
    assert caught.value.retry_after == 21_600
    assert double.clock.slept == []


@pytest.mark.parametrize(
    ("reset", "wait"),
    [
        (str(int((NOW + timedelta(hours=2)).timestamp() * 1000)), 7_200),
        ("", 3_600),
        ("soon", 3_600),
        ("0", 1),
    ],
)
async def test_a_reset_that_is_written_otherwise_is_understood_or_guessed(reset: str, wait: float) -> None:
    async with location() as (double, source):
        headers = {"x-ratelimit-daily-remaining": "0", "x-ratelimit-daily-reset": reset}
        double.answer_next(Reply({"message": "Too Many Requests"}, 429, headers), times=4)
        with pytest.raises(RateLimited) as caught:
            await polled(source, page_size=1)
    assert caught.value.retry_after == pytest.approx(wait)


async def test_a_token_that_is_not_taken_is_denied_at_once() -> None:
    async with location(token="pit-an-old-one") as (double, source):
        with pytest.raises(Denied, match=r"401.*not taken; was it rotated") as caught:
            await polled(source)
    assert "an-old-one" not in str(caught.value)
    assert len(double.api.asked) == 1


async def test_a_missing_scope_is_named() -> None:
    async with location() as (double, source):
        double.scopes.clear()
        for asked in (polled(source), source.check(), source.fetch(["1"]), source.latest()):
            with pytest.raises(Denied, match=r"it lacks contacts\.readonly$"):
                await asked


async def test_a_token_of_another_location_names_the_setting() -> None:
    async with location(location_id="somewhere-else") as (_double, source):
        with pytest.raises(Denied, match=r"403.*`location_id`"):
            await polled(source)


async def test_a_location_that_is_not_known_names_the_setting() -> None:
    async with location() as (double, source):
        double.answer_next(error(400, "Location with id x not found"))
        with pytest.raises(BadConfig) as caught:
            await polled(source)
        double.answer_next(error(422, ["pageLimit must be a number"]))
        with pytest.raises(BadConfig) as other:
            await polled(source)
    assert (caught.value.setting, other.value.setting) == ("location_id", None)


async def test_a_fault_of_the_server_is_tried_again() -> None:
    async with location() as (double, source):
        double.put(1, ago(5))
        double.answer_next(Reply(body=b"<html>bad gateway</html>", status=502), times=2)
        assert keys(await polled(source)) == ["1"]
        double.answer_next(Reply(body=b"<html>bad gateway</html>", status=502), times=4)
        with pytest.raises(Unavailable, match="502"):
            await polled(source)


async def test_p10_no_message_repeats_a_token_or_a_person() -> None:
    told = f"{TOKEN} of jane@example.com at +1 804 555 0123 is not right"
    async with location() as (double, source):
        for status in (400, 401, 403, 404, 422, 429, 500):
            double.answer_next(Reply({"message": [told], "error": told}, status), times=4)
            with pytest.raises(SourceError) as caught:
                await polled(source)
            double._planned.clear()
            assert not any(secret in str(caught.value) for secret in (TOKEN, "jane", "0123"))


async def test_a_person_can_authorise_it_in_a_browser_and_then_no_refresh_token_is_in_the_settings(
    tmp_path: Path,
) -> None:
    async with running(Location()) as double:
        double.put(1, ago(5))
        said = way_in(double)
        del said["refresh_token"]
        async with over(double, tmp_path, **said) as source:
            with pytest.raises(Denied, match="leadrelay auth crm"):
                await polled(source)
            flow = source.authorization()
            asked = parse_qs(urlsplit(flow.begun("http://127.0.0.1:1/").url).query)
            assert (asked["scope"], asked["client_id"]) == (["contacts.readonly"], ["made-up"])
            assert flow.authorize_url == "https://marketplace.gohighlevel.com/oauth/chooselocation"
            async with flow.store.exclusive():
                await flow.store.save(double.refresh_token)
            assert keys(await polled(source)) == ["1"]


async def test_another_way_in_counts_more_than_a_browser() -> None:
    async with location() as (_double, source):
        with pytest.raises(BadConfig, match="in the place of a token"):
            source.authorization()
    async with location(oauth=True) as (_double, source):
        with pytest.raises(BadConfig, match="take refresh_token out"):
            source.authorization()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "There is nothing of that"),
        ({"token": TOKEN, "client_id": "x"}, "There is token and client_id"),
        ({"token": TOKEN, "location_id": "a/b"}, "location_id"),
        ({"client_id": "x", "refresh_token": "y"}, "There is client_id and refresh_token"),
    ],
)
def test_half_a_way_in_is_refused(said: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told) as caught:
        GohighlevelSettings.model_validate({"location_id": "here", **said})
    assert TOKEN not in str(caught.value)
