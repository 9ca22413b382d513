"""Sheets in a container of Azure, at a double: read when they changed, whole or not at all."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from azure.identity import ClientSecretCredential
from pydantic import ValidationError

from sources._files.azure import open_store
from sources._files.place import Place
from sources._files.settings import StorageSettings
from sources._threads import in_thread
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable
from tests.doubles.azure_blob import ACCOUNT, CONTAINER, KEY, SAS, AzureBlobDouble, failed
from tests.doubles.base import Asked, Reply, running
from tests.sheet_files import only, pages, records, rows, source

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sources._files.store import FileStore
    from sources.spreadsheet import Spreadsheet

ADA, BOB = b"Lead ID,Name\n1,Ada\n", b"Lead ID,Name\n2,Bob\n"


@pytest.fixture
async def azure() -> AsyncIterator[AzureBlobDouble]:
    async with running(AzureBlobDouble()) as double:
        yield double


@pytest.fixture
async def store(azure: AzureBlobDouble, tmp_path: Path) -> AsyncIterator[FileStore]:
    opened = open_store(Place("az", CONTAINER, ""), StorageSettings(**azure.storage), tmp_path)
    yield opened
    opened.close()


def reading(directory: Path, azure: AzureBlobDouble, name: str) -> Spreadsheet:
    return source(directory, azure.path(name), storage=azure.storage)


async def test_a_file_is_read_and_not_fetched_again_until_it_changes(
    tmp_path: Path, azure: AzureBlobDouble
) -> None:
    name = "2026/le ads+50%#ä.csv"
    azure.put(name, ADA)
    spreadsheet = reading(tmp_path, azure, name)
    first = await only(spreadsheet)
    assert [each.key for each in first.records] == ["1"]
    assert azure.fetched == [name]
    [again] = await pages(spreadsheet, position=first.position)
    assert (again.records, again.position, azure.fetched) == ([], first.position, [name])
    azure.put(name, BOB)
    assert [each.key for each in await records(spreadsheet, position=first.position)] == ["2"]
    assert await spreadsheet.fields() == ["Lead ID", "Name"]


async def test_a_glob_reads_what_it_means_by_parts_of_a_listing(
    tmp_path: Path, azure: AzureBlobDouble
) -> None:
    azure.page_size = 2
    for number in (3, 1, 2):
        azure.put(f"2026/leads-{number}.csv", b"Lead ID\n%d\n" % number)
    for other in ("2026/leads-old/4.csv", "2026/jobs.csv", "2026/leads-5.csv.part"):
        azure.put(other, b"Lead ID\n4\n")
    azure.put("2026/leads-x.csv", b"", hdi_isfolder="true")  # a directory of Data Lake Storage
    spreadsheet = reading(tmp_path, azure, "2026/leads-*.csv")
    found = await pages(spreadsheet)
    assert [each.key for page in found for each in page.records] == ["1", "2", "3"]
    assert azure.fetched == ["list"] * 3 + [f"2026/leads-{number}.csv" for number in (1, 2, 3)]
    [again] = await pages(spreadsheet, position=found[-1].position)
    assert (again.records, azure.fetched[6:]) == ([], ["list"] * 3)
    deep = await records(reading(tmp_path, azure, "2026/**/[24].csv"))
    assert [each.where for each in deep] == ["leads-old/4.csv, row 2"]


async def test_p9_a_file_comes_in_pieces_that_are_all_of_one_state(
    azure: AzureBlobDouble, store: FileStore
) -> None:
    azure.put("leads.csv", b"x" * (9 << 20))
    entry = await in_thread(lambda: store.entry("leads.csv"))
    sizes = await in_thread(lambda: [len(piece) for piece in store.pieces(entry)])
    assert sizes == [4 << 20, 4 << 20, 1 << 20]

    def replace(asked: Asked) -> None:
        if "bytes=4194304" in asked.headers.get("x-ms-range", ""):
            azure.put("leads.csv", b"y" * (9 << 20))

    azure.before = replace
    with pytest.raises(Unavailable, match=r"leads\.csv changed while it was being read"):
        await in_thread(lambda: [len(piece) for piece in store.pieces(entry)])


async def test_p1_a_file_replaced_after_it_was_found_is_read_by_the_next_poll(
    tmp_path: Path, azure: AzureBlobDouble
) -> None:
    azure.put("leads-1.csv", ADA)
    azure.put("leads-2.csv", ADA)
    azure.before = lambda asked: asked.path.endswith("leads-1.csv") and azure.put("leads-2.csv", BOB)
    spreadsheet = reading(tmp_path, azure, "leads-*.csv")
    with pytest.raises(Unavailable, match=r"leads-2\.csv changed while it was being read"):
        await pages(spreadsheet)
    azure.before = lambda asked: asked.path.endswith("leads-1.csv") and azure.blobs.pop("leads-1.csv", None)
    with pytest.raises(Unavailable, match=r"leads-1\.csv is not there"):
        await pages(spreadsheet)
    assert [each.key for each in await records(spreadsheet)] == ["2"]


async def test_what_is_cut_off_is_not_taken_for_the_end(
    tmp_path: Path, azure: AzureBlobDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Azure's library tries three times, a second apart, and can't be told otherwise.
    monkeypatch.setattr("azure.storage.blob._download.time", SimpleNamespace(sleep=lambda _: None))
    azure.put("leads-1.csv", ADA)
    headers = azure.blobs["leads-1.csv"].headers | {"Content-Range": "bytes 0-18/19"}
    azure.answer_next(Reply(body=ADA[:-5], status=206, headers=headers), "leads-1", times=5)
    with pytest.raises(Unavailable, match=r"leads-1\.csv: the answer did not come, or not to its end"):
        await pages(reading(tmp_path, azure, "leads-*.csv"))


async def test_what_is_not_there_is_said(tmp_path: Path, azure: AzureBlobDouble) -> None:
    for name, said in (("no.csv", "no.csv is not there"), ("no*.csv", "no file matches az://")):
        with pytest.raises(BadConfig, match=said):
            await reading(tmp_path, azure, name).check()
    for path in ("az://nobody/a.csv", "abfs://nobody/*.csv"):
        with pytest.raises(BadConfig, match="there is no container nobody") as caught:
            await pages(source(tmp_path, path, storage=azure.storage))
        assert caught.value.setting == "path"
    azure.put("empty.csv", b"")
    with pytest.raises(Unavailable, match=r"empty\.csv is empty \(0 bytes\)"):
        await pages(reading(tmp_path, azure, "empty.csv"))


SIGNED = "Server failed to authenticate.\nString to sign used was GET made-up"
REFUSALS: list[tuple[Reply, type[SourceError], str]] = [
    (failed(403, "AuthenticationFailed", SIGNED), Denied, "is wrong or has run out"),
    (failed(403, "AuthorizationPermissionMismatch", "No."), Denied, "Storage Blob Data Reader"),
    (failed(409, "PublicAccessNotPermitted", "No."), Denied, "leave `anonymous` out"),
    (failed(403, "InsufficientAccountPermissions", "No."), Denied, "InsufficientAccountPermissions: No."),
    (failed(503, "ServerBusy", "Busy.", {"Retry-After": "7"}), RateLimited, "ServerBusy: Busy."),
    (failed(500, "InternalError", "Internal."), Unavailable, "InternalError"),
    (failed(400, "InvalidResourceName", "Bad name."), BadConfig, "InvalidResourceName: Bad name."),
    (Reply(body=b"<html><br>Sign in</html>", status=502), Unavailable, "502"),
    (Reply(body=b"<html><br>Sign in</html>"), SourceError, f"az://{CONTAINER}: "),
    (Reply(reset=True), Unavailable, "the answer did not come"),
]


async def test_p10_refusals_are_told_in_the_words_of_azure(azure: AzureBlobDouble, store: FileStore) -> None:
    for reply, kind, said in REFUSALS:
        azure.answer_next(reply)
        with pytest.raises(kind) as caught:
            await in_thread(lambda: list(store.entries("leads", deep=False)))
        assert said in str(caught.value)
        assert f"az://{CONTAINER}" in str(caught.value)
        assert not any(secret in str(caught.value) for secret in (KEY, "made-up", "to sign"))
        if isinstance(caught.value, RateLimited):
            assert caught.value.retry_after == 7


async def test_a_listing_that_does_not_end_is_broken_off(azure: AzureBlobDouble, store: FileStore) -> None:
    body = b"<EnumerationResults><Blobs /><NextMarker>1</NextMarker></EnumerationResults>"
    azure.answer_next(Reply(body=body, headers={"Content-Type": "application/xml"}), times=9)
    for deep in (True, False):
        with pytest.raises(Unavailable, match="the same part of the listing came again and again"):
            await in_thread(lambda deep=deep: list(store.entries("leads", deep=deep)))


@pytest.mark.parametrize(
    "way", [{"account_key": KEY}, {"sas_token": SAS}, {"sas_token": f"?{SAS}"}, {"anonymous": True}]
)
async def test_ways_in(tmp_path: Path, azure: AzureBlobDouble, way: dict[str, Any]) -> None:
    azure.put("leads.csv", ADA)
    azure.public = "anonymous" in way
    # What is at this address has the account in the path, and is the container of that name to the client.
    storage = {"endpoint_url": azure.url(), "account_name": ACCOUNT, **way}
    spreadsheet = source(tmp_path, f"az://{ACCOUNT}/{CONTAINER}/leads.csv", storage=storage)
    assert await rows(spreadsheet) == [{"Lead ID": "1", "Name": "Ada"}]
    azure.public = False
    if "anonymous" in way:
        with pytest.raises(Denied, match="leave `anonymous` out"):
            await rows(spreadsheet)
    assert "authorization" not in azure.asked()[-1].headers or "account_key" in way


async def test_azures_own_ways_in_are_taken(
    tmp_path: Path, azure: AzureBlobDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CONNECTION_STRING", "ACCOUNT", "KEY", "SAS_TOKEN"):
        monkeypatch.delenv(f"AZURE_STORAGE_{name}", raising=False)
    azure.put("leads.csv", ADA)
    with pytest.raises(BadConfig, match="no storage account is named; say `account_name`") as caught:
        await rows(source(tmp_path, azure.path("leads.csv")))
    assert caught.value.setting == "storage.account_name"
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", azure.storage["connection_string"])
    assert len(await rows(source(tmp_path, azure.path("leads.csv")))) == 1
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT", ACCOUNT)
    monkeypatch.setenv("AZURE_STORAGE_KEY", KEY)
    storage = {"endpoint_url": azure.url()}
    assert len(await rows(source(tmp_path, f"az://{ACCOUNT}/{CONTAINER}/leads.csv", storage=storage))) == 1


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "abfss://exports@leadsmadeup.dfs.core.windows.net/a.csv",
            "https://leadsmadeup.blob.core.windows.net/",
        ),
        ("az://exports@gov.blob.core.usgovcloudapi.net/a.csv", "https://gov.blob.core.usgovcloudapi.net/"),
    ],
)
def test_a_path_may_name_the_account(tmp_path: Path, path: str, said: str) -> None:
    authority = path.split("/")[2]
    store = open_store(Place("az", authority, ""), StorageSettings(account_key=KEY), tmp_path)
    assert (store._service.url, store._name) == (said, "exports")  # type: ignore[attr-defined]
    store.close()


def test_an_app_in_entra_is_who_asks(tmp_path: Path) -> None:
    app = {"tenant_id": "contoso.onmicrosoft.com", "client_id": "made-up", "client_secret": "made-up"}
    settings = StorageSettings(account_name=ACCOUNT, **app)
    store = open_store(Place("az", "exports", ""), settings, tmp_path)
    assert isinstance(store._service.credential, ClientSecretCredential)  # type: ignore[attr-defined]
    store.close()
    plain = StorageSettings(account_name=ACCOUNT, endpoint_url="http://127.0.0.1:1", **app)
    with pytest.raises(BadConfig, match="only keys and signatures are sent without TLS"):
        open_store(Place("az", "exports", ""), plain, tmp_path)
    wrong = StorageSettings(account_name=ACCOUNT, **app | {"tenant_id": "no tenant"})
    with pytest.raises(BadConfig, match="it is no connection string, key, signature or tenant of Azure's"):
        open_store(Place("az", "exports", ""), wrong, tmp_path)


async def test_p10_what_can_be_no_way_in_is_said(tmp_path: Path, azure: AzureBlobDouble) -> None:
    ways: list[dict[str, Any]] = [{"connection_string": "made-up secret"}]
    ways.append({"account_name": ACCOUNT, "account_key": "not base 64 made-up"})
    for storage in ways:
        with pytest.raises(SourceError, match=r"connection string, key|invalid shared key") as caught:
            await rows(source(tmp_path, azure.path("a.csv"), storage=storage))
        assert "made-up" not in f"{caught.value} {caught.value.__cause__}"
    wrong = azure.storage["connection_string"].replace(KEY, "bWFkZS11cA==")
    with pytest.raises(
        Denied, match=r"AuthenticationFailed: .*; the key, the signature or the token is wrong"
    ):
        await rows(source(tmp_path, azure.path("*.csv"), storage={"connection_string": wrong}))


async def test_where_azure_finds_no_credentials_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN", "AZURE_CLIENT_ID", "AZURE_TENANT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")  # the others would ask around
    storage = {"endpoint_url": "https://127.0.0.1:1", "account_name": ACCOUNT}
    with pytest.raises(Denied, match=r"az://exports: not asked: .*; look at the credentials under `storage`"):
        await pages(source(tmp_path, "az://exports/*.csv", storage=storage))


async def test_where_nothing_answers(tmp_path: Path) -> None:
    storage = {"endpoint_url": "http://127.0.0.1:1", "account_name": ACCOUNT, "account_key": KEY}
    for path in ("az://exports/a.csv", "az://exports/*.csv"):
        with pytest.raises(Unavailable, match=r"no connection could be made .* is the account's name right"):
            await pages(source(tmp_path, path, storage=storage))


async def test_p10_no_library_logs_what_is_asked(
    tmp_path: Path, azure: AzureBlobDouble, caplog: pytest.LogCaptureFixture
) -> None:
    azure.put("leads.csv", ADA)
    with caplog.at_level(logging.DEBUG):
        await rows(reading(tmp_path, azure, "leads.csv"))
    assert [each.name for each in caplog.records if each.name != "asyncio"] == []


@pytest.mark.parametrize(
    ("storage", "said"),
    [
        ({"anonymous": True, "account_key": KEY}, "`anonymous` and `account_key` are two ways in"),
        ({"tenant_id": "x", "client_id": "y"}, "`client_secret` belong together"),
        ({"connection_string": "x", "account_name": "y"}, "names the account and its address"),
        ({"profile": "x"}, "`storage.profile` means nothing to a path of az://"),
    ],
)
def test_settings_that_cannot_work_are_refused(tmp_path: Path, storage: Any, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        source(tmp_path, "az://leads/a.csv", storage=storage)
    assert said in str(caught.value)
    assert KEY not in str(caught.value)
