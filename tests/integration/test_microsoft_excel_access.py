"""Getting in to Microsoft Graph: where tokens go, who is let in, how it says "slow down" and "denied"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable
from sources.microsoft_excel import MicrosoftExcelSettings
from sync.runtime.authorizing import redeemed
from tests.crm_scene import keys, polled
from tests.doubles.base import Limit, Reply
from tests.doubles.entra import APP, REFRESH
from tests.doubles.microsoft_excel import DRIVE, ITEM, LINK, PATH, SITE, USER
from tests.doubles.microsoft_excel_answers import CONTENT_PATH, failed, locked, sign_in_page, throttled
from tests.excel_scene import PERSON, workbook

if TYPE_CHECKING:
    from pathlib import Path

ROWS = (["Lead ID", "name"], ["7", "Ada"])
REDIRECT = "http://127.0.0.1:8721/callback"
BY_SITE = {"site": SITE, "path": PATH}
BY_USER = {"user": USER, "path": PATH}
BY_ID = {"drive": DRIVE, "item": ITEM}
GRAPH = "^/v1.0/"


async def test_p10_the_token_goes_to_graph_alone() -> None:
    async with workbook(*ROWS) as (graph, source):
        assert keys(await polled(source)) == ["7"]
        assert all(asked.headers["authorization"] for asked in graph.asked(GRAPH))
        [download] = graph.downloads
    assert "authorization" not in download.headers
    assert "eyJ0" not in str(download)


@pytest.mark.parametrize(
    "where", ["http://files.example.com/x", "ftp://files.example.com/x", "/x", "https://[bad", ""]
)
async def test_an_address_that_is_not_safe_is_not_asked(where: str) -> None:
    async with workbook(*ROWS) as (graph, source):
        graph.answer_next(Reply(status=302, headers={"Location": where} if where else {}), "/content$")
        with pytest.raises(Unavailable, match="the answer is not as described"):
            await polled(source)
    assert graph.downloads == []


async def test_a_token_that_has_ended_is_replaced_once() -> None:
    async with workbook(*ROWS) as (graph, source):
        await polled(source)
        graph.entra.end()
        assert keys(await polled(source)) == ["7"]
        assert graph.entra.granted == 2
        graph.answer_next(failed(401, "InvalidAuthenticationToken", "Access token is empty."), GRAPH, times=2)
        with pytest.raises(Denied, match="was the authorisation revoked"):
            await polled(source)


async def test_a_person_lets_the_app_in_and_links_need_not_have_been_opened(tmp_path: Path) -> None:
    async with workbook(*ROWS, cache=tmp_path, authorized=True) as (graph, source):
        with pytest.raises(Denied, match="run `leadrelay auth crm`"):
            await source.check()
        attempt = source.authorization().begun(REDIRECT)
        said = parse_qs(urlsplit(attempt.url).query)
        assert said["scope"] == [f"{graph.url()}/Files.Read.All offline_access"]
        code = parse_qs(urlsplit(graph.entra.page(_asked(attempt.url)).headers["Location"]).query)["code"][0]
        await redeemed(attempt, code)
        assert keys(await polled(source)) == ["7"]
        assert {asked.headers["prefer"] for asked in graph.asked(GRAPH)} == {"redeemSharingLinkIfNecessary"}
        assert graph.entra.refresh_token != REFRESH  # replaced, and kept: it is what the next one is got by
        graph.entra.end()
        assert keys(await polled(source)) == ["7"]


async def test_nobody_authorises_an_app_that_acts_for_itself() -> None:
    async with workbook(*ROWS) as (_, source):
        with pytest.raises(BadConfig, match="let in without a person"):
            source.authorization()


@pytest.mark.parametrize(
    ("said", "reply", "words"),
    [
        ({}, None, "needs the application permission Files.Read.All, with the consent of an administrator"),
        (BY_SITE, None, "application permission Files.Read.All, Sites.Read.All"),
        (PERSON, None, "the person who authorised us can't read the file"),
        ({}, failed(403, "malwareDetected", "Malware was found in the file"), "found malware in the file"),
    ],
)
async def test_what_is_denied_says_what_it_takes(
    said: dict[str, Any], reply: Reply | None, words: str
) -> None:
    async with workbook(*ROWS, **said) as (graph, source):
        graph.roles, graph.person_may = set(), False
        if reply is not None:
            graph.answer_next(reply, GRAPH)
        with pytest.raises(Denied, match=words):
            await polled(source)


@pytest.mark.parametrize(
    ("said", "setting", "words"),
    [
        ({"workbook": LINK.replace("1a2b3c", "other")}, "workbook", "the link was withdrawn"),
        (BY_ID | {"item": "01OTHER"}, "item", "no file with this id"),
        (BY_SITE | {"path": f"Shared Documents/{PATH}"}, "path", "below the document library"),
        ({"user": USER, "path": "other.xlsx"}, "path", "no such file there"),
    ],
)
async def test_what_is_not_there_is_told_at_its_setting(
    said: dict[str, Any], setting: str, words: str
) -> None:
    async with workbook(*ROWS, **said) as (_, source):
        with pytest.raises(BadConfig, match=words) as caught:
            await source.check()
    assert caught.value.setting == setting


@pytest.mark.parametrize(
    ("said", "reply", "setting", "words"),
    [
        (
            BY_SITE,
            failed(400, "invalidRequest", "Invalid hostname for this tenancy"),
            "site",
            "Invalid hostname",
        ),
        (BY_SITE, failed(404, "itemNotFound", "Requested site could not be found"), "site", "no such site"),
        (
            BY_SITE,
            failed(404, "itemNotFound", "The provided path does not exist, or does not represent a site"),
            "site",
            "it ends before the library",
        ),
        (BY_USER, failed(404, "ResourceNotFound", "User's mysite not found."), "user", "no OneDrive"),
        (BY_USER, failed(400, "invalidRequest", "The path is malformed"), "path", "The path is malformed"),
    ],
)
async def test_a_refused_request_is_told_at_the_setting_it_is_about(
    said: dict[str, Any], reply: Reply, setting: str, words: str
) -> None:
    async with workbook(*ROWS, **said) as (graph, source):
        graph.answer_next(reply, GRAPH)
        with pytest.raises(BadConfig, match=words) as caught:
            await source.check()
    assert caught.value.setting == setting


def test_a_site_is_taken_as_a_browser_writes_it() -> None:
    written = "https://contoso.sharepoint.com/sites/Sales%20Team/"
    settings = MicrosoftExcelSettings.model_validate({**APP, "key": "k", **BY_SITE, "site": written})
    assert settings.site == "contoso.sharepoint.com/sites/Sales Team"


async def test_a_locked_file_is_read_later() -> None:
    async with workbook(*ROWS) as (graph, source):
        graph.answer_next(locked(), "/content$")
        with pytest.raises(Unavailable, match="the file is locked; it is read again later"):
            await polled(source)
        assert keys(await polled(source)) == ["7"]


@pytest.mark.parametrize("status", [429, 503, 509])
async def test_a_short_wait_is_waited_out_in_full(status: int) -> None:
    async with workbook(*ROWS) as (graph, source):
        graph.answer_next(throttled(41, status), GRAPH, times=2)
        assert keys(await polled(source)) == ["7"]
        assert [seconds for seconds in graph.clock.slept if seconds > 1] == pytest.approx([41, 41])


async def test_a_long_wait_is_told() -> None:
    async with workbook(*ROWS) as (graph, source):
        graph.answer_next(throttled(315), GRAPH)
        with pytest.raises(RateLimited, match="activityLimitReached") as caught:
            await polled(source)
    assert caught.value.retry_after == 315


async def test_a_limit_that_others_use_up_is_kept_to() -> None:
    async with workbook(*ROWS) as (graph, source):
        graph.quota = Limit(1, 25.0)
        assert keys(await polled(source)) == ["7"]
    assert len(graph.asked(GRAPH)) == 3


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_content_that_is_not_given_is_read_later(status: int) -> None:
    async with workbook(*ROWS) as (graph, source):
        graph.answer_next(sign_in_page(status), CONTENT_PATH)
        with pytest.raises(
            Unavailable, match=r"Leads\.xlsx: the server that .* names for its content"
        ) as caught:
            await polled(source)
        assert "tempauth" not in str(caught.value)
        assert keys(await polled(source)) == ["7"]


@pytest.mark.parametrize(
    ("reply", "kind", "wait"),
    [
        (Reply(status=429, headers={"Retry-After": "120"}), RateLimited, 120),
        (Reply(body=b"PK", missing=9), Unavailable, None),
    ],
    ids=["throttled", "cut off"],
)
async def test_content_that_does_not_come_is_read_later(
    reply: Reply, kind: type[SourceError], wait: float | None
) -> None:
    async with workbook(*ROWS) as (graph, source):
        graph.answer_next(reply, CONTENT_PATH)
        with pytest.raises(kind, match=r"Leads\.xlsx") as caught:
            await polled(source)
        assert getattr(caught.value, "retry_after", None) == wait
        assert keys(await polled(source)) == ["7"]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(reset=True),
        Reply(status=500),
        Reply(body=b"{}"),
        failed(403, "accessDenied", "Access denied"),
        failed(404, "itemNotFound", "gone"),
        failed(400, "invalidRequest", "Invalid shares key"),
        throttled(300),
    ],
    ids=["reset", "500", "other", "403", "404", "400", "429"],
)
async def test_p10_a_link_is_in_no_error(reply: Reply) -> None:
    async with workbook(*ROWS) as (graph, source):
        graph.answer_next(reply, GRAPH, times=9)
        with pytest.raises(SourceError, match="/shares/…/driveItem") as caught:
            await polled(source)
    assert "u!" not in str(caught.value)
    assert "EaMadeUpLink" not in repr(
        MicrosoftExcelSettings.model_validate({**APP, "key": "k", "workbook": LINK})
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "it needs workbook; or drive and item; or site and path; or user and path"),
        (BY_SITE | {"user": USER}, "There is site, path and user"),
        ({"workbook": "http://contoso.sharepoint.com/x"}, "must begin with https"),
        (BY_SITE | {"site": "Sales"}, "as in contoso.sharepoint.com/sites/Sales"),
        (BY_SITE | {"path": "../users"}, "below the document library"),
        (BY_ID | {"key": ["a", "a"]}, "name each key column once"),
        (BY_ID | {"encoding": "no-such"}, "is not a text encoding"),
        (BY_ID | {"client_secret": None}, "it needs tenant, client_id and client_secret"),
    ],
)
def test_settings_that_cannot_work_are_refused(said: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        MicrosoftExcelSettings.model_validate({**APP, "key": "Lead ID", **said})


def _asked(url: str) -> Any:
    from tests.doubles.base import Asked

    return Asked("GET", url, {}, b"")
