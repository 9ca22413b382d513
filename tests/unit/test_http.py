"""The small parts of the HTTP helpers, each on its own."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sources.http
from sources._http.jsontext import parse_json, stable_bytes
from sources._http.reach import Reach
from sources._http.wire import tls
from sources._http.wording import error_codes, scrub, sentence
from sources.errors import BadConfig, RateLimited
from sources.http import (
    Answer,
    Call,
    Draft,
    LoopGuard,
    Pacer,
    Patience,
    next_link,
    parse_retry_after,
    place_of,
)
from sources.units import parse_rate
from tests.rest_server import NOW, FakeClock


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 1.5 ", 1.5),
        ("-3", 0),
        ("0", 0),
        ("Wed, 04 Mar 2026 12:00:30 GMT", 30),
        ("Wed, 04 Mar 2026 11:00:00 GMT", 0),
        ("Wed, 04 Mar 2026 12:00:30 -0000", 30),
        ("Wednesday, 04-Mar-26 12:00:30 GMT", 30),
        (None, None),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert parse_retry_after(header, NOW) == seconds


@given(header=st.text())
def test_retry_after_never_fails(header: str) -> None:
    found = parse_retry_after(header, NOW)
    assert found is None or found >= 0


@given(lead=st.lists(st.binary(min_size=1), unique=True, max_size=20), length=st.integers(1, 12))
def test_every_loop_is_noticed_within_three_rounds(lead: list[bytes], length: int) -> None:
    guard = LoopGuard()
    ring = [b"", *(bytes([0, number]) for number in range(1, length))]
    marks = [mark for mark in lead if mark not in ring]
    most = len(marks) + 3 * (len(marks) + length) + 2
    assert any(guard.repeats(mark) for mark in islice([*marks, *islice(cycle(ring), most)], most))


@given(marks=st.lists(st.binary(), unique=True))
def test_what_does_not_repeat_is_no_loop(marks: list[bytes]) -> None:
    guard = LoopGuard()
    assert not any(guard.repeats(mark) for mark in marks)


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ('<https://api.example.com/?page=2>; rel="next"', "https://api.example.com/?page=2"),
        ('</?a=1,2;3>; rel="prev", </?b>; title="a, b; c"; rel=next', "/?b"),
        ('</x>; REL="last next"', "/x"),
        ('</x>; rel="prev"', None),
        ('</x>; rel="nextish"', None),
        ("</x>", None),
        ("", None),
        (None, None),
    ],
)
def test_next_link(header: str | None, target: str | None) -> None:
    assert next_link(header) == target


@given(header=st.text(alphabet='<>;,="rel next/x \\', max_size=60))
def test_any_link_header_can_be_read(header: str) -> None:
    assert next_link(header) is None or isinstance(next_link(header), str)


@pytest.mark.parametrize(
    ("home", "target", "expected"),
    [
        ("https://api.example.com/v1/a", "?page=2", "https://api.example.com/v1/a?page=2"),
        ("https://api.example.com/v1/a", "/v2", "https://api.example.com/v2"),
        ("https://api.example.com/v1", "http://api.example.com/v1?p=2", "https://api.example.com/v1?p=2"),
        ("https://api.example.com/v1", "http://api.example.com:80/v1", "https://api.example.com/v1"),
        ("https://api.example.com/", "https://API.example.com.:443/x", "https://API.example.com.:443/x"),
        ("http://api.example.com/", "https://api.example.com/x", "https://api.example.com/x"),
        ("https://api.example.com/", "https://eu.example.com:8443/x", "https://eu.example.com:8443/x"),
    ],
)
def test_links_that_stay_with_us(home: str, target: str, expected: str) -> None:
    assert Reach(home, ["EU.example.com:8443"]).resolve(home, target) == expected


@pytest.mark.parametrize(
    "target",
    [
        "https://api.example.org/",
        "//evil.example.org/x",
        "https://api.example.com:8443/",
        "https://api.example.com.evil.example.org/",
        "https://api.example.com@evil.example.org/",
        "https://user:pw@api.example.com/",
        "ftp://api.example.com/",
        "javascript:alert(1)",
        "https://[::1/",
        "https://api.example.com:99999/",
    ],
)
def test_links_that_lead_away(target: str) -> None:
    with pytest.raises(BadConfig) as caught:
        Reach("https://api.example.com/").resolve("https://api.example.com/", target)
    assert "pw" not in str(caught.value)


async def test_pace_is_even_also_for_many_at_once() -> None:
    clock = FakeClock()
    pacer = Pacer(parse_rate("100/10s"), clock)
    await asyncio.gather(*(pacer.turn() for _ in range(4)))
    assert sum(clock.slept) == pytest.approx(0.3)


async def test_a_held_pacer_lets_nobody_pass() -> None:
    clock = FakeClock()
    pacer = Pacer(None, clock)
    await pacer.turn()
    pacer.hold(30)
    await pacer.turn()
    assert clock.slept == [30]


def test_patience_ends() -> None:
    patience = Patience(jitter=lambda: 1.0)
    error = RateLimited("x")
    assert [patience.delay(error, failures) for failures in (1, 2, 3)] == [0.5, 1.0, 2.0]
    with pytest.raises(RateLimited):
        patience.delay(error, 4)
    assert patience.delay(RateLimited("x", 60), 1) == 60
    with pytest.raises(RateLimited):
        patience.delay(RateLimited("x", 61), 1)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://user:pw@api.example.com:8443/v1/x?token=s#f", "https://api.example.com:8443/v1/x"),
        ("https://api.example.com", "https://api.example.com"),
    ],
)
def test_p10_a_place_has_no_secret(url: str, place: str) -> None:
    assert place_of(url) == place
    call = Call(url, params={"k": "s3cret"}, headers={"a": "s3cret"}, body={"p": "s3cret"})
    answer = Answer(call, 200, {}, b"s3cret", ["s3cret"])
    draft = Draft(url, {"authorization": "s3cret"})
    for text in (repr(call), repr(answer), repr(draft)):
        assert "s3cret" not in text
        assert "pw" not in text


def test_adding_to_a_query_keeps_the_rest_as_it_is() -> None:
    draft = Draft("https://api.example.com/?a=%2b&key=old&b=x+y&key2", {})
    draft.add_to_query("key", "n e&w")
    assert draft.url == "https://api.example.com/?a=%2b&b=x+y&key2&key=n+e%26w"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"date": "Wed, 04 Mar 2026 12:00:00 GMT"}, NOW),
        ({"date": "Wed, 04 Mar 2026 12:00:00 GMT", "age": "60"}, NOW + timedelta(minutes=1)),
        ({"date": "Wed, 04 Mar 2026 12:00:00 GMT", "age": "9" * 20}, NOW),
        ({"date": "today"}, None),
        ({}, None),
    ],
)
def test_the_servers_clock(headers: dict[str, str], expected: datetime | None) -> None:
    assert Answer(Call("https://api.example.com/"), 200, headers, b"").server_time == expected


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        ([{"errorCode": "INVALID_FIELD", "message": "No such column"}], ["INVALID_FIELD"]),
        ({"error": {"code": 429, "errors": [{"reason": "rateLimitExceeded"}]}}, ["429", "rateLimitExceeded"]),
        ({"error": "ada@example.com is unknown", "code": True}, []),
        ({"code": 8045550123}, []),
        ("text", []),
        (None, []),
    ],
)
def test_codes_and_nothing_else(data: Any, codes: list[str]) -> None:
    assert error_codes(data) == codes


def test_p10_what_an_api_says_is_scrubbed() -> None:
    text = "Field  updated_at: ada@example.com (804) 555-0123\nkey tok3n " + "x" * 300
    assert scrub(text, ["tok3n"]).startswith("Field updated_at: … (… key … …")
    assert sentence({"error": {"message": "no such field"}}, ()) == "no such field"
    assert sentence({"error": "single"}, ()) == ""


def test_json_keeps_what_other_parsers_lose() -> None:
    assert parse_json(b'{"n": 123456789012345678901234567890}') == {"n": 123456789012345678901234567890}
    assert parse_json(b"[NaN, Infinity]") == [None, None]
    assert parse_json('["Zoë"]'.encode("utf-8-sig")) == ["Zoë"]
    assert parse_json(rb'{"\ud83d": ["\ud83d\ude00", "a\ud83d"]}') == {"\ufffd": ["😀", "a\ufffd"]}
    assert parse_json(b'["\xed\xa0\xbd"]') == ["\ufffd"]
    assert parse_json(rb'["\\ud83d"]') == [r"\ud83d"]
    with pytest.raises(ValueError, match="nested too deeply"):
        parse_json(b"[" * 100_000)


def test_equal_values_have_equal_bytes() -> None:
    assert stable_bytes({"a": 1, "b": datetime(2026, 1, 1, tzinfo=UTC)}) == stable_bytes(
        {"b": datetime(2026, 1, 1, tzinfo=UTC), "a": 1}
    )


def test_what_is_offered_is_listed() -> None:
    assert sources.http.__all__ == sorted(sources.http.__all__)
    assert all(hasattr(sources.http, name) for name in sources.http.__all__)


def test_certificates_are_checked_by_the_authorities_of_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")  # the tests' own, which vouches for nobody
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    assert len(tls().get_ca_certs()) > 50
