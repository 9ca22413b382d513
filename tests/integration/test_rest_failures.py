"""What a server can do wrong, and what becomes of it."""

# ruff: noqa: SIM117 a server, then its client: two blocks
from __future__ import annotations

import gzip
import shutil
import ssl
import subprocess
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path  # noqa: TC003 pytest reads the signatures
from typing import Any

import pytest

from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable
from sources.http import ApiClient, Call, ClientOptions, bearer
from tests.rest_server import NOW, Asked, FakeClock, Reply, keys, pages, serving, source

SECRET = "s3cret-token-of-ours"
AUTH = {"type": "bearer", "token": SECRET}


async def _fails(reply: Any, clock: FakeClock | None = None, **said: Any) -> SourceError:
    async with serving(lambda asked: reply) as api, source(api.url(), clock, auth=AUTH, **said) as rest:
        with pytest.raises(SourceError) as caught:
            await pages(rest)
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value)
    return caught.value


@pytest.mark.parametrize("reply", [Reply(status=204), Reply(status=304), Reply(body=b""), Reply(body=b" \n")])
async def test_no_body_is_no_records(reply: Reply) -> None:
    async with serving(lambda asked: reply) as api, source(api.url()) as rest:
        (page,) = await pages(rest)
    assert (list(page.records), page.last) == ([], True)


@pytest.mark.parametrize("reply", [Reply(reset=True), Reply([], missing=10), Reply(body=b"[", status=500)])
async def test_a_failure_that_passes_is_tried_again(reply: Reply) -> None:
    answers = iter([reply, reply, Reply([{"id": 1}])])
    clock = FakeClock()
    async with serving(lambda asked: next(answers)) as api, source(api.url(), clock) as rest:
        assert keys(await pages(rest)) == ["1"]
    assert 0.25 <= clock.slept[0] <= 0.5 <= clock.slept[1] <= 1.0


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(reset=True), "the connection was cut"),
        (Reply([], missing=10), "the connection was cut"),
        (Reply({"code": "BACKEND_DOWN"}, status=502), r"answered 502 \(BACKEND_DOWN\): it has a problem"),
        (Reply(status=530), "answered 530"),
        (Reply(body=b"junk", headers={"Content-Encoding": "gzip"}), "could not be decompressed"),
    ],
)
async def test_a_failure_that_stays_is_unavailable_after_four_attempts(reply: Reply, told: str) -> None:
    clock = FakeClock()
    error = await _fails(reply, clock)
    assert type(error).__name__ == "Transient"
    assert isinstance(error, Unavailable)
    assert len(clock.slept) == 3
    with pytest.raises(Unavailable, match=told):
        raise error


async def test_a_slow_answer_is_not_waited_for() -> None:
    error = await _fails(Reply([], delay=0.15), timeout="50ms")
    assert "no answer within 0.05 s" in str(error)


async def test_an_answer_that_never_ends_is_given_up() -> None:
    clock = FakeClock()
    options = ClientOptions(timeout=timedelta(milliseconds=30))
    async with serving(lambda asked: Reply(body=b"[", missing=5, delay=0.4)) as api:
        client = ApiClient(api.base, None, options, clock)
        with pytest.raises(Unavailable, match=r"no answer within|not complete after"):
            await client.request(Call(api.url(), repeatable=False))
        await client.close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:9/", "connection refused|no connection could be made"),
        ("http://no-such-host.invalid/", "cannot be found"),
    ],
)
async def test_nobody_there(url: str, told: str) -> None:
    async with source(url) as rest:
        with pytest.raises(Unavailable, match=told):
            await rest.check()


def _self_signed(pair: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    subject = ["-subj", "/CN=localhost", "-keyout", str(pair), "-out", str(pair.with_suffix(".crt"))]
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject], check=True, capture_output=True
    )
    pair.write_text(pair.read_text() + pair.with_suffix(".crt").read_text())


async def test_a_certificate_that_nobody_vouches_for_is_said_and_not_tried_again(tmp_path: Path) -> None:
    _self_signed(tmp_path / "pair.pem")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(tmp_path / "pair.pem")
    clock = FakeClock()
    async with serving(lambda asked: [], tls) as api, source(api.url(), clock) as rest:
        with pytest.raises(Unavailable, match="TLS failed: self-signed certificate"):
            await rest.check()
    assert clock.slept == []


@pytest.mark.parametrize("status", [429, 503])
async def test_a_short_retry_after_is_waited_out(status: int) -> None:
    answers = iter([Reply(status=status, headers={"Retry-After": "7"}), Reply([{"id": 1}])])
    clock = FakeClock()
    async with serving(lambda asked: next(answers)) as api, source(api.url(), clock) as rest:
        assert keys(await pages(rest)) == ["1"]
    assert clock.slept == [7.0]


async def test_a_retry_after_date_is_read_by_the_servers_clock() -> None:
    server = NOW - timedelta(hours=5)
    until = format_datetime(server + timedelta(seconds=20), usegmt=True)
    answers = iter([Reply(status=429, headers={"Retry-After": until}, date=server), Reply([])])
    clock = FakeClock()
    async with serving(lambda asked: next(answers)) as api, source(api.url(), clock) as rest:
        await pages(rest)
    assert clock.slept == [20.0]


async def test_a_long_retry_after_ends_the_poll_and_is_passed_on() -> None:
    error = await _fails(Reply(status=429, headers={"Retry-After": "3600"}))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 3600


async def test_429_without_retry_after_backs_off_and_gives_up() -> None:
    clock = FakeClock()
    error = await _fails(Reply(status=429), clock)
    assert isinstance(error, RateLimited)
    assert error.retry_after is None
    assert len(clock.slept) == 3


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply([{"errorCode": "REQUEST_LIMIT_EXCEEDED"}], status=403), {}),
        (Reply(body=b"<html>error 1015: you are being rate limited", status=403), {}),
        (Reply(status=403, headers={"Retry-After": "900"}), {}),
        (Reply(status=420), {"rate_limit_statuses": [420]}),
    ],
)
async def test_rate_limits_that_are_not_429(reply: Reply, said: dict[str, Any]) -> None:
    assert isinstance(await _fails(reply, **said), RateLimited)


@pytest.mark.parametrize("status", [401, 402, 403])
async def test_refused_credentials_are_denied(status: int) -> None:
    error = await _fails(Reply({"error": "nope", "message": f"bad token {SECRET}"}, status=status))
    assert isinstance(error, Denied)
    assert f"answered {status} (nope)" in str(error)


@pytest.mark.parametrize(("status", "setting"), [(404, "url"), (405, "method"), (400, None), (422, None)])
async def test_a_refused_request_is_a_matter_of_settings(status: int, setting: str | None) -> None:
    reply = Reply({"message": f"no field updated_at for ada@example.com {SECRET}"}, status=status)
    error = await _fails(reply)
    assert isinstance(error, BadConfig)
    assert error.setting == setting
    assert "no field updated_at" in str(error)
    assert "ada@" not in str(error)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (
            Reply(body=b"<html>Sign in</html>", headers={"Content-Type": "text/html"}),
            "answered text/html, not JSON",
        ),
        (Reply(body=b"  <!doctype html>"), "answered markup, not JSON"),
        (Reply(body=b'[{"id": 1}, {"id"'), "broken or cut off at character 18 of 17"),
        (Reply(body=b"[" * 100_000), "broken or cut off"),
        (Reply(body=b"\xff\xfe\xfa"), "broken or cut off"),
    ],
)
async def test_what_is_not_json_is_unavailable(reply: Reply, told: str) -> None:
    error = await _fails(reply)
    assert isinstance(error, Unavailable)
    assert told in str(error)


@pytest.mark.parametrize("packed", [False, True])
async def test_p9_an_answer_over_the_limit_is_not_read(packed: bool) -> None:
    body = b"[" + b" " * 200_000 + b"]"
    reply = (
        Reply(body=gzip.compress(body), headers={"Content-Encoding": "gzip"}) if packed else Reply(body=body)
    )
    async with serving(lambda asked: reply) as api:
        client = ApiClient(api.base, None, ClientOptions(max_bytes=100_000))
        with pytest.raises(Unavailable, match=r"larger than 0.0953674 MiB"):
            await client.get_json(api.url())
        await client.close()


async def test_redirects_stay_with_our_host() -> None:
    def answer(asked: Asked) -> Any:
        if asked.path == "/v1/contacts":
            return Reply(status=307, headers={"Location": "/v2/contacts?x=1"})
        return [{"id": asked.headers["authorization"]}]

    async with serving(answer) as api, source(api.url(), auth=AUTH) as rest:
        assert keys(await pages(rest)) == [f"Bearer {SECRET}"]


async def test_redirects_elsewhere_do_not_get_our_credentials() -> None:
    async with serving(lambda asked: []) as other:
        error = await _fails(Reply(status=302, headers={"Location": other.url()}))
        assert isinstance(error, BadConfig)
        assert error.setting == "allow_hosts"
        assert other.asked == []


async def test_redirects_in_a_circle_end() -> None:
    error = await _fails(Reply(status=302, headers={"Location": "/v1/contacts"}))
    assert "redirects more than 5 times" in str(error)


async def test_paging_goes_on_after_a_redirect() -> None:
    def answer(asked: Asked) -> Any:
        if asked.path == "/v1/contacts":
            return Reply(status=301, headers={"Location": asked.target.replace("/v1/", "/v2/")})
        return [{"id": asked.query["page"]}] if int(asked.query["page"]) < 4 else []

    async with serving(answer) as api, source(api.url(), paging={"type": "page_number"}) as rest:
        assert keys(await pages(rest)) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("data", "records", "told"),
    [
        ({"data": [], "meta": {}}, "items", "nothing at `items`; the answer has: data, meta"),
        ({"data": {"rows": []}}, "data", "at `data` there is no list but an object with: rows"),
        ({"data": []}, None, "the answer is no list but an object with: data; name the list with `records`"),
        ([], "data", "nothing at `data`; the answer has: a list of 0"),
    ],
)
async def test_a_wrong_path_to_the_records_lists_what_is_there(
    data: Any, records: str | None, told: str
) -> None:
    error = await _fails(Reply(data), records=records)
    assert isinstance(error, BadConfig)
    assert error.setting == "records"
    assert told in str(error)


async def test_null_records_are_no_records() -> None:
    async with serving(lambda asked: {"data": None}) as api, source(api.url(), records="data") as rest:
        assert keys(await pages(rest)) == []


async def test_p6_items_that_are_no_records_are_set_aside() -> None:
    rows = [{"id": 1}, "text", {"name": "x"}, {"id": None}, {"id": {"a": 1}}, {"id": " "}, {"id": 2}]
    async with serving(lambda asked: rows) as api, source(api.url()) as rest:
        (page,) = await pages(rest)
    assert keys([page]) == ["1", "2"]
    assert [(bad.where, bad.reason) for bad in page.bad] == [
        ("page 1, item 2", "it is no object but a single text"),
        ("page 1, item 3", "its key, `id`, is not there"),
        ("page 1, item 4", "its key (`id`) is empty"),
        ("page 1, item 5", "its key, `id`, is no text or number (object of 1)"),
        ("page 1, item 6", "its key (`id`) is empty"),
    ]


@pytest.mark.parametrize(
    ("errors", "kind", "told"),
    [
        ([{"message": "no", "extensions": {"code": "THROTTLED"}}], RateLimited, "THROTTLED"),
        ([{"message": "no", "extensions": {"code": "UNAUTHENTICATED"}}], Denied, "UNAUTHENTICATED"),
        ([{"message": "Ada Lovelace is locked"}], Unavailable, "list of 1"),
        ("broken", Unavailable, "(broken)"),
    ],
)
async def test_errors_with_status_200(errors: Any, kind: type[SourceError], told: str) -> None:
    error = await _fails(Reply({"data": [], "errors": errors}), records="data", errors="errors")
    assert type(error) is kind
    assert told in str(error)
    assert "Ada" not in str(error)


async def test_a_throttled_200_is_waited_out() -> None:
    answers = iter([{"errors": [{"code": "THROTTLED"}]}, {"data": [{"id": 1}], "errors": []}])
    async with serving(lambda asked: next(answers)) as api:
        async with source(api.url(), records="data", errors="errors") as rest:
            assert keys(await pages(rest)) == ["1"]


async def test_our_own_pace_is_kept() -> None:
    clock = FakeClock()
    async with serving(
        lambda asked: [{"id": asked.query["page"]}] if asked.query["page"] < "4" else []
    ) as api:
        async with source(api.url(), clock, paging={"type": "page_number"}, rate_limit="5/s") as rest:
            await pages(rest)
    assert clock.slept == pytest.approx([0.2, 0.2, 0.2])


async def test_numbers_and_text_survive_the_parser() -> None:
    body = rb'[{"id": 12345678901234567890123, "n": "\ud83d", "x": NaN}]'
    async with serving(lambda asked: Reply(body=body)) as api, source(api.url()) as rest:
        (page,) = await pages(rest)
    assert page.records[0].key == "12345678901234567890123"
    assert page.records[0].fields["n"] == "\ufffd"
    assert page.records[0].fields["x"] is None


async def test_other_charsets_are_read() -> None:
    headers = {"Content-Type": "application/json; charset=iso-8859-1"}
    reply = Reply(body='[{"id": "Zoë"}]'.encode("latin-1"), headers=headers)
    async with serving(lambda asked: reply) as api, source(api.url()) as rest:
        assert keys(await pages(rest)) == ["Zoë"]


async def test_a_large_answer_is_read_in_a_thread() -> None:
    rows = [{"id": number, "filler": "x" * 100} for number in range(10_000)]
    async with serving(lambda asked: rows) as api, source(api.url()) as rest:
        found = await pages(rest)
    assert len(keys(found)) == 10_000


async def test_a_token_that_cannot_be_sent_is_not_repeated() -> None:
    for token in ("abc\ndef-secret", "schlüssel-ключ"):
        async with serving(lambda asked: []) as api:
            async with source(api.url(), auth={"type": "bearer", "token": token}) as rest:
                with pytest.raises(BadConfig) as caught:
                    await pages(rest)
        assert "secret" not in str(caught.value)
        assert "ключ" not in str(caught.value)


async def test_check_says_what_is_there() -> None:
    rows = [{"id": n, "name": "Ada", "at": NOW.isoformat()} for n in range(25)]
    async with (
        serving(lambda asked: rows) as api,
        source(api.url("/v1/contacts?token=x"), changed="at") as rest,
    ):
        assert await rest.check() == f"{api.url()}: 25 records on the first page, keys id, name, at"


@pytest.mark.parametrize(("said", "setting"), [({"key": "uuid"}, "key"), ({"changed": "updated"}, "changed")])
async def test_check_finds_paths_that_no_record_has(said: dict[str, Any], setting: str) -> None:
    async with serving(lambda asked: [{"id": 1}, {"id": 2}]) as api, source(api.url(), **said) as rest:
        with pytest.raises(BadConfig) as caught:
            await rest.check()
    assert caught.value.setting == setting


async def test_a_post_that_is_redirected_to_a_get_is_refused() -> None:
    error = await _fails(Reply(status=301, headers={"Location": "/v2/contacts"}), method="POST", json={})
    assert isinstance(error, BadConfig)
    assert error.setting == "url"


async def test_client_is_usable_after_close() -> None:
    async with serving(lambda asked: asked.headers["user-agent"]) as api:
        client = ApiClient(api.base, bearer(SECRET))
        for _ in range(2):
            assert (await client.get_json(api.url())).startswith("leadrelay")
            await client.close()
