"""Sheets in a bucket of Google Cloud Storage, at a double: read when they changed, whole or not at all."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from sources._files.gcs import open_store
from sources._files.place import Place
from sources._files.settings import StorageSettings
from sources._threads import in_thread
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable
from tests.doubles.base import Reply, running
from tests.doubles.gcs import BUCKET, GcsDouble, failed
from tests.doubles.google_sheets import key_file, pem
from tests.rest_server import serving
from tests.sheet_files import only, pages, records, rows, source

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sources.spreadsheet import Spreadsheet

ADA, BOB = b"Lead ID,Name\n1,Ada\n", b"Lead ID,Name\n2,Bob\n"


@pytest.fixture
async def gcs() -> AsyncIterator[GcsDouble]:
    async with running(GcsDouble()) as double:
        yield double


def reading(directory: Path, gcs: GcsDouble, name: str, **storage: Any) -> Spreadsheet:
    return source(directory, gcs.path(name), storage=gcs.storage | storage)


async def test_a_file_is_read_and_not_fetched_again_until_it_changes(tmp_path: Path, gcs: GcsDouble) -> None:
    name = "exports/le ads+50%?#ä.csv"
    gcs.put(name.replace("?", "x"), ADA)
    spreadsheet = reading(tmp_path, gcs, name.replace("?", "x"))
    first = await only(spreadsheet)
    assert [each.key for each in first.records] == ["1"]
    assert await spreadsheet.fields() == ["Lead ID", "Name"]
    fetched = len(gcs.fetched)
    gcs.put(name.replace("?", "x"), ADA)  # the same content once more
    [again] = await pages(spreadsheet, position=first.position)
    assert (again.records, again.position, len(gcs.fetched)) == ([], first.position, fetched)
    gcs.put(name.replace("?", "x"), BOB)
    assert [each.key for each in await records(spreadsheet, position=first.position)] == ["2"]


async def test_a_glob_reads_what_it_means_by_parts_of_a_listing(tmp_path: Path, gcs: GcsDouble) -> None:
    gcs.page_size = 2
    for number in (3, 1, 2):
        gcs.put(f"exports/leads-{number}.csv", b"Lead ID\n%d\n" % number, composed=number == 2)
    for other in ("exports/", "exports/leads-old/4.csv", "exports/jobs.csv", "exports/leads-5.csv.part"):
        gcs.put(other, b"")
    spreadsheet = reading(tmp_path, gcs, "exports/leads-*.csv")
    found = await pages(spreadsheet)
    assert [each.key for page in found for each in page.records] == ["1", "2", "3"]
    assert gcs.fetched == ["list", "list", *(f"exports/leads-{number}.csv" for number in (1, 2, 3))]
    [again] = await pages(spreadsheet, position=found[-1].position)
    assert (again.records, gcs.fetched[5:]) == ([], ["list", "list"])
    gcs.put("exports/leads-2.csv", b"Lead ID\n2\n", composed=True)  # nothing tells that it is the same
    assert len(await records(spreadsheet, position=found[-1].position)) == 3
    gcs.put("exports/leads-old/4.csv", b"Lead ID\n4\n")
    assert [each.where for each in await records(reading(tmp_path, gcs, "exports/**/[14].csv"))] == [
        "leads-old/4.csv, row 2"
    ]


async def test_p1_a_file_replaced_after_it_was_found_is_read_by_the_next_poll(
    tmp_path: Path, gcs: GcsDouble
) -> None:
    gcs.put("leads-1.csv", ADA)
    gcs.put("leads-2.csv", ADA)
    gcs.before = lambda path: path.endswith("leads-1.csv") and gcs.put("leads-2.csv", BOB)
    spreadsheet = reading(tmp_path, gcs, "leads-*.csv")
    with pytest.raises(Unavailable, match=r"leads-2\.csv changed while it was being read"):
        await pages(spreadsheet)
    gcs.before = lambda path: path.endswith("leads-1.csv") and gcs.objects.pop("leads-1.csv", None)
    with pytest.raises(Unavailable, match=r"leads-1\.csv is not there"):
        await pages(spreadsheet)
    assert [each.key for each in await records(spreadsheet)] == ["2"]


async def test_what_is_cut_off_is_not_taken_for_the_end(tmp_path: Path, gcs: GcsDouble) -> None:
    gcs.put("leads-1.csv", ADA)
    gcs.answer_next(Reply(body=ADA, missing=10), "leads-1")
    with pytest.raises(Unavailable, match=r"leads-1\.csv: the answer did not come, or not to its end"):
        await pages(reading(tmp_path, gcs, "leads-*.csv"))


async def test_what_is_not_there_is_said(tmp_path: Path, gcs: GcsDouble) -> None:
    for name, said in (("no.csv", "no.csv is not there"), ("no*.csv", "no file matches gs://")):
        with pytest.raises(BadConfig, match=said):
            await reading(tmp_path, gcs, name).check()
    for path in ("gs://nobody/a.csv", "gcs://nobody/*.csv"):
        with pytest.raises(BadConfig, match="there is no bucket nobody") as caught:
            await pages(source(tmp_path, path, storage=gcs.storage))
        assert caught.value.setting == "path"


REFUSALS: list[tuple[Reply, type[SourceError], str]] = [
    (failed(429, "rateLimitExceeded", "Slow down."), RateLimited, "429: Slow down."),
    (failed(403, "userRateLimitExceeded", "Slow down."), RateLimited, "403: Slow down."),
    (failed(403, "forbidden", "No access."), Denied, "No access; allow storage.objects.get and"),
    (failed(401, "authError", "Invalid Credentials"), Denied, "401: Invalid Credentials"),
    (failed(503, "backendError", "Backend."), RateLimited, "503: Backend."),
    (failed(500, "internalError", "Internal."), Unavailable, "500: Internal."),
    (failed(400, "required", "Bucket is requester pays bucket."), BadConfig, "requester pays"),
    (Reply(body=b"<html>Sign in</html>"), BadConfig, "is not Google Cloud Storage"),
    (Reply(body=b"<html>Sign in</html>", status=500), Unavailable, ": 500"),
    (Reply(reset=True), Unavailable, "the answer did not come"),
]


async def test_p10_refusals_are_told_in_the_words_of_google(tmp_path: Path, gcs: GcsDouble) -> None:
    storage = StorageSettings(**gcs.storage)
    store = open_store(Place("gs", BUCKET, ""), storage, tmp_path)
    for reply, kind, said in REFUSALS:
        for ask in (lambda: store.entry("leads.csv"), lambda: list(store.entries("leads", deep=False))):
            gcs.answer_next(reply, "/storage", times=1 + reply.reset)  # a get is asked twice
            with pytest.raises(SourceError) as caught:
                await in_thread(ask)
            assert type(caught.value) is kind, said
            assert said in str(caught.value)
            assert f"gs://{BUCKET}" in str(caught.value)
            assert not any(secret in str(caught.value) for secret in (*gcs.tokens, pem()[40:60]))
    assert len(gcs.tokens) == 1
    await in_thread(store.close)


async def test_the_wait_that_is_asked_for_is_told(tmp_path: Path, gcs: GcsDouble) -> None:
    reply = failed(429, "rateLimitExceeded", "Slow down.")
    reply.headers["Retry-After"] = "7"
    gcs.answer_next(reply, "/storage")
    with pytest.raises(RateLimited) as caught:
        await pages(reading(tmp_path, gcs, "*.csv"))
    assert caught.value.retry_after == 7


async def test_a_public_bucket_takes_nobody_only_when_that_is_said(
    tmp_path: Path, gcs: GcsDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    gcs.public = True
    gcs.put("leads.csv", ADA)
    storage = {"endpoint_url": gcs.url(), "anonymous": True}
    assert len(await rows(source(tmp_path, gcs.path("leads.csv"), storage=storage))) == 1
    assert all("authorization" not in each.headers for each in gcs.asked())
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    before = len(gcs.asked())
    with pytest.raises(
        Denied, match=r"there are no credentials for it \(.*\); give them by `service_account_file`"
    ):
        await pages(source(tmp_path, gcs.path("leads.csv"), storage={"endpoint_url": gcs.url()}))
    assert len(gcs.asked()) == before
    gcs.public = False
    with pytest.raises(Denied, match="Anonymous caller does not have"):
        await pages(source(tmp_path, gcs.path("leads.csv"), storage=storage))


async def test_googles_own_ways_in_are_taken(
    tmp_path: Path, gcs: GcsDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    gcs.put("leads.csv", ADA)
    key = tmp_path / "key.json"
    key.write_text(key_file(token_uri=gcs.url("/token")))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", gcs.url())
    assert len(await rows(source(tmp_path, gcs.path("leads.csv")))) == 1
    monkeypatch.setenv("HOME", str(tmp_path))
    for file in ("key.json", "~/key.json"):
        storage = {"service_account_file": file}
        assert len(await rows(source(tmp_path, gcs.path("leads.csv"), storage=storage))) == 1


async def test_p10_a_key_that_does_not_let_us_in_is_said(tmp_path: Path, gcs: GcsDouble) -> None:
    other = key_file(token_uri=gcs.url("/token"), client_email="nobody@example.com")
    with pytest.raises(Denied, match=r"gives no access token: .*invalid_grant.*account not found") as caught:
        await pages(reading(tmp_path, gcs, "leads.csv", service_account=other))
    assert "PRIVATE KEY" not in f"{caught.value}{caught.value.__cause__}"
    nowhere = key_file(token_uri="http://127.0.0.1:1/token")
    with pytest.raises(Unavailable, match="Google could not be asked for an access token"):
        await pages(reading(tmp_path, gcs, "leads.csv", service_account=nowhere))
    for text in ("no JSON", "{}", json.dumps({"type": "service_account", "private_key": "x"})):
        with pytest.raises(BadConfig, match="not the JSON key of a service account") as wrong:
            await pages(reading(tmp_path, gcs, "leads.csv", service_account=text))
        assert wrong.value.setting == "storage.service_account"
    missing = source(tmp_path, gcs.path("leads.csv"), storage={"service_account_file": "no.json"})
    with pytest.raises(BadConfig, match=r"no\.json can't be read: No such file") as unread:
        await pages(missing)
    assert unread.value.setting == "storage.service_account_file"


async def test_where_nothing_answers(tmp_path: Path) -> None:
    storage = {"endpoint_url": "http://127.0.0.1:1", "anonymous": True}
    with pytest.raises(Unavailable, match="no connection could be made"):
        await pages(source(tmp_path, f"gs://{BUCKET}/a.csv", storage=storage))
    async with serving(lambda _: Reply(data={"nextPageToken": "1"})) as api:
        storage["endpoint_url"] = api.base
        with pytest.raises(Unavailable, match="the same part of the listing came again"):
            await pages(source(tmp_path, f"gs://{BUCKET}/*.csv", storage=storage))


async def test_p10_no_library_logs_what_is_asked(
    tmp_path: Path, gcs: GcsDouble, caplog: pytest.LogCaptureFixture
) -> None:
    gcs.put("leads.csv", ADA)
    with caplog.at_level(logging.DEBUG):
        await rows(reading(tmp_path, gcs, "leads.csv"))
    assert [each.name for each in caplog.records if each.name != "asyncio"] == []


@pytest.mark.parametrize(
    ("storage", "said"),
    [
        ({"anonymous": True, "service_account_file": "x"}, "`anonymous` and `service_account_file` are two"),
        ({"service_account": "x", "service_account_file": "x"}, "are two ways in: give one"),
        ({"region": "eu-west-1"}, "`storage.region` means nothing to a path of gs://"),
    ],
)
def test_settings_that_cannot_work_are_refused(tmp_path: Path, storage: Any, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        source(tmp_path, "gs://leads/a.csv", storage=storage)
    assert said in str(caught.value)
