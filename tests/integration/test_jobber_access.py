"""How Jobber lets in: tokens of an hour, refresh tokens good for one use, a person with a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sources._http import kept_access
from sources.errors import BadConfig, Denied, RateLimited, Unavailable
from sync.runtime.authorizing import redeemed
from tests.crm_scene import keys, polled
from tests.doubles.base import Reply, running
from tests.doubles.jobber import CLIENT, SECRET, Account, failed
from tests.jobber_scene import GRAPHQL, account, ago, over, way_in

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "/api/oauth/token$"
REDIRECT = "http://127.0.0.1:8721/callback"


def used(double: Account) -> list[str]:
    return [asked.form["refresh_token"] for asked in double.asked(TOKEN)]


async def test_p1_a_refresh_token_is_used_once_and_its_successor_is_kept_beyond_a_restart(
    tmp_path: Path,
) -> None:
    async with running(Account()) as double:
        double.put(1, ago(5))
        given, said = [double.refresh_token], way_in(double)
        for _ in range(3):
            kept_access.forget()  # as a program does that ends
            async with over(double, tmp_path, **said) as source:
                assert keys(await polled(source)) == ["1"]
            given.append(double.refresh_token)
        assert used(double) == given[:-1]
    assert len(set(given)) == 4


async def test_p1_a_successor_is_kept_before_the_access_token_is_used(tmp_path: Path) -> None:
    async with running(Account()) as double:
        given, said = double.refresh_token, way_in(double)
        double.answer_next(Reply(body=b"<html>bad gateway</html>", status=502), GRAPHQL, times=4)
        async with over(double, tmp_path, **said) as source:
            with pytest.raises(Unavailable, match="502"):
                await polled(source)
        successor = double.refresh_token
        kept_access.forget()
        async with over(double, tmp_path, **said) as source:
            await polled(source)
        assert used(double) == [given, successor]


async def test_p1_a_refresh_token_that_was_used_up_elsewhere_is_denied_at_once(tmp_path: Path) -> None:
    async with account(tmp_path) as (double, source):
        double.refresh_token = "jobber-refresh-of-somebody-else"
        with pytest.raises(Denied, match="authorise again") as caught:
            await polled(source)
        assert len(double.asked(TOKEN)) == 1
    assert not any(secret in str(caught.value) for secret in ("jobber-refresh", SECRET))


async def test_one_access_token_serves_its_hour_which_only_the_token_itself_tells(tmp_path: Path) -> None:
    async with running(Account()) as double:
        said = way_in(double)
        for seconds in (0, 1_700, 1_800, 60):
            double.clock.slept.append(seconds)
            async with over(double, tmp_path, **said) as source:
                await polled(source)
        assert len(double.asked(TOKEN)) == 2  # and no query was refused
        assert len(double.asked(GRAPHQL)) == 4


@pytest.mark.parametrize("token", ["plain", "a.b.c", "a.W10.c", "a.eyJleHAiOiAieCJ9.c", "a.!!!.c"])
async def test_a_token_that_tells_nothing_is_used_all_the_same(tmp_path: Path, token: str) -> None:
    async with account(tmp_path) as (double, source):
        double.tokens[token] = ago(-60)
        double.answer_next(Reply({"access_token": token, "refresh_token": "next"}), TOKEN)
        await polled(source)
        assert len(double.asked(TOKEN)) == 1


@pytest.mark.parametrize("tells_401", [True, False])
async def test_a_token_that_is_not_taken_any_more_is_renewed_once(tmp_path: Path, tells_401: bool) -> None:
    async with account(tmp_path) as (double, source):
        double.put(1, ago(5))
        await polled(source)
        double.tells_401 = tells_401
        double.tokens = dict.fromkeys(double.tokens, ago(1))
        assert keys(await polled(source)) == ["1"]
        assert len(double.asked(TOKEN)) == 2


@pytest.mark.parametrize(
    "reply",
    [
        Reply(failed("hidden because you are unauthenticated", "UNAUTHENTICATED")),
        Reply({"message": "Token not recognized"}),
        Reply({"message": "Token not recognized"}, status=401),
    ],
)
async def test_a_new_token_that_is_not_taken_either_is_denied(tmp_path: Path, reply: Reply) -> None:
    async with account(tmp_path) as (double, source):
        double.answer_next(reply, GRAPHQL, times=9)
        with pytest.raises(Denied, match="nor is a new one; run `leadrelay auth`"):
            await polled(source)
        assert (len(double.asked(GRAPHQL)), len(double.asked(TOKEN))) == (2, 2)


async def test_tokens_are_not_asked_for_again_and_again(tmp_path: Path) -> None:
    async with account(tmp_path) as (double, source):
        told = failed("hidden because you are unauthenticated", "UNAUTHENTICATED")
        double.answer_next(Reply(told), GRAPHQL, times=99)
        for _ in range(19):
            with pytest.raises(Denied):
                await polled(source)
        with pytest.raises(RateLimited, match="20 access tokens were asked for"):
            await polled(source)
        assert len(double.asked(TOKEN)) == 20


async def test_a_person_lets_the_app_in_and_then_it_is_read(tmp_path: Path) -> None:
    async with running(Account()) as double:
        double.put(1, ago(5))
        async with over(double, tmp_path) as source:
            with pytest.raises(Denied, match="run `leadrelay auth crm`"):
                await polled(source)
            attempt = source.authorization().begun(REDIRECT)
            granted = {"access_token": double.minted(), "refresh_token": double.refresh_token}
            double.answer_next(Reply(granted), TOKEN)
            found = await redeemed(attempt, "c0de")
            assert keys(await polled(source)) == ["1"]
        first = double.asked(TOKEN)[0].form
    assert (first["grant_type"], first["code"], first["redirect_uri"]) == (
        "authorization_code",
        "c0de",
        REDIRECT,
    )
    assert (found.account, found.missing) == ("Ada's Lawns", [])


async def test_an_account_that_does_not_say_its_name_is_no_matter(tmp_path: Path) -> None:
    async with running(Account()) as double, over(double, tmp_path) as source:
        granted = {"access_token": double.minted(), "refresh_token": double.refresh_token}
        double.answer_next(Reply(granted), TOKEN)
        double.answer_next(Reply({"data": {"account": None}}), GRAPHQL)
        assert (await redeemed(source.authorization().begun(REDIRECT), "c0de")).account is None


async def test_the_page_is_jobbers_and_is_asked_for_no_scopes() -> None:
    async with running(Account()) as double, over(double) as source:
        parts = urlsplit(source.authorization().begun(REDIRECT).url)
    said: dict[str, Any] = parse_qs(parts.query)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://api.getjobber.com/api/oauth/authorize"
    assert (said["client_id"], said["redirect_uri"]) == ([CLIENT], [REDIRECT])
    assert "scope" not in said  # they are the app's, chosen in the Developer Center


async def test_a_refresh_token_in_the_settings_counts() -> None:
    async with account() as (_double, source):
        with pytest.raises(BadConfig, match="take refresh_token out of it"):
            source.authorization()


async def test_every_query_says_by_which_version_it_wants_to_be_answered() -> None:
    async with account(api_version="2025-01-20") as (double, source):
        await polled(source)
        await source.check()
        await source.fetch(["1"])
        await source.fields()
        versions = {asked.headers["x-jobber-graphql-version"] for asked in double.asked(GRAPHQL)}
    assert versions == {"2025-01-20"}
