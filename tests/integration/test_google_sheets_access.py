"""Getting in to Google: service accounts, refresh tokens, and how Google says "slow down" and "denied"."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import ValidationError

from sources.errors import BadConfig, Denied, RateLimited
from sources.google_sheets import GoogleSheetsSettings
from tests.crm_scene import keys, polled
from tests.doubles.base import Limit, Reply
from tests.doubles.google_sheets import EMAIL, ID, failed, key_file, over_quota, pem
from tests.google_scene import OAUTH, sheet

if TYPE_CHECKING:
    from pathlib import Path

ROWS = (["Lead ID", "name"], ["7", "Ada"])
CELLS = "/values/"


async def test_a_service_account_signs_for_an_hour_at_most_and_only_to_read() -> None:
    async with sheet(*ROWS) as (google, source):
        assert keys(await polled(source)) == ["7"]
    [said] = google.claims
    assert said["iss"] == EMAIL
    assert 0 < said["exp"] - said["iat"] <= 3600
    assert [scope.rpartition("/")[2] for scope in said["scope"].split()] == [
        "spreadsheets.readonly",
        "drive.metadata.readonly",
    ]


async def test_the_key_of_an_account_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "google.json"
    file.write_text(key_file())
    async with sheet(*ROWS, service_account_file=str(file)) as (_, source):
        assert keys(await polled(source)) == ["7"]


async def test_a_refresh_token_serves_as_well(tmp_path: Path) -> None:
    async with sheet(*ROWS, cache=tmp_path, **OAUTH) as (google, source):
        assert keys(await polled(source)) == ["7"]
    assert google.claims == []


async def test_a_person_authorises_for_good_and_only_to_read(tmp_path: Path) -> None:
    given = {name: value for name, value in OAUTH.items() if name != "refresh_token"}
    async with sheet(*ROWS, cache=tmp_path, **given) as (_, source):
        flow = source.authorization()
        asked = dict(parse_qsl(urlsplit(flow.begun("http://127.0.0.1:1/").url).query))
        await flow.store.save(OAUTH["refresh_token"])
        assert keys(await polled(source)) == ["7"]
    assert (asked["access_type"], asked["prompt"]) == ("offline", "consent")
    assert asked["scope"].count(".readonly") == 2


async def test_nobody_authorises_a_service_account() -> None:
    async with sheet(*ROWS) as (_, source):
        with pytest.raises(BadConfig, match="needs no person"):
            source.authorization()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not json", "it is no JSON"),
        ("[]", "no client_email and private_key"),
        (json.dumps({"installed": {}}), "no client_email and private_key"),
        (key_file(private_key="nothing"), "it holds no private key"),
    ],
)
async def test_what_is_no_key_of_a_service_account_is_told(text: str, words: str) -> None:
    async with sheet(*ROWS, service_account=text, service_account_file=None) as (_, source):
        with pytest.raises(BadConfig, match=words) as caught:
            await polled(source)
    assert caught.value.setting == "service_account"


async def test_a_file_that_is_not_there_is_told() -> None:
    async with sheet(*ROWS, service_account_file="no-such.json") as (_, source):
        with pytest.raises(BadConfig, match=r"no-such.json can't be read") as caught:
            await polled(source)
    assert caught.value.setting == "service_account_file"


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ("Invalid JWT: Token must be a short-lived token", "clock is off"),
        ("Invalid JWT Signature.", "make a new one"),
        ("Invalid grant: account not found", "is not there any more"),
        ("Token has been expired or revoked.", "expire after 7 days"),
    ],
)
async def test_refusals_of_tokens_say_what_to_do(description: str, words: str) -> None:
    refusal = Reply({"error": "invalid_grant", "error_description": description}, status=400)
    async with sheet(*ROWS) as (google, source):
        google.answer_next(refusal, "/token", times=3)
        with pytest.raises(Denied, match=words):
            await polled(source)


async def test_a_sheet_that_is_not_shared_says_with_whom_to_share_it() -> None:
    async with sheet(*ROWS) as (google, source):
        google.shared = False
        with pytest.raises(Denied, match=f"not shared with {EMAIL}") as caught:
            await source.check()
    assert pem().split("\n")[1] not in str(caught.value)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (
            failed(403, "PERMISSION_DENIED", "insufficient scopes", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
            "too little; it lacks https://www.googleapis.com/auth/spreadsheets.readonly",
        ),
        (failed(403, "PERMISSION_DENIED", "has not been used", "SERVICE_DISABLED"), "API is not enabled"),
        (failed(401, "UNAUTHENTICATED", "invalid credentials"), "was the authorisation revoked"),
    ],
)
async def test_what_is_denied_is_told_apart(reply: Reply, words: str) -> None:
    async with sheet(*ROWS) as (google, source):
        google.answer_next(reply, "^/v4/", times=2)
        with pytest.raises(Denied, match=words):
            await polled(source)


async def test_an_excel_file_in_google_drive_is_no_google_sheet() -> None:
    async with sheet(*ROWS) as (google, source):
        text = "This operation is not supported for this document"
        google.answer_next(failed(400, "FAILED_PRECONDITION", text), "^/v4/")
        with pytest.raises(BadConfig, match="save it as one") as caught:
            await polled(source)
    assert caught.value.setting == "spreadsheet"


async def test_our_own_pace_stays_within_sixty_in_a_minute() -> None:
    async with sheet(*ROWS) as (google, source):
        for _ in range(40):
            assert keys(await polled(source)) == ["7"]
    assert len(google.asked("^/v4/")) == 80
    assert all(reply < 1.1 for reply in google.clock.slept)  # never refused, so never held back for longer


async def test_a_quota_that_others_use_up_is_waited_for_longer_each_time() -> None:
    async with sheet(*ROWS) as (google, source):
        google.answer_next(over_quota(), CELLS, times=4)
        assert keys(await polled(source)) == ["7"]
    waits = [seconds for seconds in google.clock.slept if seconds > 1.1]
    assert waits == sorted(waits)
    assert sum(waits) > 5


async def test_a_quota_that_does_not_come_back_in_a_minute_is_told() -> None:
    async with sheet(*ROWS) as (google, source):
        google.quota = Limit(0, 60.0)
        with pytest.raises(RateLimited, match="called Read requests per minute per user") as caught:
            await polled(source)
    assert caught.value.retry_after is None
    assert len(google.asked("^/v4/")) == 7


async def test_a_limit_of_drive_is_no_refusal() -> None:
    reply = Reply({"error": {"errors": [{"reason": "userRateLimitExceeded"}], "code": 403}}, status=403)
    async with sheet(*ROWS) as (google, source):
        google.answer_next(reply, "^/drive/", times=2)
        assert keys(await polled(source)) == ["7"]
    assert len(google.asked("^/drive/")) == 3


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            {"spreadsheet": "https://docs.google.com/spreadsheets/d/e/2PACX-1vMadeUp/pubhtml"},
            "published copy",
        ),
        ({"spreadsheet": "leads of 2026"}, "what follows /d/"),
        ({"key": ["a", "a"]}, "name each key column once"),
        ({"service_account_file": None}, "it needs service_account_file; or service_account"),
        ({"client_id": "x"}, "There is service_account_file and client_id"),
    ],
)
def test_settings_that_cannot_work_are_refused(said: dict[str, Any], words: str) -> None:
    given = {"spreadsheet": ID, "key": "Lead ID", "service_account_file": "k.json", **said}
    with pytest.raises(ValidationError, match=words):
        GoogleSheetsSettings.model_validate(given)


def test_p10_the_key_is_not_shown() -> None:
    given = {"spreadsheet": ID, "key": "Lead ID", "service_account": key_file()}
    assert pem().split("\n")[1] not in repr(GoogleSheetsSettings.model_validate(given))
