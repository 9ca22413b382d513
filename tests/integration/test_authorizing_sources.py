"""How HubSpot and Salesforce are authorised: the page, the scopes, whose account it is, what then works."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sources.base import Authorizes, SourceContext
from sources.errors import BadConfig, Denied
from sources.hubspot import Hubspot, HubspotSettings
from sources.salesforce import Salesforce, SalesforceSettings
from sync.runtime.authorizing import redeemed
from tests.rest_server import Asked, Reply, serving

if TYPE_CHECKING:
    from pathlib import Path

APP = {"client_id": "us", "client_secret": "app-s3cret"}
REDIRECT = "http://127.0.0.1:8721/callback"


def hubspot(directory: Path, **said: Any) -> Hubspot:
    return Hubspot(HubspotSettings.model_validate({**APP, **said}), _context(directory))


def salesforce(directory: Path, **said: Any) -> Salesforce:
    return Salesforce(SalesforceSettings.model_validate({**APP, **said}), _context(directory))


def _context(directory: Path) -> SourceContext:
    return SourceContext("crm", directory, UTC, directory)


def page_of(source: Authorizes) -> tuple[str, dict[str, str]]:
    """Return the page that a person is sent to, and what it is told."""
    parts = urlsplit(source.authorization().begun(REDIRECT).url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return f"{parts.scheme}://{parts.netloc}{parts.path}", query


@pytest.mark.parametrize(
    ("said", "scope"),
    [
        ({}, "oauth crm.objects.contacts.read"),
        ({"object": "leads"}, "oauth crm.objects.leads.read crm.objects.contacts.read"),
        ({"object": "0-3", "associated": {}}, "oauth crm.objects.deals.read"),
        ({"object": "2-3456789"}, "oauth crm.objects.custom.read"),
        ({"scopes": ["oauth", "tickets"]}, "oauth tickets"),
    ],
)
async def test_hubspot_is_asked_for_what_reading_takes(tmp_path, said, scope):
    source = hubspot(tmp_path, **said)
    page, query = page_of(source)
    assert page == "https://app.hubspot.com/oauth/authorize"
    assert (query["scope"], query["client_id"]) == (scope, "us")
    await source.close()


@pytest.mark.parametrize("told", [{"hub_id": 7, "hub_domain": "shop.example.com"}, None])
async def test_hubspot_says_whose_account_it_is_and_is_read_from_then_on(tmp_path, told):
    def answer(asked: Asked) -> Any:
        if asked.path == "/oauth/v1/token":
            return {"access_token": "access-s3cret", "refresh_token": "refresh-s3cret", "expires_in": 1800}
        if asked.path == "/oauth/v1/access-tokens/access-s3cret":
            return told or Reply({"message": "no such token"}, status=404)
        assert asked.headers["authorization"] == "Bearer access-s3cret"
        return {"results": []}

    async with serving(answer) as api:
        source = hubspot(tmp_path, base_url=api.base)
        with pytest.raises(Denied, match="run `leadrelay auth crm`"):
            await source.latest()
        found = await redeemed(source.authorization().begun(REDIRECT), "c0de")
        assert found.account == ("shop.example.com (7)" if told else None)
        assert found.scopes == ["oauth", "crm.objects.contacts.read"]
        assert "s3cret" not in repr(found)
        await source.latest()
        await source.close()
    assert [asked.form["grant_type"] for asked in api.asked if asked.path == "/oauth/v1/token"] == [
        "authorization_code",
        "refresh_token",
    ]


@pytest.mark.parametrize(
    ("said", "page"),
    [
        ({}, "https://login.salesforce.com"),
        ({"sandbox": True}, "https://test.salesforce.com"),
        ({"url": "https://acme.my.salesforce.com"}, "https://acme.my.salesforce.com"),
    ],
)
async def test_salesforce_is_asked_where_the_organisation_logs_in(tmp_path, said, page):
    source = salesforce(tmp_path, authorized=True, **said)
    found, query = page_of(source)
    assert found == f"{page}/services/oauth2/authorize"
    assert query["scope"] == "api refresh_token"
    await source.close()


async def test_salesforce_says_whose_organisation_it_is(tmp_path):
    granted = {
        "access_token": "access-s3cret",
        "refresh_token": "refresh-s3cret",
        "scope": "refresh_token api id",
        "instance_url": "https://acme.my.salesforce.com",
    }
    async with serving(lambda asked: granted) as api:
        source = salesforce(tmp_path, authorized=True, url=api.base)
        found = await redeemed(source.authorization().begun(REDIRECT), "c0de")
        await source.close()
    assert (found.account, found.lifetime) == ("acme.my.salesforce.com", None)
    assert found.scopes == ["refresh_token", "api", "id"]
    assert found.missing == []


@pytest.mark.parametrize("make", [hubspot, salesforce])
async def test_a_refresh_token_in_the_settings_counts(tmp_path, make):
    source = make(tmp_path, refresh_token="mine-s3cret")
    with pytest.raises(BadConfig, match="take refresh_token out of it"):
        source.authorization()
    await source.close()


async def test_what_is_let_in_without_a_person_needs_none(tmp_path):
    by_token = Hubspot(HubspotSettings.model_validate({"token": "t0ken"}), _context(tmp_path))
    by_itself = salesforce(tmp_path, url="https://acme.my.salesforce.com")
    for source, told in ((by_token, "needs a client_id"), (by_itself, "`authorized: true`")):
        with pytest.raises(BadConfig, match=told):
            source.authorization()
        await source.close()
