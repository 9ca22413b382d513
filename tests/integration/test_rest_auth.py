"""Every way to prove who we are, OAuth with renewal and rotation among them."""

# ruff: noqa: SIM117 a server, then its client: two blocks
from __future__ import annotations

import asyncio
import base64
import json
import os
import stat
from pathlib import Path  # noqa: TC003 pytest reads the signatures
from typing import Any

import pytest

from sources._http import kept_access
from sources.base import PollRequest
from sources.errors import Denied, RateLimited, SourceError, Unavailable
from sources.http import ApiClient
from sources.oauth import FileTokenStore, OAuth, OAuthApp
from sources.rest import RestSettings
from tests.rest_server import Asked, FakeClock, Reply, keys, pages, serving, source


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ({"type": "bearer", "token": "t0ken"}, "authorization", "Bearer t0ken"),
        ({"type": "bearer", "token": "t0ken", "scheme": "Token"}, "authorization", "Token t0ken"),
        ({"type": "header", "name": "X-Api-Key", "value": "k3y"}, "x-api-key", "k3y"),
        (
            {"type": "basic", "username": "k3y"},
            "authorization",
            "Basic " + base64.b64encode(b"k3y:").decode(),
        ),
        (
            {"type": "basic", "username": "ü", "password": "p:w"},
            "authorization",
            "Basic " + base64.b64encode("ü:p:w".encode()).decode(),
        ),
    ],
)
async def test_headers(auth: dict[str, str], header: str, value: str) -> None:
    async with serving(lambda asked: []) as api, source(api.url(), auth=auth) as rest:
        await pages(rest)
    assert api.asked[0].headers[header] == value


async def test_p10_a_key_in_the_query_is_sent_on_every_page_and_shown_nowhere() -> None:
    auth = {"type": "query", "name": "api_token", "value": "s3cret&key"}
    answers = [{"d": [{"id": 1}], "n": "?page=2&sig=a%2Bb&api_token=echoed"}, Reply(status=404)]
    paging = {"type": "next_url", "path": "n"}
    async with serving(lambda asked: answers[len(api.asked) - 1]) as api:
        async with source(api.url(), auth=auth, records="d", params={"q": "x y"}, paging=paging) as rest:
            with pytest.raises(SourceError) as caught:
                await pages(rest)
    assert api.asked[0].query == {"q": "x y", "api_token": "s3cret&key"}
    assert api.asked[1].target == "/v1/contacts?page=2&sig=a%2Bb&api_token=s3cret%26key"
    assert "s3cret" not in str(caught.value)


async def test_plus_signs_reach_the_server() -> None:
    async with serving(lambda asked: []) as api:
        async with source(api.url("/v1?a=%2B1"), params={"sort": "+ModifiedOn", "ids": ["1", "2"]}) as rest:
            await pages(rest)
    assert api.asked[0].target == "/v1?a=%2B1&sort=%2BModifiedOn&ids=1&ids=2"


async def test_own_headers_are_sent_and_are_secrets() -> None:
    async with serving(lambda asked: []) as api, source(api.url(), headers={"ST-App-Key": "app-k3y"}) as rest:
        await pages(rest)
    assert api.asked[0].headers["st-app-key"] == "app-k3y"


def test_p10_settings_never_show_a_secret() -> None:
    secrets = {"token_url": "https://a.example.com/t", "client_id": "c", "client_secret": "s3cret"}
    settings = RestSettings.model_validate(
        {
            "url": "https://api.example.com/",
            "key": "id",
            "headers": {"X": "s3cret"},
            "params": {"k": "s3cret"},
            "auth": {
                "type": "oauth2_refresh_token",
                "refresh_token": "s3cret",
                "extra": {"a": "s3cret"},
                **secrets,
            },
        }
    )
    assert "s3cret" not in repr(settings) + str(settings)


class TokenServer:
    """A vendor: hands out tokens that die, and may rotate its refresh tokens."""

    def __init__(self, *, rotate: bool = False, lifetime: Any = 3600) -> None:
        self.rotate = rotate
        self.lifetime = lifetime
        self.refresh = "refresh-0"
        self.issued = 0
        self.good: set[str] = set()

    def answer(self, asked: Asked) -> Any:
        if asked.path == "/token":
            return self._grant(asked)
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.good:
            return Reply({"error": "INVALID_SESSION_ID"}, status=401)
        return [{"id": 1}]

    def _grant(self, asked: Asked) -> Any:
        if asked.form["grant_type"] == "refresh_token":
            if asked.form["refresh_token"] != self.refresh:
                return Reply({"error": "invalid_grant", "error_description": "gone"}, status=400)
            if self.rotate:
                self.refresh = f"refresh-{self.issued + 1}"
        self.issued += 1
        token = f"access-{self.issued}"
        self.good = {token}
        given = {"access_token": token, "expires_in": self.lifetime, "token_type": "bearer"}
        return given | ({"refresh_token": self.refresh} if self.rotate else {})


def _oauth(base: str, kind: str = "oauth2_client_credentials", **more: Any) -> dict[str, Any]:
    auth = {"type": kind, "token_url": f"{base}/token", "client_id": "us", "client_secret": "s3cret", **more}
    return auth | ({"refresh_token": "refresh-0"} if kind == "oauth2_refresh_token" else {})


async def test_client_credentials_are_asked_for_once_and_renewed_in_time() -> None:
    vendor, clock = TokenServer(), FakeClock()
    async with serving(vendor.answer) as api:
        auth = _oauth(api.base, scope="a b", extra={"audience": "x"})
        async with source(api.url(), clock, auth=auth) as rest:
            await pages(rest)
            await pages(rest)
            assert vendor.issued == 1
            clock.slept.append(3600 - 59)
            await pages(rest)
    assert vendor.issued == 2
    assert api.asked[0].form == {
        "grant_type": "client_credentials",
        "scope": "a b",
        "client_id": "us",
        "client_secret": "s3cret",
        "audience": "x",
    }


async def test_client_authentication_can_be_basic() -> None:
    vendor = TokenServer()
    async with serving(vendor.answer) as api:
        async with source(api.url(), auth=_oauth(api.base, client_auth="basic")) as rest:
            await pages(rest)
    assert api.asked[0].headers["authorization"] == "Basic " + base64.b64encode(b"us:s3cret").decode()
    assert "client_secret" not in api.asked[0].form


@pytest.mark.parametrize("lifetime", [None, "3599", 0, "soon"])
async def test_a_401_renews_once_and_sends_again(lifetime: Any) -> None:
    vendor = TokenServer(lifetime=lifetime)
    async with serving(vendor.answer) as api, source(api.url(), auth=_oauth(api.base)) as rest:
        await pages(rest)
        vendor.good.clear()
        assert keys(await pages(rest)) == ["1"]
    assert vendor.issued == 2


async def test_a_401_that_stays_is_denied_after_one_renewal() -> None:
    def answer(asked: Asked) -> Any:
        return {"access_token": "t"} if asked.path == "/token" else Reply(status=401)

    async with serving(answer) as api, source(api.url(), auth=_oauth(api.base)) as rest:
        with pytest.raises(Denied):
            await pages(rest)
    assert [asked.path for asked in api.asked] == ["/token", "/v1/contacts"] * 2


async def test_one_renewal_serves_all_who_wait() -> None:
    vendor = TokenServer(rotate=True)
    async with serving(vendor.answer) as api:
        app = OAuthApp(f"{api.base}/token", "us", "s3cret")
        client = ApiClient(api.base, OAuth(app, refresh_token="refresh-0"))
        await asyncio.gather(*(client.get_json(api.url()) for _ in range(10)))
        assert vendor.issued == 1
        vendor.good.clear()
        await asyncio.gather(*(client.get_json(api.url()) for _ in range(10)))
        assert vendor.issued == 2
        await client.close()


async def test_a_rotated_refresh_token_is_kept_before_the_access_token_is_used(tmp_path: Path) -> None:
    vendor = TokenServer(rotate=True)
    kept: list[str] = []

    def answer(asked: Asked) -> Any:
        if asked.path != "/token":
            kept.extend(json.loads(file.read_text())["refresh_token"] for file in tmp_path.glob("*.json"))
        return vendor.answer(asked)

    async with serving(answer) as api:
        auth = _oauth(api.base, "oauth2_refresh_token")
        for _ in range(3):  # three processes, one after another
            async with source(api.url(), cache=tmp_path, auth=auth) as rest:
                assert keys(await pages(rest)) == ["1"]
            kept_access.forget()
    assert kept == ["refresh-1", "refresh-2", "refresh-3"]
    (file,) = (entry for entry in os.scandir(tmp_path) if entry.name.endswith(".json"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not [entry.name for entry in os.scandir(tmp_path) if entry.name.startswith(".")]


async def test_another_process_that_rotated_meanwhile_is_noticed(tmp_path: Path) -> None:
    vendor = TokenServer(rotate=True)
    async with serving(vendor.answer) as api:
        auth = _oauth(api.base, "oauth2_refresh_token")
        async with source(api.url(), cache=tmp_path, auth=auth) as one:
            kept_access.forget()  # as another process has none of the first one's
            async with source(api.url(), cache=tmp_path, auth=auth) as two:
                for rest in (one, two, one, two):
                    assert keys(await pages(rest)) == ["1"]
                    vendor.good.clear()
    assert vendor.issued == 4


async def test_a_new_refresh_token_in_the_settings_replaces_the_kept_one(tmp_path: Path) -> None:
    vendor = TokenServer(rotate=True)
    async with serving(vendor.answer) as api:
        auth = _oauth(api.base, "oauth2_refresh_token")
        async with source(api.url(), cache=tmp_path, auth=auth) as rest:
            await pages(rest)
        vendor.refresh = "authorised-again"
        vendor.good.clear()
        async with source(api.url(), cache=tmp_path, auth=auth) as rest:
            with pytest.raises(Denied, match="authorise again"):
                await pages(rest)
        async with source(
            api.url(), cache=tmp_path, auth=auth | {"refresh_token": "authorised-again"}
        ) as rest:
            assert keys(await pages(rest)) == ["1"]


async def test_without_a_cache_the_rotated_token_lives_in_memory() -> None:
    vendor = TokenServer(rotate=True, lifetime=100)
    clock = FakeClock()
    async with serving(vendor.answer) as api:
        async with source(api.url(), clock, auth=_oauth(api.base, "oauth2_refresh_token")) as rest:
            for _ in range(3):
                await pages(rest)
                clock.slept.append(95)
    assert vendor.issued == 3


class FullDisk(FileTokenStore):
    """A store that fails until there is space again."""

    full = True

    async def save(self, token: str) -> None:
        if self.full:
            raise OSError(28, "No space left on device")
        await super().save(token)


async def test_a_refresh_token_that_cannot_be_kept_is_not_lost(tmp_path: Path) -> None:
    vendor = TokenServer(rotate=True)
    store = FullDisk(tmp_path / "token.json")
    async with serving(vendor.answer) as api:
        client = ApiClient(
            api.base, OAuth(OAuthApp(f"{api.base}/token", "us", "s"), refresh_token="refresh-0", store=store)
        )
        for _ in range(2):
            with pytest.raises(Unavailable, match="No space left") as caught:
                await client.get_json(api.url())
            assert "refresh-" not in str(caught.value)
        store.full = False
        assert await client.get_json(api.url()) == [{"id": 1}]
        await client.close()
    assert vendor.issued == 2
    assert await store.load() == "refresh-2"


async def test_a_renewal_that_is_cancelled_still_keeps_its_token(tmp_path: Path) -> None:
    vendor = TokenServer(rotate=True)
    asked_for_it = asyncio.Event()

    def answer(asked: Asked) -> Any:
        asked_for_it.set()
        return Reply(vendor.answer(asked), delay=0.1)

    async with serving(answer) as api:
        store = FileTokenStore(tmp_path / "token.json")
        client = ApiClient(
            api.base, OAuth(OAuthApp(f"{api.base}/token", "us", "s"), refresh_token="refresh-0", store=store)
        )
        task = asyncio.ensure_future(client.get_json(api.url()))
        await asked_for_it.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await client.close()
    assert await store.load() == "refresh-1"


@pytest.mark.parametrize(
    ("reply", "kind", "told"),
    [
        (Reply({"error": "invalid_client"}, status=401), Denied, "client secret is wrong"),
        (Reply({"error": "invalid_grant"}, status=400), Denied, "authorise again"),
        (Reply({"error": "invalid_code"}), Denied, "invalid_code"),
        (
            Reply({"error": "Access Denied", "error_description": "too many requests"}, status=400),
            RateLimited,
            "too often",
        ),
        (Reply({"ok": True}), Unavailable, "no access_token"),
        (Reply(body=b"<html>", status=403), Denied, "no access token"),
        (Reply(status=500), Unavailable, "500"),
        (Reply(status=429, headers={"Retry-After": "600"}), RateLimited, "600 s"),
        (Reply(body=b"<html>", headers={"Content-Type": "text/html"}), Unavailable, "not JSON"),
        (Reply(reset=True), Unavailable, "cut"),
    ],
)
@pytest.mark.parametrize("grant", ["oauth2_client_credentials", "oauth2_refresh_token"])
async def test_a_token_endpoint_that_refuses(
    reply: Reply, kind: type[SourceError], told: str, grant: str
) -> None:
    async with serving(lambda asked: reply) as api, source(api.url(), auth=_oauth(api.base, grant)) as rest:
        with pytest.raises(SourceError, match=told) as caught:
            await pages(rest)
    assert isinstance(caught.value, kind)
    assert "s3cret" not in str(caught.value)


async def test_a_lost_answer_to_a_refresh_is_not_asked_for_again() -> None:
    async with serving(lambda asked: Reply(reset=True)) as api:
        async with source(api.url(), auth=_oauth(api.base, "oauth2_refresh_token")) as rest:
            with pytest.raises(Unavailable):
                await pages(rest, PollRequest())
    assert len(api.asked) == 1


async def test_a_broken_token_file_is_said(tmp_path: Path) -> None:
    store = FileTokenStore(tmp_path / "token.json")
    store.path.write_text("{")
    with pytest.raises(Unavailable, match="delete it"):
        await store.load()
    store.path.unlink()
    store.path.mkdir()
    with pytest.raises(Unavailable, match="cannot be read"):
        await store.load()


async def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a directory should be")
    async with serving(TokenServer().answer) as api:
        auth = _oauth(api.base, "oauth2_refresh_token")
        async with source(api.url(), cache=tmp_path / "cache", auth=auth) as rest:
            with pytest.raises(Unavailable, match="cannot be locked"):
                await pages(rest)
    assert api.asked == []


async def test_vendors_tell_more_with_the_token() -> None:
    answer = {"access_token": "t", "instance_url": "https://eu.example.com"}
    async with serving(lambda asked: answer) as api:
        auth = OAuth.client_credentials(OAuthApp(f"{api.base}/token", "us", "s"))
        assert (await auth.details())["instance_url"] == "https://eu.example.com"
        await auth.close()
