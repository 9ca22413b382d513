"""A person lets an app into Pipedrive and Close in a browser, and it is read from then on."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import ValidationError

from sources.base import SourceContext
from sources.close import Close, CloseSettings
from sources.errors import BadConfig, Denied
from sources.pipedrive import Pipedrive, PipedriveSettings
from sync.runtime.authorizing import redeemed
from tests.doubles.oauth_vendor import CLIENT, SECRET, Vendor
from tests.rest_server import serving

if TYPE_CHECKING:
    from pathlib import Path

    from sources.oauth import Attempt

APP = {"client_id": CLIENT, "client_secret": SECRET}
#: Close takes no redirect URL without TLS, so a person pastes where the browser ended.
REDIRECTS = {"pipedrive": "http://127.0.0.1:8721/callback", "close": "https://example.com/done"}
SCOPES = {"pipedrive": "leads:read", "close": "all.full_access offline_access"}
DATA = {
    "pipedrive": {"success": True, "data": [], "additional_data": {}},
    "close": {"data": [], "cursor": None},
}


def opened(kind: str, directory: Path, **said: Any) -> Any:
    context = SourceContext("crm", directory, UTC, directory)
    if kind == "close":
        return Close(CloseSettings.model_validate(said), context)
    return Pipedrive(PipedriveSettings.model_validate(said), context)


def at(kind: str, base: str) -> dict[str, str]:
    page = {**APP, "authorize_url": f"{base}/oauth/authorize"}
    return page | ({"base_url": base} if kind == "close" else {"token_url": f"{base}/oauth/token"})


def vendor(kind: str, base: str = "") -> Vendor:
    told = {"organization_id": "orga_made_up"} if kind == "close" else {"api_domain": base}
    return Vendor({REDIRECTS[kind]}, scope=SCOPES[kind], further=told, data=DATA[kind])


def kept_in(directory: Path) -> list[str]:
    return [file.read_text("utf-8") for file in directory.glob("oauth-crm-*.json")]


async def said_yes(attempt: Attempt) -> str:
    """Return the address that the browser of a person ends at."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        return (await browser.get(attempt.url)).headers["location"]


@pytest.mark.parametrize(("kind", "account"), [("pipedrive", "127.0.0.1"), ("close", "orga_made_up")])
async def test_a_person_lets_the_app_in_and_then_it_is_read(tmp_path: Path, kind: str, account: str) -> None:
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
        ({"token": "t0ken"}, "needs a client_id and a client_secret"),
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
