"""What an endpoint makes of what a server answers, over real connections."""

from __future__ import annotations

import asyncio
import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from sync.endpoints import _sender
from sync.endpoints.base import Outcome
from tests.endpoint_server import BODY, KEY, SAID, answering, once, response, saying, serving

PAGE = b"<!doctype html><html><head><title>Welcome</title></head></html>"


async def sent_to(script, **settings):
    """Send one lead to a server of this script; returns the receipt and the server."""
    async with serving(script) as server:
        endpoint = server.hatch(**settings)
        receipt = await endpoint.send(BODY)
        await endpoint.close()
    return receipt, server


async def test_a_lead_is_one_request_with_the_key_and_the_json() -> None:
    receipt, server = await sent_to(answering(200, b'{"data":true}'))
    assert (receipt.outcome, receipt.detail, receipt.status) == (Outcome.ACCEPTED, "", 200)
    assert 0 < receipt.seconds < 10
    [request] = server.requests
    assert (request.method, request.target, request.body) == ("POST", "/sales/newlead", BODY)
    assert request.headers["x-api-key"] == KEY
    assert request.headers["content-type"] == "application/json"
    assert request.headers["accept-encoding"] == "identity"
    assert "expect" not in request.headers
    assert "cookie" not in request.headers


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(response(204), id="nothing"),
        pytest.param(response(201, b"thanks"), id="plain text"),
        pytest.param(response(200, b"\xff\xfe\x00{"), id="no text at all"),
        pytest.param(response(200, b'{"errors":[],"data":{}}'), id="no errors in errors"),
        pytest.param(response(200, b'["errors"]'), id="a list"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n" + response(200), id="100 first"),
        pytest.param(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + response(200), id="103 first"),
        pytest.param(
            b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nd\r\n{"data":true}\r\n0\r\n\r\n',
            id="chunked",
        ),
        pytest.param(
            response(200, gzip.compress(b'{"data":true}'), {"Content-Encoding": "gzip"}), id="gzip unasked"
        ),
    ],
)
async def test_any_success_is_a_success(answer: bytes) -> None:
    receipt, _ = await sent_to(saying(answer))
    assert receipt.outcome is Outcome.ACCEPTED, receipt


async def test_an_answer_may_end_with_its_connection() -> None:
    receipt, _ = await sent_to(once(b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"data":true}'))
    assert receipt.outcome is Outcome.ACCEPTED


async def test_a_success_with_errors_is_a_refusal_compressed_or_not() -> None:
    said = b'{"errors":["phoneNumber is too short"]}'
    for body, headers in ((said, {}), (gzip.compress(said), {"Content-Encoding": "gzip"})):
        receipt, _ = await sent_to(answering(200, body, headers))
        assert (receipt.outcome, receipt.detail) == (
            Outcome.REJECTED,
            "200: phoneNumber is too short",
        )


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *[(status, Outcome.REJECTED) for status in (400, 406, 409, 413, 415, 418, 422, 451)],
        *[(status, Outcome.HALT) for status in (301, 302, 304, 307, 308, 401, 403, 404, 405, 407, 410)],
        *[(status, Outcome.LATER) for status in (425, 429, 503)],
        *[(status, Outcome.UNKNOWN) for status in (408, 500, 501, 502, 504, 520, 599)],
    ],
)
async def test_every_other_status_has_its_place_in_the_table(status: int, outcome: Outcome) -> None:
    receipt, server = await sent_to(answering(status))
    assert (receipt.outcome, receipt.status) == (outcome, status)
    assert receipt.detail.startswith(str(status))
    assert len(server.requests) == 1


async def test_p10_a_refusal_says_why_without_what_the_lead_says() -> None:
    echo = b'{"errors":["%s is wrong", "firstName: ADELHEID", "lovelace-quux 77001"]}' % KEY.encode()
    receipt, _ = await sent_to(answering(422, echo))
    assert receipt.detail == "422: [key] is wrong; firstName: [firstName]; [lastName] [id]"


@pytest.mark.parametrize("status", [200, 400, 401, 404, 429, 500, 503])
@pytest.mark.parametrize("wrap", [b"%s", b'{"errors":[%s]}', b"<html><title>%s</title></html>", b"<p>%s"])
async def test_p10_whatever_repeats_the_lead_is_kept_quiet(status: int, wrap: bytes) -> None:
    receipt, _ = await sent_to(answering(status, wrap % (BODY + KEY.encode())))
    assert [text for text in (*SAID, KEY) if text in receipt.detail.lower()] == []


async def test_p7_a_redirect_is_not_followed() -> None:
    place = "https://elsewhere.test/adelheid/77001?phone=8045550123"
    receipt, server = await sent_to(answering(308, headers={"Location": place}))
    assert receipt.outcome is Outcome.HALT
    assert receipt.detail.startswith("308: redirects to https://elsewhere.test/[firstName]/[id]?")
    assert len(server.requests) == 1


@pytest.mark.parametrize("place", ["http://[", "/login?next=1", "", "%%%", "//x", "https://"])
async def test_a_redirect_to_nowhere_is_still_one(place: str) -> None:
    receipt, _ = await sent_to(answering(302, headers={"Location": place}))
    assert receipt.outcome is Outcome.HALT
    assert receipt.detail.endswith(": is the URL right?")


async def test_p8_a_page_in_place_of_an_answer_proves_nothing() -> None:
    receipt, _ = await sent_to(answering(200, PAGE))
    assert receipt.outcome is Outcome.UNKNOWN
    assert "web page" in receipt.detail
    async with serving(answering(200, PAGE)) as server:
        endpoint = server.http()
        assert (await endpoint.send(BODY)).outcome is Outcome.ACCEPTED  # automation tools do answer so
        await endpoint.close()


async def test_pages_are_told_by_their_title() -> None:
    receipt, _ = await sent_to(answering(403, PAGE))
    assert receipt.detail == "403: HTML page titled Welcome (are api_key and department_id right?)"


async def test_what_to_look_at_is_said() -> None:
    receipt, _ = await sent_to(answering(404))
    assert receipt.detail == "404 Not Found (are department_id and base_url right?)"


async def test_retry_after_is_heeded_in_full_in_seconds_and_as_a_date() -> None:
    receipt, _ = await sent_to(answering(429, headers={"Retry-After": "86400"}))
    assert (receipt.outcome, receipt.retry_after) == (Outcome.LATER, 86400.0)
    theirs = datetime(2031, 5, 4, 3, 2, 1, tzinfo=UTC)
    later = theirs + timedelta(hours=50)
    headers = {
        "Date": format_datetime(theirs, usegmt=True),
        "Retry-After": format_datetime(later, usegmt=True),
    }
    receipt, _ = await sent_to(answering(503, headers=headers))
    assert (receipt.outcome, receipt.retry_after) == (Outcome.LATER, 50 * 3600.0)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("in/a%2Fb?sig=x%2By%3D&z=1+2", "/in/a%2Fb?sig=x%2By%3D&z=1+2"),
        ("büro", "/b%C3%BCro"),
    ],
)
async def test_a_url_is_asked_for_as_it_is_written(path: str, target: str) -> None:
    async with serving(answering(200)) as server:
        endpoint = server.http(path, method="PUT", headers={"Content-Type": "application/vnd.lead+json"})
        await endpoint.send(BODY)
        await endpoint.close()
    [request] = server.requests
    assert (request.method, request.target) == ("PUT", target)
    assert request.headers["content-type"] == "application/vnd.lead+json"


async def test_connections_are_reused_and_never_more_than_the_requests_in_flight() -> None:
    async with serving(answering(200)) as server:
        endpoint = server.hatch(max_in_flight=4)
        for _ in range(5):
            await endpoint.send(BODY)
        assert server.connections == 1
        for _ in range(5):
            await asyncio.gather(*(endpoint.send(BODY) for _ in range(4)))
        assert server.connections <= 4
        await endpoint.close()
        assert (await endpoint.send(BODY)).outcome is Outcome.ACCEPTED  # it opens again when it has to
        await endpoint.close()


async def test_p8_idle_connections_are_dropped_before_the_server_would(monkeypatch) -> None:
    assert _sender.IDLE_SECONDS < 2  # gunicorn's, the shortest in use
    monkeypatch.setattr(_sender, "IDLE_SECONDS", 0.0)  # so that no test waits for it
    async with serving(answering(200)) as server:
        endpoint = server.hatch()
        for _ in range(3):
            assert (await endpoint.send(BODY)).outcome is Outcome.ACCEPTED
            await asyncio.sleep(0)
        assert server.connections == 3
        await endpoint.close()
