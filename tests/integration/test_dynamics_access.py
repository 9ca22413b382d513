"""Getting in to Dataverse by Entra ID: for itself, and for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from pydantic import ValidationError

from sources._microsoft.entra import flow_of
from sources.dynamics import DynamicsSettings
from sources.errors import Denied
from sync.runtime.authorizing import redeemed
from tests.crm_scene import keys, polled
from tests.doubles.base import Asked
from tests.doubles.dynamics import RESOURCE
from tests.doubles.dynamics_tables import id_of
from tests.doubles.entra import APP, LIFETIME, REFRESH
from tests.dynamics_scene import environment, fill

if TYPE_CHECKING:
    from pathlib import Path

REDIRECT = "http://127.0.0.1:8721/callback"
LEAD = id_of(1, "lead")


async def test_an_app_is_let_in_for_the_environment_as_long_as_its_token_says() -> None:
    async with environment() as (double, source):
        fill(double, 1)
        for wait in (0, LIFETIME // 2, LIFETIME):
            await double.clock.sleep(wait)
            assert keys(await polled(source)) == [LEAD]
        assert double.entra.scopes == [f"{RESOURCE}/.default"] * 2


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (7000222, r"the client secret has expired.*AADSTS7000222"),
        (65001, "let an administrator grant it"),
        (90002, "there is no such tenant in this cloud"),
    ],
)
async def test_what_entra_refuses_is_told_with_what_to_do(number: int, words: str) -> None:
    async with environment() as (double, source):
        double.entra.refuses = (number, "Something with a trace.")
        with pytest.raises(Denied, match=words) as caught:
            await source.check()
    assert APP["client_secret"] not in str(caught.value)


async def test_a_refresh_token_that_is_replaced_is_kept(tmp_path: Path) -> None:
    async with environment(cache=tmp_path, refresh_token=REFRESH) as (double, source):
        fill(double, 1)
        await polled(source)
        double.entra.end()  # the next is got by the successor, which the double alone takes now
        assert keys(await polled(source)) == [LEAD]
        assert double.entra.granted == 2


async def test_a_person_lets_the_app_in_by_the_browser(tmp_path: Path) -> None:
    async with environment(cache=tmp_path, authorized=True) as (double, source):
        fill(double, 1)
        with pytest.raises(Denied, match="run `leadrelay auth crm`"):
            await source.check()
        attempt = source.authorization().begun(REDIRECT)
        said = dict(parse_qsl(urlsplit(attempt.url).query))
        assert said["scope"] == f"{RESOURCE}/.default offline_access"
        back = double.entra.page(Asked("GET", attempt.url, {}, b"")).headers["Location"]
        await redeemed(attempt, parse_qs(urlsplit(back).query)["code"][0])
        assert keys(await polled(source)) == [LEAD]


@pytest.mark.parametrize(
    ("url", "login"),
    [
        ("https://contoso.crm4.dynamics.com", "https://login.microsoftonline.com/"),
        ("https://contoso.crm.microsoftdynamics.us", "https://login.microsoftonline.us/"),
        ("https://contoso.crm.dynamics.cn", "https://login.partner.microsoftonline.cn/"),
    ],
)
async def test_each_cloud_has_a_directory_of_its_own(url: str, login: str, tmp_path: Path) -> None:
    async with environment(cache=tmp_path) as (_, source):
        around = source._around
    settings = DynamicsSettings.model_validate({**APP, "url": url, "authorized": True})
    assert flow_of(settings, around, settings.url).begun(REDIRECT).url.startswith(login)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"url": "https://crm.example.com"}, "the address of the environment"),
        ({"url": "http://contoso.crm.dynamics.com"}, "the address of the environment"),
        ({"tenant": "common"}, "names no organisation"),
        ({"login_url": "http://login.example.com"}, "in the clear"),
    ],
)
def test_settings_that_would_not_work_are_refused(said: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        DynamicsSettings.model_validate({**APP, "url": RESOURCE, **said})
