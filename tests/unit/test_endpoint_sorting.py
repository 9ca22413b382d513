"""The table that sorts answers: every answer has one outcome, and no message says too much."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.endpoints._exchange import Answer, Target
from sync.endpoints._probing import Probing
from sync.endpoints._sorting import Sorting
from sync.endpoints.base import Outcome
from tests.endpoint_server import BODY, KEY, SAID

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
URL = f"https://hooks.example.net/in?token={KEY}"
TARGET = Target(
    URL, "https://hooks.example.net/in?…", {"X-API-KEY": KEY}, key_hint="key?", place_hint="place?"
)

statuses = st.integers(100, 999)
echoes = st.sampled_from(
    [*SAID, *map(str.upper, SAID), KEY, BODY.decode(), URL, "8045550123", "(804) 555-0123"]
)
texts = st.lists(st.one_of(echoes, st.text(max_size=20)), max_size=8).map(" ".join)
documents = st.recursive(
    st.one_of(texts, st.none(), st.booleans(), st.integers(-(2**53), 2**53)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["errors", "error", "message", "detail", "source", "pointer", "x"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)
bodies = st.one_of(
    st.binary(max_size=200),
    documents.map(orjson.dumps),
    texts.map(lambda text: text.encode("utf-8", "replace")),
    texts.map(lambda text: f"<!DOCTYPE html><title>{text}</title>".encode("utf-8", "replace")),
)
headers = st.dictionaries(st.sampled_from(["retry-after", "location", "date"]), texts, max_size=3)
answers = st.builds(Answer, statuses, headers, bodies, whole=st.booleans())


def sorting(**changes) -> Sorting:
    given = {"url": URL, "where": TARGET.where, "headers": TARGET.headers, **changes}
    return Sorting(Target(**given), lambda: NOW)


@settings(deadline=None)
@given(answers)
def test_p8_every_answer_has_exactly_one_outcome(answer: Answer) -> None:
    receipt = sorting().receipt(answer, BODY)
    assert receipt.status == answer.status
    taken = receipt.outcome is Outcome.ACCEPTED
    assert not taken or (200 <= answer.status < 300 and answer.whole)
    assert taken or receipt.detail.startswith(str(answer.status))
    assert receipt.retry_after is None or (answer.status >= 400 and 0 <= receipt.retry_after <= 1e9)


@settings(deadline=None)
@given(answers)
def test_p10_no_answer_brings_a_value_of_the_lead_or_a_key_into_a_message(answer: Answer) -> None:
    for receipt in (sorting().receipt(answer, BODY), Probing(TARGET, lambda: NOW).receipt(answer)):
        assert KEY not in receipt.detail
        assert len(receipt.detail) < 400
        assert receipt.detail.isprintable()
    detail = sorting().receipt(answer, BODY).detail.lower()
    assert [text for text in SAID if text in detail] == []


@settings(deadline=None)
@given(answers)
def test_p7_a_probe_says_there_or_halt_or_later(answer: Answer) -> None:
    receipt = Probing(TARGET, lambda: NOW).receipt(answer)
    assert receipt.outcome in (Outcome.ACCEPTED, Outcome.HALT, Outcome.LATER)


@settings(deadline=None)
@given(st.integers(400, 999), bodies)
def test_what_was_not_taken_stays_so_whatever_its_body_says(status: int, body: bytes) -> None:
    bare = sorting().receipt(Answer(status, {}), BODY).outcome
    assert sorting().receipt(Answer(status, {}, body), BODY).outcome is bare
    assert bare is not Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"", Outcome.ACCEPTED),
        (b'{"data": true}', Outcome.ACCEPTED),
        (b'{"errors": null}', Outcome.ACCEPTED),
        (b'{"errors": []}', Outcome.ACCEPTED),
        (b'{"errors": {}}', Outcome.ACCEPTED),
        (b'{"errors": ""}', Outcome.ACCEPTED),
        (b'{"data": {"errors": ["x"]}}', Outcome.ACCEPTED),
        (b'[{"errors": ["x"]}]', Outcome.ACCEPTED),
        (b'"errors"', Outcome.ACCEPTED),
        (b'{"errors": ["x"]', Outcome.ACCEPTED),
        (b"<p>thanks</p>", Outcome.ACCEPTED),
        (b'{"errors": ["x"]}', Outcome.REJECTED),
        (b'{"errors": "x"}', Outcome.REJECTED),
        (b'{"errors": {"email": ["x"]}}', Outcome.REJECTED),
        (b'{"errors": true}', Outcome.REJECTED),
        (b'\xef\xbb\xbf {"errors": ["x"]}\n', Outcome.REJECTED),
        (b'{"n": NaN, "errors": ["x"]}', Outcome.REJECTED),
        ('{"errors": ["x"]}'.encode("utf-16"), Outcome.REJECTED),
        (b"<!DOCTYPE html><p>hello", Outcome.UNKNOWN),
        (b"\xef\xbb\xbf\n<!-- hi --> <!-- ho --><HTML>", Outcome.UNKNOWN),
        (b'<?xml version="1.0"?><html xmlns="x">', Outcome.UNKNOWN),
    ],
)
def test_what_a_success_says(body: bytes, outcome: Outcome) -> None:
    assert sorting().receipt(Answer(200, {}, body), BODY).outcome is outcome


def test_statuses_that_the_user_lists_are_successes_and_no_others() -> None:
    only = sorting(success=("200", "409"))
    assert only.receipt(Answer(200, {}), BODY).outcome is Outcome.ACCEPTED
    assert only.receipt(Answer(409, {}, b'{"errors":["already there"]}'), BODY).outcome is Outcome.ACCEPTED
    other = only.receipt(Answer(202, {}), BODY)
    assert (other.outcome, other.detail) == (
        Outcome.REJECTED,
        "202: is not among the statuses that success lists",
    )
    assert sorting(success=("2xx", "409")).receipt(Answer(204, {}), BODY).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"errors":["one","two"]}', "one; two"),
        (
            b'{"errors":[{"title":"Invalid value","source":{"pointer":"/email"},"detail":"Invalid format"}]}',
            "/email: Invalid format",
        ),
        (b'{"errors":[{"message":"null value","source":{"pointer":"/source"}}]}', "/source: null value"),
        (b'{"errors":{"email":["is invalid"]}}', "email: is invalid"),
        (b'{"error":{"code":7,"message":"no"}}', "no"),
        (b'{"error_description":"expired"}', "expired"),
        (b'{"message":"Missing Authentication Token"}', "Missing Authentication Token"),
        (b"plain\n words", "plain words"),
        (b"caf\xe9", "café"),
        (b"<html><head></head></html>", "an HTML page"),
        (b"<html><title> Oh\n no </title>", "HTML page titled Oh no"),
        (orjson.dumps({"errors": [f"e{number}" for number in range(9)]}), "e0; e1; e2; e3; e4"),
    ],
)
def test_what_a_refusal_says(body: bytes, said: str) -> None:
    assert sorting().receipt(Answer(400, {}, body), BODY).detail == f"400: {said}"


@pytest.mark.parametrize("body", [b"", b" ", b"{}", b"[]", b'{"errors":[{}]}', b'{"ok":false}'])
def test_one_that_says_nothing_is_told_by_its_name(body: bytes) -> None:
    assert sorting().receipt(Answer(400, {}, body), BODY).detail == "400 Bad Request"
    assert sorting().receipt(Answer(499, {}, body), BODY).detail == "499"


@pytest.mark.parametrize(
    "body",
    [
        b"<!---->" * 300,
        b"<title" * 40_000,
        b"<html>" + b"<title" * 40_000,
        b"[" * 250_000,
        b'{"errors":' * 25_000,
        b"1 " * 100_000,
        b"a" * 250_000,
        b"@" * 250_000,
        b"\\u0041" * 40_000,
    ],
)
def test_p9_no_answer_keeps_us_busy(body: bytes) -> None:
    for status in (200, 400):
        receipt = sorting().receipt(Answer(status, {}, body), BODY)
        assert len(receipt.detail) < 400


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 2.5 ", 2.5),
        ("9" * 400, 1e9),
        ("Wed, 04 Mar 2026 05:07:07 GMT", 60.0),
        ("Wed, 04 Mar 2026 05:05:07 GMT", 0.0),
        ("Wed, 04 Mar 2026 05:07:07 -0000", 60.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert sorting().receipt(Answer(429, {"retry-after": value}), BODY).retry_after == seconds


def test_retry_after_goes_by_the_servers_own_clock() -> None:
    headers = {"date": "Thu, 05 Mar 2026 00:00:00 GMT", "retry-after": "Thu, 05 Mar 2026 00:00:30 GMT"}
    assert sorting().receipt(Answer(503, headers), BODY).retry_after == 30.0
