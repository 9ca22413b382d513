"""Sheets behind a URL: fetched when they changed, whole or not at all, and nothing secret shown."""

from __future__ import annotations

import gzip
import logging
import resource
import ssl
import subprocess
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from sources.base import PollRequest, SourceContext
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable
from sources.spreadsheet import Spreadsheet
from tests.rest_server import Asked, Reply, serving
from tests.sheet_files import NEW_YORK, only, pages, rows, source, xlsx

if TYPE_CHECKING:
    from pathlib import Path

TEXT = b"Lead ID,Name\n1,Ada\n2,Bob\n"
ROWS = [{"Lead ID": "1", "Name": "Ada"}, {"Lead ID": "2", "Name": "Bob"}]
SHEET = "/shared/a-secret-link/leads.csv?token=a-secret-token"


async def test_text_and_workbooks_are_read(tmp_path: Path) -> None:
    book = xlsx(tmp_path / "leads.xlsx", [["Lead ID", "Name"], ["1", "Ada"], ["2", "Bob"]]).read_bytes()
    packed = Reply(body=gzip.compress(TEXT), headers={"Content-Encoding": "gzip"})
    for reply in (Reply(body=TEXT), Reply(body=book), packed):
        async with serving(lambda _, reply=reply: reply) as api:
            assert await rows(source(tmp_path, api.url(SHEET))) == ROWS


def answering(validator: str, value: str, condition: str) -> Any:
    """Return a handler that answers 304 when asked for what is other than it has."""

    def handler(asked: Asked) -> Reply:
        if asked.headers.get(condition) == value:
            return Reply(status=304)
        return Reply(body=TEXT, headers={validator: value})

    return handler


@pytest.mark.parametrize(
    ("validator", "value", "condition"),
    [
        ("ETag", 'W/"abc"', "if-none-match"),
        ("Last-Modified", "Tue, 03 Mar 2026 10:00:00 GMT", "if-modified-since"),
    ],
)
async def test_p9_an_unchanged_sheet_is_not_fetched(
    tmp_path: Path, validator: str, value: str, condition: str
) -> None:
    async with serving(answering(validator, value, condition)) as api:
        spreadsheet = source(tmp_path, api.url(SHEET))
        first = await only(spreadsheet)
        [again] = await pages(spreadsheet, position=first.position)
        assert len(first.records) == 2
        assert (again.records, again.position, again.last) == ([], first.position, True)
        assert api.asked[1].headers[condition] == value


async def test_the_same_bytes_under_another_etag_are_no_change(tmp_path: Path) -> None:
    tags = iter(['"a"', '"b"', '"c"'])
    async with serving(lambda _: Reply(body=TEXT, headers={"ETag": next(tags)})) as api:
        spreadsheet = source(tmp_path, api.url(SHEET))
        first = await only(spreadsheet)
        [second] = await pages(spreadsheet, position=first.position)
        [third] = await pages(spreadsheet, position=second.position)
        assert (second.records, third.records) == ([], [])
        assert [each.headers.get("if-none-match") for each in api.asked] == [None, '"a"', '"b"']


async def test_a_changed_sheet_is_read_whole(tmp_path: Path) -> None:
    bodies = iter([TEXT, TEXT + b"3,Cyd\n"])
    async with serving(lambda _: Reply(body=next(bodies))) as api:
        spreadsheet = source(tmp_path, api.url(SHEET))
        first = await only(spreadsheet)
        [second] = await pages(spreadsheet, position=first.position)
        assert [each.key for each in second.records] == ["1", "2", "3"]


async def test_other_settings_fetch_an_unchanged_sheet(tmp_path: Path) -> None:
    async with serving(answering("ETag", '"a"', "if-none-match")) as api:
        first = await only(source(tmp_path, api.url(SHEET)))
        [second] = await pages(source(tmp_path, api.url(SHEET), key="Name"), position=first.position)
        assert [each.key for each in second.records] == ["Ada", "Bob"]
        assert "if-none-match" not in api.asked[1].headers


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(status=401), Denied, "answered 401: it refuses us; share the sheet"),
        (Reply(status=403), Denied, "answered 403: it refuses us"),
        (Reply(status=404), BadConfig, "answered 404: there is no sheet at this URL"),
        (Reply(status=410), BadConfig, "there is no sheet at this URL"),
        (Reply(status=204), BadConfig, "there is no sheet at this URL"),
        (Reply(status=500), Unavailable, "answered 500: it has a problem of its own"),
        (Reply(status=304), Unavailable, "is empty"),
        (Reply(body=b""), Unavailable, "is empty"),
        (
            Reply(body=b"<!doctype html><title>Sign in</title>"),
            Denied,
            "a web page (HTML) instead of a sheet",
        ),
        (Reply(body=TEXT, missing=10), Unavailable, "cut off before it was complete"),
        (Reply(reset=True), Unavailable, "cut off before it was complete"),
        (Reply(status=302, headers={"Location": "/again.csv"}), BadConfig, "redirects more than 10 times"),
    ],
)
async def test_what_a_server_may_answer_instead(
    tmp_path: Path, reply: Reply, kind: type[SourceError], said: str
) -> None:
    async with serving(lambda _: reply) as api:
        with pytest.raises(kind) as caught:
            await pages(source(tmp_path, api.url(SHEET)))
    assert said in str(caught.value)
    assert "leads.csv at 127.0.0.1" in str(caught.value)
    assert "a-secret" not in str(caught.value)


@pytest.mark.parametrize(("status", "header", "seconds"), [(429, "7", 7), (429, None, None), (503, "9", 9)])
async def test_a_server_that_asks_to_be_left_alone(
    tmp_path: Path, status: int, header: str | None, seconds: float | None
) -> None:
    headers = {} if header is None else {"Retry-After": header}
    async with serving(lambda _: Reply(status=status, headers=headers)) as api:
        with pytest.raises(RateLimited) as caught:
            await pages(source(tmp_path, api.url(SHEET)))
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize(
    ("url", "kind", "said"),
    [
        ("http://127.0.0.1:1/a-secret/leads.csv", Unavailable, "no connection could be made"),
        ("http://nowhere.invalid/a-secret", Unavailable, "the sheet at nowhere.invalid"),
        ("http://a..b/a-secret", SourceError, "the sheet at a..b"),
    ],
)
async def test_p10_an_address_where_nothing_answers(
    tmp_path: Path, url: str, kind: type[SourceError], said: str
) -> None:
    with pytest.raises(kind) as caught:
        await pages(source(tmp_path, url))
    assert said in str(caught.value)
    assert "a-secret" not in f"{caught.value} {caught.value.__cause__} {caught.value.__context__!r:.0}"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:70000/a-secret", "https:///a-secret", "http://[::1/a-secret"]
)
def test_p10_what_can_be_no_url_is_refused_and_not_repeated(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValidationError, match="its host or its port cannot be one") as caught:
        source(tmp_path, url)
    assert "a-secret" not in str(caught.value)


async def test_redirects_are_followed(tmp_path: Path) -> None:
    def handler(asked: Asked) -> Reply:
        return (
            Reply(body=TEXT) if asked.path == "/there" else Reply(status=302, headers={"Location": "/there"})
        )

    async with serving(handler) as api:
        assert await rows(source(tmp_path, api.url(SHEET))) == ROWS


async def test_a_redirect_from_https_to_http_is_refused(tmp_path: Path, monkeypatch: Any) -> None:
    pem = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    reply = Reply(status=302, headers={"Location": "http://127.0.0.1:1/leads.csv"})
    async with serving(lambda _: reply, tls=context) as api:
        with pytest.raises(BadConfig, match="redirects to http, where anybody on the way can read it"):
            await pages(source(tmp_path, api.url(SHEET)))


def certificate(directory: Path) -> Path:
    """Return the key and the certificate of 127.0.0.1, in one file."""
    key, cert, pem = (directory / name for name in ("key.pem", "cert.pem", "both.pem"))
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=x"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    pem.write_bytes(key.read_bytes() + cert.read_bytes())
    return pem


def in_directory(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


async def test_p10_a_download_is_in_no_directory_and_gone_afterwards(tmp_path: Path) -> None:
    context = SourceContext("walk_ins", tmp_path, NEW_YORK, cache=tmp_path)
    async with serving(lambda _: Reply(body=TEXT)) as api:
        settings = Spreadsheet.Settings(path=api.url(SHEET), key="Lead ID")
        async with aclosing(Spreadsheet(settings, context).poll(PollRequest(page_size=1))) as found:
            async for _ in found:
                assert in_directory(tmp_path) == []
    assert in_directory(tmp_path) == []


async def test_a_disk_without_room_is_said(tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with serving(lambda _: Reply(body=TEXT + b"3,Cyd\n" * 100_000)) as api:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        try:
            with pytest.raises(
                Unavailable, match=r"leads\.csv at .* temporary file while it is read: File too"
            ):
                await pages(source(tmp_path, api.url(SHEET)))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)


async def test_p10_a_url_is_not_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("httpx").setLevel(logging.NOTSET)  # another test may have kept it quiet
    async with serving(lambda _: Reply(body=TEXT)) as api:
        with caplog.at_level(logging.DEBUG):
            await rows(source(tmp_path, api.url(SHEET)))
    assert "a-secret" not in caplog.text


async def test_p10_a_url_is_not_printed_with_the_settings(tmp_path: Path) -> None:
    async with serving(lambda _: Reply(body=TEXT)) as api:
        spreadsheet = source(tmp_path, api.url(SHEET))
        assert "a-secret" not in repr(spreadsheet._settings)
        assert await spreadsheet.check() == (
            "leads.csv at 127.0.0.1: 2 columns (Lead ID, Name), header in row 1; utf-8, separated by commas"
        )
        assert await spreadsheet.fields() == ["Lead ID", "Name"]
