"""Logging in to Salesforce: three grants, tokens without a stated end, refresh tokens that rotate."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003 pytest reads the signatures
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from sources.base import PollRequest
from sources.errors import BadConfig, Denied, SourceError, Unavailable
from tests.doubles.base import Reply, running
from tests.doubles.salesforce import Org, error, lead_kind
from tests.doubles.salesforce_login import CLIENT, REFRESH, SECRET, USER
from tests.salesforce_org import closing, lead, names, organisation, pages, source

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
QUERY = r"/query$"


def pem(key: Any = KEY, password: bytes | None = None) -> str:
    secured = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, secured).decode()


def by_jwt(**said: Any) -> dict[str, Any]:
    return {"client_id": CLIENT, "username": USER, **said}


async def read_by_jwt(directory: Path | None = None, audience: str = "login", **said: Any) -> Org:
    org = Org(lead_kind())
    org.put("Lead", lead(1))
    org.login.public_key = KEY.public_key()
    org.login.audience = f"https://{audience}.salesforce.com"
    async with running(org), closing(source(org, directory, **by_jwt(**said))) as salesforce:
        assert names(await pages(salesforce)) == ["Lead 1"]
    return org


async def test_a_jwt_signed_with_a_key_file(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "crm.pem").write_text(pem())
    org = await read_by_jwt(tmp_path, private_key_file="keys/crm.pem")
    assert org.login.assertions[0]["sub"] == USER


@pytest.mark.parametrize("text", [pem(), pem().replace("\n", "\\n")])
async def test_a_jwt_signed_with_a_key_from_the_environment(text: str) -> None:
    org = await read_by_jwt(private_key=text)
    assert org.login.granted == 1


async def test_a_jwt_for_a_sandbox_is_for_its_host() -> None:
    org = await read_by_jwt(private_key=pem(), audience="test", sandbox=True)
    assert org.login.assertions[0]["aud"] == "https://test.salesforce.com"


async def test_a_jwt_is_made_anew_for_each_token() -> None:
    org = Org(lead_kind())
    org.login.public_key = KEY.public_key()
    async with running(org), closing(source(org, **by_jwt(private_key=pem()))) as salesforce:
        await pages(salesforce)
        org.clock.slept.append(3600)
        org.login.expire()
        await pages(salesforce)
    first, second = org.login.assertions
    assert second["exp"] - first["exp"] == 3600


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"public_key": OTHER.public_key()}, "don't belong together"),
        ({"audience": "https://test.salesforce.com"}, "set `sandbox`"),
        ({"approved": False}, "pre-authorise"),
    ],
)
async def test_a_jwt_that_is_refused_says_what_to_do(change: dict[str, Any], told: str) -> None:
    org = Org(lead_kind())
    org.login.public_key = KEY.public_key()
    for name, value in change.items():
        setattr(org.login, name, value)
    async with running(org), closing(source(org, **by_jwt(private_key=pem()))) as salesforce:
        with pytest.raises(Denied, match=told) as caught:
            await pages(salesforce)
    assert "PRIVATE" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nothing of that", "holds no private key"),
        (pem(password=b"hunter22"), "encrypted"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "no RSA key"),
    ],
)
async def test_p10_a_key_that_cannot_sign_is_named_and_not_shown(text: str, told: str) -> None:
    org = Org(lead_kind())
    async with running(org), closing(source(org, **by_jwt(private_key=text))) as salesforce:
        with pytest.raises(BadConfig, match=told) as caught:
            await salesforce.check()
    assert caught.value.setting == "private_key"
    assert text.splitlines()[0] not in str(caught.value) + repr(salesforce) + repr(vars(salesforce))


async def test_a_key_file_that_is_not_there(tmp_path: Path) -> None:
    org = Org(lead_kind())
    said = by_jwt(private_key_file="no.pem")
    async with running(org), closing(source(org, tmp_path, **said)) as salesforce:
        with pytest.raises(BadConfig, match=r"no\.pem can't be read") as caught:
            await salesforce.check()
    assert caught.value.setting == "private_key_file"


async def test_client_credentials() -> None:
    async with organisation(lead(1)) as (org, salesforce):
        assert names(await pages(salesforce)) == ["Lead 1"]
        assert org.asked("/token")[0].form["grant_type"] == "client_credentials"


async def test_client_credentials_away_from_the_my_domain() -> None:
    async with organisation() as (org, salesforce):
        org.login.is_my_domain = False
        with pytest.raises(Denied, match="at the My Domain only"):
            await pages(salesforce)


async def test_p10_a_wrong_secret_is_said_and_not_shown() -> None:
    async with organisation(client_id=CLIENT, client_secret="wr0ng-secret") as (_, salesforce):
        with pytest.raises(Denied, match="the client id or the client secret is wrong") as caught:
            await pages(salesforce)
        assert "wr0ng" not in str(caught.value)


async def test_a_token_has_no_stated_end_and_is_used_until_it_is_refused() -> None:
    """Bold: the answer has no expires_in; a session ends when the organisation says so."""
    async with organisation(lead(1)) as (org, salesforce):
        await pages(salesforce)
        org.clock.slept.append(7 * 24 * 3600)
        await pages(salesforce)
        assert org.login.granted == 1
        org.login.expire()
        assert names(await pages(salesforce)) == ["Lead 1"]
        assert org.login.granted == 2


async def test_a_session_that_ends_between_pages_is_renewed_once() -> None:
    async with organisation(lead(1), lead(2), lead(3)) as (org, salesforce):
        org.batch = 1
        polled = []
        async for page in salesforce.poll(PollRequest(fields=frozenset({"LastName"}))):
            polled.append(page)
            org.login.expire()
        assert names(polled) == ["Lead 1", "Lead 2", "Lead 3"]
        assert org.login.granted == 3


async def test_a_session_that_is_refused_at_once_ends_the_poll() -> None:
    async with organisation(lead(1)) as (org, salesforce):
        refused = error(401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API")
        org.answer_next(refused, QUERY, times=10)
        with pytest.raises(Denied, match="API Enabled"):
            await pages(salesforce)
        assert len(org.asked(QUERY)) == 2


async def test_p3_a_refresh_token_that_rotates_is_kept_before_the_access_token_is_used(
    tmp_path: Path,
) -> None:
    org = Org(lead_kind())
    org.put("Lead", lead(1))
    org.login.rotates = True
    said = {"client_id": CLIENT, "client_secret": SECRET, "refresh_token": REFRESH}
    async with running(org):
        for _ in range(3):  # each time as after a restart: the token in the settings is dead by now
            async with closing(source(org, tmp_path, **said)) as salesforce:
                assert names(await pages(salesforce)) == ["Lead 1"]
    assert kept_in(tmp_path) == [org.login.refresh_token]


async def test_a_connected_app_that_does_not_require_its_secret_is_let_in_without(tmp_path: Path) -> None:
    org = Org(lead_kind())
    org.put("Lead", lead(1))
    org.login.secret = None
    async with running(org):
        async with closing(source(org, tmp_path, client_id=CLIENT, refresh_token=REFRESH)) as salesforce:
            assert names(await pages(salesforce)) == ["Lead 1"]
        async with closing(source(org, tmp_path, client_id=CLIENT, authorized=True)) as salesforce:
            redeeming = salesforce.authorization().begun("http://127.0.0.1:8721/callback").call("c0de")
    sent = org.asked("/token$")[0].form
    assert (sent["client_id"], sent.get("client_secret")) == (CLIENT, None)
    assert redeeming.form is not None
    assert {"client_id", "code_verifier"} <= redeeming.form.keys()
    assert "client_secret" not in redeeming.form


def kept_in(directory: Path) -> list[str]:
    return [json.loads(path.read_text())["refresh_token"] for path in directory.glob("oauth-crm-*.json")]


async def test_a_refresh_token_that_is_used_up(tmp_path: Path) -> None:
    org = Org(lead_kind())
    said = {"client_id": CLIENT, "client_secret": SECRET, "refresh_token": "5Aep861.spent"}
    async with running(org), closing(source(org, tmp_path, **said)) as salesforce:
        with pytest.raises(Denied, match="authorise again") as caught:
            await pages(salesforce)
    assert "5Aep861" not in str(caught.value)


async def test_a_token_that_does_not_say_where_to_ask() -> None:
    async with organisation() as (org, salesforce):
        org.answer_next(Reply({"access_token": "t0ken-of-these-tests"}), "/token")
        with pytest.raises(Unavailable, match="instance_url"):
            await pages(salesforce)


async def test_a_token_never_travels_in_the_clear() -> None:
    async with organisation() as (org, salesforce):
        told = {"access_token": "t0ken-of-these-tests", "instance_url": "http://acme.my.salesforce.com"}
        org.answer_next(Reply(told), "/token")
        with pytest.raises(Unavailable, match="https instance_url"):
            await pages(salesforce)


@pytest.mark.parametrize("status", [406, 420])
async def test_a_login_may_have_the_troubles_that_pass(status: int) -> None:
    async with organisation(lead(1)) as (org, salesforce):
        org.answer_next(Reply(body=b"<html></html>", status=status), "/token", times=2)
        assert names(await pages(salesforce)) == ["Lead 1"]


@pytest.mark.parametrize(
    "body", [b"", b"<html>Down for maintenance</html>", b'[{"errorCode":"SERVER_UNAVAILABLE"}]']
)
async def test_a_login_that_is_down_is_no_refusal(body: bytes) -> None:
    async with organisation() as (org, salesforce):
        org.answer_next(Reply(body=body, status=503), "/token", times=10)
        with pytest.raises(SourceError) as caught:
            await pages(salesforce)
        assert isinstance(caught.value, Unavailable)
