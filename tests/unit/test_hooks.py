"""How a call of a webhook proves where it comes from, and what it may not be."""

from __future__ import annotations

import base64
import hashlib
import hmac
import sys
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import TypeAdapter, ValidationError

from sync.hooks import Hook, HookField, HooksSettings
from sync.hooks.call import Call, is_fresh

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = 1_790_000_000.0
URL = "https://hooks.example.com/hooks/crm"
BODY = b'[{"objectId": 1}]'


def hook(**settings: Any) -> Hook:
    found: Hook = TypeAdapter(HookField).validate_python(settings)
    return found


def call(headers: Mapping[str, str], body: bytes = BODY, url: str = URL, method: str = "POST") -> Call:
    return Call(method, url, {name.lower(): value for name, value in headers.items()}, body)


def hubspot(secret: bytes = b"s3cret") -> dict[str, str]:
    stamp = f"{NOW * 1000:.0f}"
    digest = hmac.new(secret, b"POST" + URL.encode() + BODY + stamp.encode(), hashlib.sha256).digest()
    return {
        "X-HubSpot-Request-Timestamp": stamp,
        "X-HubSpot-Signature-v3": base64.b64encode(digest).decode(),
    }


def test_hubspot_signs_method_address_body_and_time() -> None:
    ours = hook(type="hubspot", secret="s3cret")
    assert ours.is_genuine(call(hubspot()), NOW)
    for other in (
        call(hubspot(b"other")),
        call(hubspot(), body=BODY + b" "),
        call(hubspot(), url=URL + "?a=1"),
        call(hubspot(), method="PUT"),
        call({**hubspot(), "X-HubSpot-Request-Timestamp": f"{NOW * 1000 + 1:.0f}"}),
        call({}),
    ):
        assert not ours.is_genuine(other, NOW)


def test_a_signature_computed_elsewhere_is_taken() -> None:
    # printf '%s' 'POSThttps://hooks.example.com/hooks/crm[{"objectId": 1}]1790000000000' |
    #   openssl dgst -sha256 -hmac s3cret -binary | base64
    headers = {
        "X-HubSpot-Request-Timestamp": "1790000000000",
        "X-HubSpot-Signature-v3": "mm5l3gNgp1EdRBwgFqlD+QinQUDptZapdi0dZQt7cvs=",
    }
    assert hook(type="hubspot", secret="s3cret").is_genuine(call(headers), NOW)


@pytest.mark.parametrize(
    ("seconds", "genuine"), [(0, True), (299, True), (301, False), (-299, True), (-301, False)]
)
def test_a_call_from_hubspot_is_good_for_five_minutes(seconds: int, genuine: bool) -> None:
    assert hook(type="hubspot", secret="s3cret").is_genuine(call(hubspot()), NOW + seconds) is genuine


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1e3", "١٧٩٠٠٠٠٠٠٠", "9" * 30, "1790000000.5"])
def test_what_is_no_time_is_not_fresh(stamp: str) -> None:
    assert not is_fresh(stamp, NOW)


def test_seconds_and_milliseconds_are_told_apart() -> None:
    assert is_fresh("1790000000", NOW)
    assert is_fresh("1790000000000", NOW)


def basic(user: str, password: str, scheme: str = "Basic") -> dict[str, str]:
    return {"Authorization": f"{scheme} {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


def test_pipedrive_brings_user_and_password() -> None:
    ours = hook(type="pipedrive", user="me", password="pä:ss")
    assert ours.is_genuine(call(basic("me", "pä:ss")), NOW)
    assert ours.is_genuine(call(basic("me", "pä:ss", "basic")), NOW)
    for headers in (
        basic("me", "pass"),
        basic("you", "pä:ss"),
        basic("me", "pä:ss", "Bearer"),
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic ñ"},
        {},
    ):
        assert not ours.is_genuine(call(headers), NOW)


def test_gohighlevels_current_key_is_known() -> None:
    ours = hook(type="gohighlevel")
    assert not ours.is_genuine(call({"X-GHL-Signature": base64.b64encode(bytes(64)).decode()}), NOW)
    for signature in ("N/A", "", "AAAA"):
        assert not ours.is_genuine(call({"X-GHL-Signature": signature}), NOW)


def test_gohighlevel_signs_with_an_ed25519_key() -> None:
    key = Ed25519PrivateKey.generate()
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    signature = base64.b64encode(key.sign(BODY)).decode()
    for text in (pem, pem.replace("\n", "\\n"), "".join(pem.split("\n")[1:-2])):
        ours = hook(type="gohighlevel", public_key=text)
        assert ours.is_genuine(call({"X-GHL-Signature": signature}), NOW)
        assert not ours.is_genuine(call({"X-GHL-Signature": signature}, body=b"{}"), NOW)
        assert not ours.is_genuine(call({"X-WH-Signature": signature}), NOW)


def test_gohighlevels_older_signature_is_checked_by_an_rsa_key() -> None:
    key = generate_private_key(65537, 2048)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    ours = hook(type="gohighlevel", public_key=pem)
    signature = base64.b64encode(key.sign(BODY, PKCS1v15(), SHA256())).decode()
    assert ours.is_genuine(call({"X-WH-Signature": signature}), NOW)
    assert not ours.is_genuine(call({"X-WH-Signature": signature}, body=b"{}"), NOW)
    assert not ours.is_genuine(call({"X-GHL-Signature": signature}), NOW)


@pytest.mark.parametrize(
    ("settings", "signature"),
    [
        ({}, hmac.new(b"s3cret", BODY, "sha256").hexdigest()),
        ({}, hmac.new(b"s3cret", BODY, "sha256").hexdigest().upper()),
        ({"prefix": "sha256="}, "sha256=" + hmac.new(b"s3cret", BODY, "sha256").hexdigest()),
        ({"algorithm": "sha1"}, hmac.new(b"s3cret", BODY, "sha1").hexdigest()),
        (
            {"algorithm": "sha512", "encoding": "base64"},
            base64.b64encode(hmac.digest(b"s3cret", BODY, "sha512")).decode(),
        ),
    ],
)
def test_an_hmac_is_written_in_many_ways(settings: dict[str, str], signature: str) -> None:
    ours = hook(type="hmac", secret="s3cret", header="X-Signature", **settings)
    assert ours.is_genuine(call({"x-signature": signature}), NOW)
    assert not ours.is_genuine(call({"x-signature": signature}, body=BODY + b"\n"), NOW)
    assert not ours.is_genuine(call({"x-signature": ""}), NOW)
    assert not ours.is_genuine(call({"other": signature}), NOW)


@pytest.mark.parametrize(
    ("form", "said"),
    [(None, b"1790000000." + BODY), ("v0:{timestamp}:{body}", b"v0:1790000000:" + BODY)],
)
def test_an_hmac_with_a_time_is_good_for_five_minutes(form: str | None, said: bytes) -> None:
    ours = hook(type="hmac", secret="s3cret", header="X-Signature", timestamp="X-Time", signed=form)
    headers = {"X-Signature": hmac.new(b"s3cret", said, "sha256").hexdigest(), "X-Time": "1790000000"}
    assert ours.is_genuine(call(headers), NOW)
    assert not ours.is_genuine(call(headers), NOW + 301)
    assert not ours.is_genuine(call({**headers, "X-Time": "1790000001"}), NOW)
    assert not ours.is_genuine(call({"X-Signature": headers["X-Signature"]}), NOW)


def test_a_subscription_is_confirmed_to_who_knows_the_word() -> None:
    ours = hook(type="hmac", secret="s3cret", header="X-Signature", verify_token="w0rd")
    asked = {"hub.mode": "subscribe", "hub.challenge": "42", "hub.verify_token": "w0rd"}
    assert ours.handshake(asked) == "42"
    for other in ({**asked, "hub.verify_token": "word"}, {**asked, "hub.mode": "unsubscribe"}, {}):
        assert ours.handshake(other) is None
    assert hook(type="hmac", secret="s3cret", header="X-Signature").handshake(asked) is None
    assert hook(type="hubspot", secret="s3cret").handshake(asked) is None


WRONG = [
    ({"type": "gohighlevel", "public_key": "AAAA"}, "no public key"),
    ({"type": "gohighlevel", "public_key": "not even Base64"}, "no public key"),
    ({"type": "hmac", "secret": "s", "header": "X", "signed": "{timestamp}"}, "{body}"),
    ({"type": "hmac", "secret": "s", "header": "X", "signed": "{timestamp}.{body}"}, "go together"),
    ({"type": "hmac", "secret": "s", "header": "X", "timestamp": "T", "signed": "{body}"}, "go together"),
    ({"type": "pipedrive", "user": "", "password": "p"}, "at least 1 character"),
]


@pytest.mark.parametrize(("settings", "said"), WRONG)
def test_what_can_not_work_is_refused(settings: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        hook(**settings)


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    with pytest.raises(ValidationError, match=r"pip install 'leadrelay\[gohighlevel\]'"):
        hook(type="gohighlevel")


@pytest.mark.parametrize(
    "settings",
    [
        {"type": "hubspot", "secret": ""},
        {"type": "pipedrive", "user": "me", "password": ""},
        {"type": "hmac", "secret": "", "header": "X"},
        {"type": "hmac", "secret": "s", "header": "X", "verify_token": ""},
    ],
)
def test_a_secret_that_anybody_could_guess_is_none(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="at least 1"):
        hook(**settings)


def test_no_secret_is_shown() -> None:
    ours = hook(type="hmac", secret="s3cret", header="X-Signature", verify_token="w0rd")
    for text in (repr(ours), repr(call(hubspot()))):
        assert not any(word in text for word in ("s3cret", "w0rd", "objectId"))


def test_an_address_to_listen_at() -> None:
    assert HooksSettings().listen == ("127.0.0.1", 8720)
    assert HooksSettings.model_validate({"listen": "[::1]:0"}).listen == ("::1", 0)
    for wrong in ("8720", "127.0.0.1", "127.0.0.1:99999", "http://127.0.0.1:80", ""):
        with pytest.raises(ValidationError, match="expected an address and a port"):
            HooksSettings.model_validate({"listen": wrong})


def test_the_address_that_is_called() -> None:
    assert (
        HooksSettings.model_validate({"url": "https://h.example.com/in/"}).url == "https://h.example.com/in"
    )
    for wrong in ("h.example.com", "ftp://h.example.com", "https://", "https://h.example.com/?a=1"):
        with pytest.raises(ValidationError, match="expected an address as in"):
            HooksSettings.model_validate({"url": wrong})
