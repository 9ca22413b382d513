"""Sheets in an S3 bucket at moto's server: read when they changed, whole or not at all, no secret told."""

from __future__ import annotations

import logging
import sys
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from sources._files.place import Place
from sources._files.s3 import open_store
from sources._files.settings import StorageSettings
from sources.base import PollRequest, SourceContext
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable
from sources.spreadsheet import Spreadsheet
from tests.rest_server import Asked, Reply, serving
from tests.s3_server import ACCESS_KEY, SECRET_KEY, SESSION_TOKEN, Bucket, Refusal, S3Server
from tests.sheet_files import NEW_YORK, only, pages, records, rows, source, xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from sources._files.store import FileStore

ADA, BOB = b"Lead ID,Name\n1,Ada\n", b"Lead ID,Name\n2,Bob\n"


@pytest.fixture
def bucket(s3: S3Server) -> Bucket:
    return s3.bucket()


@pytest.fixture
def store(bucket: Bucket) -> FileStore:
    return open_store(Place("s3", bucket.name, ""), StorageSettings(**bucket.storage), None)  # type: ignore[arg-type]


def reading(directory: Path, bucket: Bucket, key: str, **storage: Any) -> Spreadsheet:
    return source(directory, bucket.path(key), storage=bucket.storage | storage)


def in_directory(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


async def test_a_file_is_read_and_not_fetched_again_until_it_changes(tmp_path: Path, bucket: Bucket) -> None:
    bucket.put("exports/leads.csv", ADA)
    spreadsheet = reading(tmp_path, bucket, "exports/leads.csv")
    first = await only(spreadsheet)
    assert [(each.key, each.where) for each in first.records] == [("1", "leads.csv, row 2")]
    assert bucket.asked == ["exports/leads.csv"] * 2  # its first byte, and all of it
    [again] = await pages(spreadsheet, position=first.position)
    assert (again.records, again.position, again.last) == ([], first.position, True)
    assert len(bucket.asked) == 3
    bucket.put("exports/leads.csv", BOB)
    [changed] = await pages(spreadsheet, position=first.position)
    assert [each.key for each in changed.records] == ["2"]


async def test_a_workbook_is_read(tmp_path: Path, bucket: Bucket) -> None:
    bucket.put("leads.xlsx", xlsx(tmp_path / "a.xlsx", [["Lead ID", "Name"], [1, "Ada"]]).read_bytes())
    spreadsheet = reading(tmp_path, bucket, "leads.xlsx")
    assert await rows(spreadsheet) == [{"Lead ID": 1, "Name": "Ada"}]
    assert await spreadsheet.check() == (
        "leads.xlsx, sheet Leads: 2 columns (Lead ID, Name), header in row 1"
    )
    assert await spreadsheet.fields() == ["Lead ID", "Name"]


async def test_a_glob_reads_what_it_means_and_nothing_else(tmp_path: Path, bucket: Bucket) -> None:
    bucket.put("exports/leads-2.csv", BOB)
    bucket.put("exports/leads-1.csv", ADA)
    for other in ("exports/", "exports/leads-9.csv.part", "exports/leads-old/1.csv", "exports/jobs.csv", "x"):
        bucket.put(other, b"")
    spreadsheet = reading(tmp_path, bucket, "exports/leads-*.csv")
    found = await pages(spreadsheet)
    assert [each.where for page in found for each in page.records] == [
        "leads-1.csv, row 2",
        "leads-2.csv, row 2",
    ]
    assert bucket.asked == ["list", "exports/leads-1.csv", "exports/leads-2.csv"]
    [again] = await pages(spreadsheet, position=found[-1].position)
    assert (again.records, again.last) == ([], True)
    assert bucket.asked[3:] == ["list"]
    bucket.put("exports/leads-3.csv", b"Lead ID,Name\n3,Cy\n")
    changed = await records(spreadsheet, position=found[-1].position)
    assert [each.key for each in changed] == ["1", "2", "3"]


async def test_a_check_fetches_a_few_of_many_files(tmp_path: Path, bucket: Bucket) -> None:
    for number in range(10, 40):
        bucket.put(f"leads-{number}.csv", ADA)
    said = await reading(tmp_path, bucket, "leads-*.csv").check()
    assert said.startswith("30 files; leads-10.csv: 2 columns (Lead ID, Name)")
    fetched = [f"leads-{number}.csv" for number in (10, 11, 12, 13, 14, 35, 36, 37, 38, 39)]
    assert bucket.asked == ["list", *fetched]


async def test_a_package_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sources._files.s3")
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(BadConfig) as caught:
        await source(tmp_path, "s3://leads/a.csv").check()
    assert str(caught.value) == "s3:// needs s3fs, which is missing: pip install 'leadrelay[s3]'"
    assert caught.value.setting == "path"


async def test_a_file_named_like_a_glob_is_a_file(tmp_path: Path, bucket: Bucket) -> None:
    bucket.put("leads [1] 50%+?.csv", ADA)
    bucket.put("leads 1 50%+x.csv", BOB)
    assert await rows(reading(tmp_path, bucket, "leads [1] 50%+?.csv")) == [{"Lead ID": "1", "Name": "Ada"}]


def test_p9_a_listing_of_many_parts_is_read_to_its_end(bucket: Bucket, store: FileStore) -> None:
    for number in range(1001):
        bucket.put(f"exports/{number:04}.csv", b"")
    assert sum(1 for _ in store.entries("exports/", deep=False)) == 1001
    assert bucket.asked == ["list", "list"]
    assert list(store.entries("nothing", deep=True)) == []
    store.close()


def test_p9_a_file_comes_in_pieces(bucket: Bucket, store: FileStore) -> None:
    bucket.put("leads.csv", b"x" * (5 << 20))
    sizes = [len(piece) for piece in store.pieces(store.entry("leads.csv"))]
    assert sum(sizes) == 5 << 20
    assert max(sizes) <= 1 << 20
    store.close()
    store.close()


async def test_p1_a_file_replaced_after_it_was_found_is_read_by_the_next_poll(
    tmp_path: Path, bucket: Bucket
) -> None:
    bucket.put("leads-1.csv", ADA)
    bucket.put("leads-2.csv", ADA)
    spreadsheet = reading(tmp_path, bucket, "leads-*.csv")

    def replace(asked: str) -> None:
        if asked.endswith("leads-2.csv"):
            bucket.put("leads-2.csv", BOB)

    bucket.server.before = replace
    with pytest.raises(Unavailable, match=r"leads-2\.csv changed while it was being read; .* next poll"):
        await pages(spreadsheet)
    bucket.server.forget()
    assert [each.key for each in await records(spreadsheet)] == ["1", "2"]


async def test_a_file_taken_away_after_it_was_found_is_said(tmp_path: Path, bucket: Bucket) -> None:
    bucket.put("leads-1.csv", ADA)
    bucket.server.before = lambda asked: asked.endswith("leads-1.csv") and bucket.delete("leads-1.csv")
    with pytest.raises(Unavailable, match=r"leads-1\.csv is not there"):
        await pages(reading(tmp_path, bucket, "leads-*.csv"))


async def test_what_is_cut_off_is_not_taken_for_the_end(tmp_path: Path, s3: S3Server) -> None:
    def handler(asked: Asked) -> Reply:
        if "range" in asked.headers:
            headers = {"ETag": '"a"', "Content-Range": f"bytes 0-0/{len(ADA)}"}
            return Reply(status=206, body=ADA[:1], headers=headers)
        assert asked.headers["if-match"] == '"a"'
        return Reply(body=ADA, headers={"ETag": '"a"'}, missing=10)

    async with serving(handler) as api:
        storage = {"endpoint_url": api.base, "anonymous": True}
        with pytest.raises(Unavailable, match=r"s3://b/leads\.csv: the answer did not come, or not to its"):
            await pages(source(tmp_path, "s3://b/leads.csv", storage=storage))
        assert all("authorization" not in asked.headers for asked in api.asked)


async def test_what_is_not_there_is_said(tmp_path: Path, bucket: Bucket) -> None:
    for key, said in (("no.csv", "no.csv is not there"), ("no*.csv", "no file matches s3://")):
        with pytest.raises(Unavailable, match=said):
            await pages(reading(tmp_path, bucket, key))
        with pytest.raises(BadConfig, match=said) as caught:
            await reading(tmp_path, bucket, key).check()
        assert caught.value.setting == "path"
    with pytest.raises(BadConfig, match="there is no bucket leads-of-nobody") as caught:
        await source(tmp_path, "s3://leads-of-nobody/*.csv", storage=bucket.storage).check()
    assert caught.value.setting == "path"
    bucket.put("empty.csv", b"")
    with pytest.raises(Unavailable, match=r"empty\.csv is empty \(0 bytes\)"):
        await pages(reading(tmp_path, bucket, "empty.csv"))


SAID = "The request signature we calculated does not match the signature you provided."


REFUSALS: list[tuple[Refusal, type[SourceError], str, str | None]] = [
    (Refusal(403, "AccessDenied", "Access Denied"), Denied, "allow s3:GetObject on the files", None),
    (Refusal(403, "InvalidAccessKeyId", f"No {ACCESS_KEY}"), Denied, "access key is not known", None),
    (Refusal(403, "SignatureDoesNotMatch", SAID), Denied, "secret access key does not belong", None),
    (Refusal(400, "ExpiredToken", "The provided token has expired."), Denied, "have run out", None),
    (Refusal(403, "RequestTimeTooSkewed", "Too large."), Denied, "clock of this machine", None),
    (Refusal(403, "InvalidObjectState", "Archived."), Denied, "restore it first", None),
    (Refusal(401, "Unauthorized", f"{SECRET_KEY}! {SESSION_TOKEN}"), Denied, "Unauthorized: …! …", None),
    (Refusal(503, "SlowDown", "Please reduce your request rate."), RateLimited, "reduce your", None),
    (Refusal(500, "InternalError", "We encountered an error."), Unavailable, "InternalError", None),
    (Refusal(400, "RequestTimeout", "Idle."), Unavailable, "RequestTimeout", None),
    (Refusal(400, "InvalidArgument", "Bad value."), BadConfig, "InvalidArgument: Bad value", "path"),
    (
        Refusal(400, "AuthorizationHeaderMalformed", "Wrong.", more="<Region>eu-west-1</Region>"),
        BadConfig,
        "say `region: eu-west-1`",
        "storage.region",
    ),
]


def test_p10_refusals_are_told_in_the_words_of_s3_without_secrets(bucket: Bucket) -> None:
    storage = StorageSettings(**bucket.storage, session_token=SESSION_TOKEN)
    store = open_store(Place("s3", bucket.name, ""), storage, None)  # type: ignore[arg-type]
    for refusal, kind, said, setting in REFUSALS:
        bucket.server.refuse_all = refusal
        for ask in (lambda: store.entry("leads.csv"), lambda: list(store.entries("leads", deep=False))):
            with pytest.raises(SourceError) as caught:
                ask()
            assert type(caught.value) is kind, refusal
            assert said in str(caught.value)
            assert bucket.name in str(caught.value)
            assert getattr(caught.value, "setting", None) == setting
            told = f"{caught.value} {caught.value.__cause__}"
            assert not any(secret in told for secret in (ACCESS_KEY, SECRET_KEY, SESSION_TOKEN))
    store.close()


async def test_the_wait_that_is_asked_for_is_told(tmp_path: Path, bucket: Bucket) -> None:
    bucket.server.refuse_all = Refusal(503, "SlowDown", "Slow.", {"Retry-After": "7"})
    with pytest.raises(RateLimited) as caught:
        await pages(reading(tmp_path, bucket, "leads.csv"))
    assert caught.value.retry_after == 7


async def test_where_nothing_answers_or_no_s3_does(tmp_path: Path, s3: S3Server) -> None:
    storage = {"endpoint_url": "http://127.0.0.1:1", "anonymous": True}
    with pytest.raises(Unavailable, match="no connection could be made"):
        await pages(source(tmp_path, "s3://leads/a.csv", storage=storage))
    for path, said in (("s3://no_bucket!/a.csv", BadConfig), ("s3://leads/a.csv", Unavailable)):
        tls = storage | {"endpoint_url": s3.url.replace("http:", "https:")}
        with pytest.raises(said, match=r"S3 can't be asked for that|no secure connection could be made"):
            await pages(source(tmp_path, path, storage=tls))
    for page in (Reply(body=b"<html>hello</html>"), Reply(body=b"<br>no", status=404)):
        async with serving(lambda _, page=page: page) as api:
            storage["endpoint_url"] = api.base
            with pytest.raises(BadConfig, match="does not speak S3") as caught:
                await pages(source(tmp_path, "s3://leads/*.csv", storage=storage))
            assert caught.value.setting == "storage.endpoint_url"
    listing = b"<ListBucketResult><Name>leads</Name>%b</ListBucketResult>"
    more = b"<IsTruncated>true</IsTruncated><NextContinuationToken>1</NextContinuationToken>"
    async with serving(lambda _: Reply(body=listing % more)) as api:
        storage["endpoint_url"] = api.base
        with pytest.raises(Unavailable, match="the same part of the listing came again"):
            await pages(source(tmp_path, "s3://leads/*.csv", storage=storage))


async def test_without_credentials_it_says_where_to_give_them(
    tmp_path: Path, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("BOTO_CONFIG", str(tmp_path / "boto"))
    bucket.put("leads.csv", ADA)
    with pytest.raises(Denied, match=r"no credentials for it .*under `storage`, or by AWS_ACCESS_KEY_ID"):
        await pages(source(tmp_path, bucket.path("leads.csv"), storage={"endpoint_url": bucket.server.url}))
    with pytest.raises(BadConfig, match="there is no profile exports in") as caught:
        await reading(
            tmp_path,
            bucket,
            "leads.csv",
            **dict.fromkeys(("access_key_id", "secret_access_key")),
            profile="exports",
        ).check()
    assert caught.value.setting == "storage.profile"
    (tmp_path / "AWS_CONFIG_FILE").write_text(
        f"[profile exports]\naws_access_key_id = {ACCESS_KEY}\naws_secret_access_key = {SECRET_KEY}\n"
        f"endpoint_url = {bucket.server.url}\nregion = eu-west-1\n"
    )
    by_profile = source(tmp_path, bucket.path("leads.csv"), storage={"profile": "exports"})
    assert await rows(by_profile) == [{"Lead ID": "1", "Name": "Ada"}]
    for name, value in (("ACCESS_KEY_ID", ACCESS_KEY), ("SECRET_ACCESS_KEY", SECRET_KEY)):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", bucket.server.url)
    assert await rows(source(tmp_path, bucket.path("leads.csv"))) == [{"Lead ID": "1", "Name": "Ada"}]


async def test_p2_another_key_does_not_read_an_unchanged_file_again(tmp_path: Path, bucket: Bucket) -> None:
    bucket.put("leads.csv", ADA)
    first = await only(reading(tmp_path, bucket, "leads.csv"))
    rotated = reading(tmp_path, bucket, "leads.csv", access_key_id="other", secret_access_key="rotated")
    [again] = await pages(rotated, position=first.position)
    assert (again.records, again.position) == ([], first.position)


async def test_p10_a_copy_is_in_no_directory_and_a_poll_can_be_broken_off(
    tmp_path: Path, bucket: Bucket
) -> None:
    bucket.put("leads.csv", ADA + b"2,Bob\n")
    context = SourceContext("walk_ins", tmp_path, NEW_YORK, cache=tmp_path)
    settings = Spreadsheet.Settings(path=bucket.path("leads.csv"), key="Lead ID", storage=bucket.storage)
    async with aclosing(Spreadsheet(settings, context).poll(PollRequest(page_size=1))) as found:
        async for _ in found:
            assert in_directory(tmp_path) == []
            break
    assert in_directory(tmp_path) == []


async def test_p10_no_library_logs_what_is_asked(
    tmp_path: Path, bucket: Bucket, caplog: pytest.LogCaptureFixture
) -> None:
    bucket.put("leads.csv", ADA)
    with caplog.at_level(logging.DEBUG):
        await rows(reading(tmp_path, bucket, "leads.csv"))
    told = [each for each in caplog.records if each.name.partition(".")[0] not in ("asyncio", "werkzeug")]
    assert told == []


@pytest.mark.parametrize(
    ("path", "storage", "said"),
    [
        ("s3://leads", None, "it names no file; name the files with a glob"),
        ("s3://leads/exports/", None, "it names no file"),
        ("s3:///leads.csv", None, "it names nothing to look in"),
        ("s3://leads/a.csv", {"access_key_id": "AKIA-x"}, "belong together"),
        ("s3://leads/a.csv", {"session_token": "x"}, "`session_token` needs the `access_key_id`"),
        ("s3://leads/a.csv", {"anonymous": True, "profile": "x"}, "`anonymous` and `profile` are two ways"),
        ("s3://leads/a.csv", {"endpoint_url": "minio:9000"}, "an address has a scheme, a host"),
        ("s3://leads/a.csv", {"endpoint_url": "http://h:70000"}, "an address has a scheme, a host"),
        ("leads.csv", {"region": "eu-west-1"}, "`path` names none"),
        ("https://example.com/a.csv", {"region": "eu-west-1"}, "`path` names none"),
    ],
)
def test_settings_that_cannot_work_are_refused(tmp_path: Path, path: str, storage: Any, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        source(tmp_path, path, storage=storage)
    assert said in str(caught.value)
    assert "AKIA-x" not in str(caught.value)
