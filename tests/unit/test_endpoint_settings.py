"""What an endpoint can be told, and what is said of what it can't."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sync.endpoints import endpoint_types

ROOT = Path(__file__).resolve().parents[2]
SECRET = "sk-live-0123456789abcdef"
HATCH = {"department_id": "sales", "api_key": SECRET, "source": "acme"}
V1 = {"api_key": SECRET, "source": "custom:acme"}
HTTP = {"url": "https://hooks.example.com/leads"}


def made(type_name: str, **settings: Any):
    cls = endpoint_types()[type_name]
    return cls(cls.Settings.model_validate(settings))


def complaint(type_name: str, **settings: Any) -> str:
    """Return what is wrong with settings, in one line."""
    with pytest.raises(ValidationError) as found:
        made(type_name, **settings)
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in found.value.errors())


def test_types_are_named_as_in_the_file() -> None:
    assert list(endpoint_types()) == ["hatch", "hatch_v1", "http"]
    assert all(cls.name == name for name, cls in endpoint_types().items())


def test_what_is_usual() -> None:
    settings = made("hatch", **HATCH).settings
    assert str(settings.rate_limit) == "10/s"
    assert settings.max_in_flight == 16
    assert settings.timeout == timedelta(seconds=30)
    assert settings.give_up == timedelta(seconds=30)
    assert (settings.unknown_outcome, settings.max_repeats) == ("repeat", 3)
    assert settings.base_url == "https://app.usehatchapp.com/api/webhooks/"
    assert made("http", **HTTP, rate_limit="none").settings.rate_limit is None


@pytest.mark.parametrize(
    ("type_name", "settings", "where"),
    [
        ("hatch", HATCH, "https://app.usehatchapp.com/api/webhooks/sales/newlead"),
        ("hatch", {**HATCH, "department_id": 12345678}, "https://app.usehatchapp.com/api/webhooks/12345678/newlead"),
        ("hatch", {**HATCH, "department_id": "a/b ü"}, "https://app.usehatchapp.com/api/webhooks/a%2Fb%20%C3%BC/newlead"),
        ("hatch", {**HATCH, "base_url": "http://localhost:8080"}, "http://localhost:8080/sales/newlead"),
        ("hatch_v1", V1, "https://api.usehatchapp.com/v1/contacts"),
        ("http", HTTP, "https://hooks.example.com/leads"),
        ("http", {"url": "https://hooks.example.com/leads?key=abc"}, "https://hooks.example.com/leads?…"),
        ("http", {"url": f"https://hooks.example.com/in/{SECRET}/x"}, "https://hooks.example.com/in/…/x"),
    ],
)  # fmt: skip
def test_p10_where_names_the_place_without_a_secret(type_name, settings, where) -> None:
    assert made(type_name, **settings).where == where


def test_p10_no_repr_shows_a_secret() -> None:
    headers = {"Authorization": f"Bearer {SECRET}"}
    for endpoint in (
        made("hatch", **HATCH),
        made("hatch_v1", **V1),
        made("http", url=f"https://hooks.example.com/{SECRET}?key={SECRET}", headers=headers),
    ):
        for shown in (endpoint.settings, endpoint._target, endpoint):
            assert SECRET not in repr(shown)
            assert SECRET not in str(shown)


def test_p10_no_complaint_shows_a_value() -> None:
    for wrong in (f"{SECRET}\nx", f"{SECRET}\u200b", f"Bearer {SECRET}", f"{SECRET}é"):
        assert SECRET not in complaint("hatch", **{**HATCH, "api_key": wrong})
    assert SECRET not in complaint("http", url=f"https://user:{SECRET}@example.com/")
    assert SECRET not in complaint("http", url=f"ftp://example.com/{SECRET}")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"api_key": ""}, "api_key: Value error, is empty"),
        ({"api_key": "Bearer abc"}, "leave the word Bearer out"),
        ({"api_key": "a\nb"}, "contains a line break: was it copied with one?"),
        ({"source": " "}, "source: Value error, is empty"),
        ({"source": "a\u200bb"}, "holds an invisible character (character 2)"),
        (
            {"department_id": "https://app.usehatchapp.com/api/webhooks/x/newlead"},
            "is a URL; write only the part",
        ),
        ({"department_id": ".."}, "is not an id"),
        ({"base_url": "app.usehatchapp.com"}, "has no https:// in front"),
        ({"base_url": "http://app.usehatchapp.com/"}, "would send the key and people's data unencrypted"),
        ({"base_url": "https://app.usehatchapp.com/?x"}, "can't hold a ?"),
        ({"base_url": "https://192.168.1.300/"}, "there is no host name"),
        ({"base_url": "https://a b.com/"}, "holds white space"),
        ({"base_url": "https://example.com:port/"}, "the host or the port after :// can't be read"),
        ({"rate_limit": None}, "is empty; write a rate like 10/s, or none"),
        ({"timeout": "0s"}, "must be longer than nothing"),
        ({"max_in_flight": 0}, "max_in_flight"),
        ({"unknown_outcome": "drop"}, "unknown_outcome"),
        ({"api-key": "x"}, "api-key: Extra inputs are not permitted"),
    ],
)
def test_what_hatch_can_not_be_told(settings, says) -> None:
    assert says in complaint("hatch", **{**HATCH, **settings})


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"url": "http://hooks.example.com/"}, "would send people's data unencrypted over the internet"),
        ({"url": "https://hooks.example.com/#x"}, "holds a #"),
        ({"url": "https://me:pw@hooks.example.com/"}, "put them into a header"),
        ({"success": []}, "is empty, so that no lead would ever count as taken"),
        ({"success": [200, "3xx"]}, "'3xx' is not a status that can mean success"),
        ({"success": 401}, "401 says that no lead was taken"),
        ({"success": True}, "success"),
        ({"headers": {"X Y": "z"}}, "is not a header name"),
        ({"headers": {"X-A": "1", "x-a": "2"}}, "are the same header; keep one"),
        ({"headers": {"Content-Length": "1"}}, "is set by the request itself"),
        ({"headers": {"X-A": "a\r\nX-B: b"}}, "contains a line break"),
        ({"nest_custom": "email"}, "is a property of the lead itself"),
        ({"method": "GET"}, "method"),
    ],
)
def test_what_http_can_not_be_told(settings, says) -> None:
    assert says in complaint("http", **{**HTTP, **settings})


def test_http_inside_of_a_private_network_may_be_plain() -> None:
    for url in ("http://crm:8080/in", "http://10.1.2.3/in", "http://hooks.internal/in"):
        assert made("http", url=url).where == url


def test_making_one_and_its_bodies_loads_no_http_client() -> None:
    code = f"""
import sys
from sync.endpoints import endpoint_types
from sync.lead import Lead
for name, settings in {{"hatch": {HATCH!r}, "hatch_v1": {V1!r}, "http": {HTTP!r}}}.items():
    cls = endpoint_types()[name]
    assert cls(cls.Settings.model_validate(settings)).body(Lead({{"email": "ada@example.com"}}))
assert not {{"httptools", "httpx", "ssl"}} & set(sys.modules), sorted(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
