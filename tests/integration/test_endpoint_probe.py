"""Asking whether an endpoint is there, without a lead."""

from __future__ import annotations

import pytest

from sync.endpoints import _dialing
from sync.endpoints.base import Outcome
from tests.endpoint_server import KEY, Talk, answering, hatch_at, once, saying, serving
from tests.local_server import free_port


async def probed(endpoint):
    receipt = await endpoint.probe()
    await endpoint.close()
    return receipt


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *[(status, Outcome.ACCEPTED) for status in (200, 204, 302, 303, 400, 404, 405, 410, 422, 501)],
        *[(status, Outcome.HALT) for status in (301, 307, 308, 401, 403, 407)],
        *[(status, Outcome.LATER) for status in (408, 429, 500, 502, 503, 504)],
    ],
)
async def test_p7_what_is_about_the_method_says_nothing_about_leads(status: int, outcome: Outcome) -> None:
    async with serving(answering(status)) as server:
        receipt = await probed(server.hatch())
    assert (receipt.outcome, receipt.status) == (outcome, status)
    [request] = server.requests
    assert (request.method, request.target, request.body) == ("GET", "/sales/newlead", b"")
    assert request.headers["x-api-key"] == KEY


async def test_a_webhook_is_never_asked_with_what_it_takes_for_an_event() -> None:
    async with serving(answering(403)) as server:
        receipt = await probed(server.http(headers={"Authorization": f"Bearer {KEY}"}))
    assert receipt.outcome is Outcome.ACCEPTED  # gateways forbid what nobody declared
    assert [request.method for request in server.requests] == ["OPTIONS"]


async def test_p10_a_refusal_says_why_without_the_key() -> None:
    async with serving(answering(401, b'{"errors":["no such key: %s"]}' % KEY.encode())) as server:
        receipt = await probed(server.hatch())
    assert receipt.detail == "401: no such key: [key] (are api_key and department_id right?)"


async def test_a_retry_after_is_heard_here_too() -> None:
    async with serving(answering(503, headers={"Retry-After": "120"})) as server:
        receipt = await probed(server.hatch())
    assert (receipt.outcome, receipt.retry_after) == (Outcome.LATER, 120.0)


async def _resets(talk: Talk) -> None:
    await talk.request()
    talk.reset()


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (_resets, "breaks the connection without an answer (Connection reset by peer)"),
        (once(b""), "ends the connection without an answer"),
        (saying(b"250 OK\r\n\r\n"), "answers with what is not HTTP"),
    ],
)
async def test_p7_a_server_that_fails_without_a_lead_is_asked_again_later(script, why: str) -> None:
    async with serving(script) as server:
        receipt = await probed(server.hatch())
    assert (receipt.outcome, receipt.detail) == (Outcome.LATER, f"127.0.0.1:{server.port} {why}")


async def test_p7_a_server_that_says_nothing_is_asked_again_later(monkeypatch) -> None:
    monkeypatch.setattr(_dialing, "CONNECT_SECONDS", 0.1)  # so that no test waits for it

    async def silent(talk: Talk) -> None:
        await talk.request()
        await talk.silence()

    async with serving(silent) as server:
        receipt = await probed(server.hatch(timeout="100ms"))
    assert receipt.outcome is Outcome.LATER
    assert receipt.detail == f"127.0.0.1:{server.port} does not answer in time"


async def test_p7_nobody_there() -> None:
    port = free_port()
    receipt = await probed(hatch_at(f"http://127.0.0.1:{port}/"))
    assert receipt.outcome is Outcome.LATER
    assert receipt.detail == f"no connection to 127.0.0.1:{port}: Connection refused"
    receipt = await probed(hatch_at("https://hatch.invalid/"))
    assert receipt.outcome is Outcome.HALT
