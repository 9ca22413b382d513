"""`leadrelay auth`, as it is called: a browser, a vendor, and a source that works afterwards."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import sys
import urllib.error
import urllib.request
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import yaml

from tests.command import COMMAND, environment, loaded
from tests.doubles.oauth_vendor import CLIENT, SECRET, Vendor
from tests.installed import ROOT
from tests.loaded_command import Call
from tests.process_of_a_test import started
from tests.rest_server import serving

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 60.0
BROWSER = ROOT / "tests" / "following_browser.py"
KEY = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="


class Scene:
    """A vendor, and a project that is to be let in there."""

    def __init__(self, directory: Path, base: str, vendor: Vendor) -> None:
        self.directory, self.vendor = directory, vendor
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.redirect = f"http://127.0.0.1:{self.port}/callback"
        vendor.redirects = {self.redirect}
        self.auth: dict[str, Any] = {
            "type": "oauth2_refresh_token",
            "authorize_url": f"{base}/authorize",
            "token_url": f"{base}/token",
            "client_id": CLIENT,
            "client_secret": SECRET,
            "scope": "leads.read contacts.read",
        }
        self.source: dict[str, Any] = {"type": "rest", "url": f"{base}/leads", "key": "id"}

    def save(self) -> None:
        source = {**self.source, "mapping": "crm.yaml", "first_sync": "now"}
        if source["type"] == "rest":
            source["auth"] = self.auth
        endpoint = {"type": "hatch", "department_id": "1", "api_key": "made-up", "source": "x"}
        document = {"endpoint": endpoint, "sources": {"crm": source}}
        (self.directory / "connector.yaml").write_text(yaml.safe_dump(document))
        (self.directory / "crm.yaml").write_text("lead: {firstName: name, email: email}\n")

    @asynccontextmanager
    async def started(self, *arguments: str, browser: bool = True, **environ: str):
        self.save()
        env = self.environment(browser, environ)
        pipe = asyncio.subprocess.PIPE
        async with started(*COMMAND, *arguments, cwd=self.directory, env=env, stdin=pipe) as process:
            yield process

    def environment(self, browser: bool, more: dict[str, str]) -> dict[str, str]:
        words = f"{sys.executable} {BROWSER} {self.directory / 'page.html'} %s"
        return environment(BROWSER=words if browser else "true %s", PYTHONPATH=str(ROOT), **more)

    async def call(self, *arguments: str, answer: str = "", **environ: str) -> tuple[int, str, str]:
        self.save()
        env = self.environment(True, environ)
        made = Call(["leadrelay", *arguments], self.directory, env, answer, PATIENCE)
        process = await asyncio.to_thread(loaded, made)
        out, err = process.stdout, process.stderr
        self.keeps_quiet(out + err)
        return process.returncode, out, err

    async def auth_by_browser(self, *arguments: str, **environ: str) -> tuple[int, str, str]:
        return await self.call("auth", "crm", "--port", str(self.port), *arguments, **environ)

    def keeps_quiet(self, said: str) -> None:
        assert "Traceback" not in said, said
        assert [secret for secret in self.vendor.secrets if secret in said] == [], said

    @property
    def page(self) -> str:
        return (self.directory / "page.html").read_text()


@pytest.fixture
async def scene(tmp_path):
    vendor = Vendor()
    async with serving(vendor.answer) as api:
        yield Scene(tmp_path, api.base, vendor)


async def addressed(process: Any) -> tuple[str, str]:
    """Return the address that is printed for a person, and all that was said before it."""
    said = ""
    while not (found := re.search(r"(?m)^http\S+/authorize\?\S+$", said)):
        line = await asyncio.wait_for(process.stderr.readline(), PATIENCE)
        assert line, said
        said += line.decode()
    return found[0], said


async def got(url: str) -> tuple[int, str]:
    def ask() -> tuple[int, str]:
        try:
            with urllib.request.urlopen(url, timeout=30) as page:  # noqa: S310 it is of the test
                return page.status, page.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    return await asyncio.to_thread(ask)


async def test_after_auth_a_source_works_without_a_refresh_token(scene):
    code, _, err = await scene.call("check")
    assert code == 3
    assert "run `leadrelay auth crm`" in await checked(scene)

    code, out, err = await scene.auth_by_browser()
    assert code == 0, err
    assert out.startswith("crm is authorised\n")
    assert "leads.read, contacts.read" in out
    assert "30m" in out
    assert "not encrypted, readable by you alone; LEADRELAY_TOKEN_KEY" in out
    assert scene.redirect in err
    assert "On a server use --no-browser" in err
    assert "may be closed" in scene.page

    said = await checked(scene)
    assert "1 record on the first page" in said
    assert "not encrypted" in said
    assert "1 record on the first page" in await checked(scene)  # by the token that replaced the first
    assert scene.vendor.issued == 3


async def checked(scene: Scene, **environ: str) -> str:
    return (await scene.call("check", **environ))[1]


async def test_p10_with_a_key_the_token_is_nowhere_on_the_disk(scene):
    code, out, _ = await scene.auth_by_browser("--json", LEADRELAY_TOKEN_KEY=KEY)
    assert code == 0
    told = json.loads(out)
    assert told["scopes"] == ["leads.read", "contacts.read"]
    assert told["kept"].endswith(", encrypted")
    for path in (scene.directory / ".leadrelay").iterdir():
        assert [secret for secret in scene.vendor.secrets if secret in path.read_text()] == []
    assert "all of them are encrypted" in await checked(scene, LEADRELAY_TOKEN_KEY=KEY)
    assert "LEADRELAY_TOKEN_KEY is not set" in await checked(scene)
    (scene.directory / ".env").write_text(f"LEADRELAY_TOKEN_KEY={KEY}\n")
    code, _, err = await scene.call("check")
    assert code == 2
    assert ".env:1:1: LEADRELAY_TOKEN_KEY: counts in the environment only" in err
    assert KEY not in err


async def test_what_was_not_granted_is_said(scene):
    scene.vendor.scope = "leads.read"
    _, out, err = await scene.auth_by_browser()
    assert "warning: asked for and not granted: contacts.read" in err
    assert "granted   leads.read\n" in out


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ({"error": "access_denied"}, "said no (access_denied): access was not allowed there"),
        ({"error": "invalid_scope", "error_description": "No such scope"}, "It says: No such scope"),
        ({"error": "redirect_uri_mismatch"}, "is not registered as a redirect URL"),
    ],
)
async def test_a_no_is_said_in_words(scene, error, words):
    scene.vendor.error = error
    code, out, err = await scene.auth_by_browser()
    assert (code, out) == (3, "")
    assert words in err
    assert "may be closed" in scene.page
    assert "not authorised" in scene.page
    assert not list((scene.directory / ".leadrelay").glob("*.json"))


async def test_a_vendor_that_gives_no_refresh_token(scene):
    scene.vendor.gives_refresh = False
    code, _, err = await scene.auth_by_browser()
    assert code == 3
    assert "no refresh token" in err


async def test_a_wrong_client_secret(scene):
    scene.auth["client_secret"] = "another-s3cret"
    code, _, err = await scene.auth_by_browser()
    assert code == 3
    assert "the client id or the client secret is wrong" in err
    assert "another-s3cret" not in err


async def test_without_a_browser_the_address_is_pasted(scene):
    redirect = "https://app.example.com/done?x=1"
    scene.vendor.redirects = {redirect}
    async with scene.started("auth", "crm", "--no-browser", "--redirect", redirect) as process:
        url, said = await addressed(process)
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert (asked["redirect_uri"], redirect in said) == (redirect, True)
        scene.vendor.codes["code-s3cret-pasted"] = asked
        came_back = f"{redirect}&{urlencode({'code': 'code-s3cret-pasted', 'state': asked['state']})}\n"
        out, err = await asyncio.wait_for(process.communicate(came_back.encode()), PATIENCE)
    assert process.returncode == 0, err.decode()
    assert out.startswith(b"crm is authorised\n")
    scene.keeps_quiet((out + err).decode())
    assert "1 record on the first page" in await checked(scene)


@pytest.mark.parametrize(
    ("pasted", "code", "words"),
    [
        ("", 2, "no address was given"),
        ("http://127.0.0.1/callback?code=x&state=y\n", 3, "no attempt of ours"),
    ],
)
async def test_a_wrong_paste(scene, pasted, code, words):
    ended, _, err = await scene.call("auth", "crm", "--no-browser", answer=pasted)
    assert ended == code
    assert words in err
    assert "/token" not in scene.vendor.seen


@pytest.mark.parametrize("arguments", [(), ("--no-browser",)])
async def test_ctrl_c_ends_it(scene, arguments):
    async with scene.started(
        "auth", "crm", "--port", "0" if not arguments else "8721", *arguments, browser=False
    ) as process:
        await addressed(process)
        process.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 130
    assert out == b""
    scene.keeps_quiet(err.decode())
    assert not list((scene.directory / ".leadrelay").glob("*.json"))


async def test_visits_of_others_end_nothing(scene):
    async with scene.started("auth", "crm", "--port", str(scene.port), browser=False) as process:
        url, _ = await addressed(process)
        assert (await got(f"http://127.0.0.1:{scene.port}/favicon.ico"))[0] == 404
        strays = dict.fromkeys(("code=x&state=made-up", "error=access_denied", "code=x"), "another attempt")
        for stray, said in (strays | {"": "If you said no there"}).items():
            status, page = await got(f"{scene.redirect}?{stray}")
            assert status == 400
            assert said in page
        status, page = await got(url)
        assert (status, "may be closed" in page) == (200, True)
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, err.decode()
    assert out.startswith(b"crm is authorised\n")


async def test_a_port_that_is_taken(scene):
    with socket.create_server(("127.0.0.1", scene.port)):
        code, _, err = await scene.auth_by_browser()
    assert code == 2
    assert f"127.0.0.1:{scene.port} can't be listened on" in err
    assert "--port" in err


@pytest.mark.parametrize(
    ("change", "arguments", "words"),
    [
        ({"refresh_token": "mine-s3cret"}, (), "take refresh_token out of it"),
        ({"authorize_url": None, "refresh_token": "mine-s3cret"}, (), "give authorize_url"),
        ({}, ("--redirect", "https://app.example.com/"), "--no-browser"),
        ({}, ("--redirect", "nonsense"), "must be an address like"),
        ({}, ("--no-browser", "--port", "0"), "say which your app knows"),
    ],
)
async def test_what_cannot_be_done_is_said_and_nothing_is(scene, change, arguments, words):
    scene.auth = {name: value for name, value in {**scene.auth, **change}.items() if value is not None}
    code, out, err = await scene.call("auth", "crm", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "mine-s3cret" not in err
    assert scene.vendor.seen == []


async def test_a_source_that_nobody_authorises(scene):
    scene.source = {"type": "spreadsheet", "path": "leads.csv", "key": "id"}
    code, _, err = await scene.call("auth", "crm")
    assert code == 2
    assert "a source of type spreadsheet is not authorised in a browser" in err
    assert 'there is no source "crn" (did you mean "crm"?)' in (await scene.call("auth", "crn"))[2]


async def test_a_key_that_is_none_is_said_before_anybody_is_asked(scene):
    code, _, err = await scene.auth_by_browser(LEADRELAY_TOKEN_KEY="too-short-s3cret")
    assert code == 2
    assert "LEADRELAY_TOKEN_KEY must be 32 random bytes" in err
    assert "too-short-s3cret" not in err
    assert scene.vendor.seen == []
