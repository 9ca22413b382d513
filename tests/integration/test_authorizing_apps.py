"""A person lets an app into Pipedrive, Close and Airtable in a browser, and it is read from then on."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import ValidationError

from sources.airtable import Airtable, AirtableSettings
from sources.base import PollRequest, SourceContext
from sources.close import Close, CloseSettings
from sources.errors import BadConfig, Denied
from sources.pipedrive import Pipedrive, PipedriveSettings
from sources.rest import Rest, RestSettings
from sync.runtime.authorizing import redeemed
from tests.doubles.oauth_vendor import CLIENT, SECRET, Vendor
from tests.rest_server import serving

if TYPE_CHECKING:
    from pathlib import Path

    from sources.oauth import Attempt

APP = {"client_id": CLIENT, "client_secret": SECRET}
#: Close takes no redirect URL without TLS, so a person pastes where the browser ended.
REDIRECTS = {
    "pipedrive": "http://127.0.0.1:8721/callback",
    "close": "https://example.com/done",
    "airtable": "http://localhost:8721/callback",
}
SCOPES = {
    "pipedrive": "leads:read",
    "close": "all.full_access offline_access",
    "airtable": "data.records:read schema.bases:read",
}
DATA = {
    "pipedrive": {"success": True, "data": [], "additional_data": {}},
    "close": {"data": [], "cursor": None},
    "airtable": {"records": []},
}
TABLE = {"base": "appMadeUp", "table": "Leads", "changed": "Last modified"}


def opened(kind: str, directory: Path, **said: Any) -> Any:
    context = SourceContext("crm", directory, UTC, directory)
    if kind == "close":
        return Close(CloseSettings.model_validate(said), context)
    if kind == "airtable":
        return Airtable(AirtableSettings.model_validate({**TABLE, **said}), context)
    return Pipedrive(PipedriveSettings.model_validate(said), context)


def at(kind: str, base: str) -> dict[str, str]:
    page = {**APP, "authorize_url": f"{base}/oauth/authorize"}
    home, tokens = {"base_url": base}, {"token_url": f"{base}/oauth/token"}
    return page | (home if kind == "close" else tokens if kind == "pipedrive" else home | tokens)


def vendor(kind: str, base: str = "") -> Vendor:
    told = {"close": {"organization_id": "orga_made_up"}, "pipedrive": {"api_domain": base}}.get(kind, {})
    return Vendor({REDIRECTS[kind]}, scope=SCOPES[kind], further=told, data=DATA[kind])


def kept_in(directory: Path) -> list[str]:
    return [file.read_text("utf-8") for file in directory.glob("oauth-crm-*.json")]


async def said_yes(attempt: Attempt) -> str:
    """Return the address that the browser of a person ends at."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        return (await browser.get(attempt.url)).headers["location"]


@pytest.mark.parametrize(
    ("kind", "account"), [("pipedrive", "127.0.0.1"), ("close", "orga_made_up"), ("airtable", None)]
)
async def test_a_person_lets_the_app_in_and_then_it_is_read(
    tmp_path: Path, kind: str, account: str | None
) -> None:
    double = vendor(kind)
    async with serving(double.answer) as api:
        double.further.update(vendor(kind, api.base).further)
        source = opened(kind, tmp_path, **at(kind, api.base))
        with pytest.raises(Denied, match="run `leadrelay auth crm`"):
            await source.latest()
        attempt = source.authorization().begun(REDIRECTS[kind])
        found = await redeemed(attempt, attempt.code_of(await said_yes(attempt)))
        await source.latest()
        await source.close()
    assert (found.account, found.scopes, found.missing) == (account, SCOPES[kind].split(), [])
    assert not any(secret in repr(found) for secret in double.secrets)
    # The code's refresh token was used for the first access, and the one that replaced it is kept.
    assert (double.issued, double.refresh) == (2, "refresh-s3cret-2")
    assert [double.refresh in kept for kept in kept_in(tmp_path)] == [True]


async def test_airtables_page_is_asked_for_what_reading_takes(tmp_path: Path) -> None:
    source = opened("airtable", tmp_path, **APP)
    url = source.authorization().begun(REDIRECTS["airtable"]).url
    await source.close()
    assert url.startswith("https://airtable.com/oauth2/v1/authorize?")
    assert parse_qs(urlsplit(url).query)["scope"] == [SCOPES["airtable"]]


@pytest.mark.parametrize("kind", ["airtable", "rest"])
async def test_an_app_without_a_secret_is_let_in_by_pkce_and_read(tmp_path: Path, kind: str) -> None:
    double = Vendor({REDIRECTS["airtable"]}, scope="read", public=True)
    double.data = DATA.get(kind, double.data)
    async with serving(double.answer) as api:
        said = {**at("airtable", api.base), "client_secret": None}
        if kind == "rest":
            grant = {"type": "oauth2_refresh_token", "client_auth": "basic", **said}
            del grant["base_url"]
            context = SourceContext("crm", tmp_path, UTC, tmp_path)
            settings = RestSettings.model_validate({"url": api.url("/v1/leads"), "key": "id", "auth": grant})
            source: Any = Rest(settings, context)
        else:
            source = opened(kind, tmp_path, **said)
        attempt = source.authorization().begun(REDIRECTS["airtable"])
        await redeemed(attempt, attempt.code_of(await said_yes(attempt)))
        async for page in source.poll(PollRequest()):
            assert page.last
        await source.close()
    assert (double.issued, double.refresh) == (2, "refresh-s3cret-2")


@pytest.mark.parametrize("kind", REDIRECTS)
async def test_a_person_who_says_no_leaves_nothing_behind(tmp_path: Path, kind: str) -> None:
    double = vendor(kind)
    double.error = {"error": "access_denied"}
    async with serving(double.answer) as api:
        source = opened(kind, tmp_path, **at(kind, api.base))
        attempt = source.authorization().begun(REDIRECTS[kind])
        came_back = await said_yes(attempt)
        with pytest.raises(Denied, match="somebody said no"):
            attempt.code_of(came_back)
        await source.close()
    assert double.issued == 0
    assert kept_in(tmp_path) == []


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("pipedrive", "https://oauth.pipedrive.com/oauth/authorize"),
        ("close", "https://app.close.com/oauth2/authorize/"),
    ],
)
async def test_the_page_is_the_vendors_and_is_asked_for_no_scopes(
    tmp_path: Path, kind: str, page: str
) -> None:
    source = opened(kind, tmp_path, **APP)
    url = source.authorization().begun(REDIRECTS[kind]).url
    said = parse_qs(urlsplit(url).query)
    await source.close()
    assert url.startswith(f"{page}?")
    assert (said["client_id"], said["redirect_uri"]) == ([CLIENT], [REDIRECTS[kind]])
    assert "scope" not in said  # they are the app's, chosen where it is registered


@pytest.mark.parametrize("kind", REDIRECTS)
@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({**APP, "refresh_token": "mine-s3cret"}, "take refresh_token out of it"),
        ({"token": "t0ken"}, "needs a client_id"),
    ],
)
async def test_another_way_in_counts(tmp_path: Path, kind: str, said: dict[str, str], told: str) -> None:
    if kind == "close" and "token" in said:
        said = {"api_key": said["token"]}
    source = opened(kind, tmp_path, **said)
    with pytest.raises(BadConfig, match=told):
        source.authorization()
    await source.close()


@pytest.mark.parametrize("settings", [PipedriveSettings, CloseSettings])
def test_half_an_app_is_refused(settings: Any) -> None:
    with pytest.raises(ValidationError, match="client_id and client_secret"):
        settings.model_validate({"client_id": CLIENT})
