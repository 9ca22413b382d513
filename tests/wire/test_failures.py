"""What an endpoint makes of networks and servers that fail, at every moment of a request."""

from __future__ import annotations

import asyncio
import ssl

import pytest

from sync.endpoints import _dialing
from sync.endpoints.base import Outcome
from tests.endpoint_server import (
    BODY,
    KEY,
    SAID,
    Talk,
    answering,
    certificate,
    hatch_at,
    once,
    response,
    saying,
    serving,
)
from tests.local_server import free_port


async def sent_to(script, **settings):
    async with serving(script) as server:
        endpoint = server.hatch(**settings)
        receipt = await endpoint.send(BODY)
        await endpoint.close()
    return receipt


async def sent(endpoint):
    receipt = await endpoint.send(BODY)
    await endpoint.close()
    return receipt


@pytest.fixture(autouse=True)
def _authorities_read_anew():
    _dialing._context.cache_clear()
    yield
    _dialing._context.cache_clear()


def trusting(monkeypatch, authority) -> None:
    """Trust an authority as OpenSSL lets everybody do it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))


async def test_p7_a_connection_that_is_refused_sends_nothing() -> None:
    port = free_port()
    receipt = await sent(hatch_at(f"http://127.0.0.1:{port}/"))
    assert (receipt.outcome, receipt.status) == (Outcome.LATER, None)
    assert receipt.detail == f"no connection to 127.0.0.1:{port}: Connection refused"


async def test_p7_a_name_that_is_nobodys_halts() -> None:
    receipt = await sent(hatch_at("https://hatch.invalid/"))
    assert receipt.outcome is Outcome.HALT
    assert receipt.detail.startswith("the host name in hatch.invalid:443 can't be resolved (")


async def test_p7_a_certificate_that_nobody_vouches_for_halts(tmp_path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(tmp_path))
    async with serving(answering(200), context) as server:
        receipt = await sent(server.hatch())
    assert receipt.outcome is Outcome.HALT
    assert (
        receipt.detail == f"the certificate of 127.0.0.1:{server.port} is not valid: self-signed certificate"
    )
    assert server.requests == []


async def test_leads_go_through_tls(tmp_path, monkeypatch) -> None:
    made, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    trusting(monkeypatch, made)
    async with serving(answering(200), context) as server:
        endpoint = server.hatch()
        for _ in range(3):
            assert (await endpoint.send(BODY)).outcome is Outcome.ACCEPTED
        await endpoint.close()
        assert server.connections == 1
    async with serving(_resets, context) as server:
        assert (await sent(server.hatch())).outcome is Outcome.UNKNOWN


async def test_p7_a_certificate_for_another_host_halts(tmp_path, monkeypatch) -> None:
    made, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    trusting(monkeypatch, made)
    async with serving(answering(200), context) as server:
        receipt = await sent(hatch_at(f"https://localhost:{server.port}/"))
    assert receipt.outcome is Outcome.HALT
    assert "Hostname mismatch" in receipt.detail


async def test_p7_a_server_without_tls_halts() -> None:
    async def says_so(talk: Talk) -> None:
        await talk.say(response(400, b"The plain HTTP request was sent to HTTPS port"))
        await talk.silence()

    async with serving(says_so) as server:
        receipt = await sent(hatch_at(f"https://127.0.0.1:{server.port}/"))
    assert receipt.outcome is Outcome.HALT
    assert receipt.detail.startswith(f"127.0.0.1:{server.port} does not speak TLS with us (")


async def test_p7_a_connection_that_is_not_made_in_time_sends_nothing(monkeypatch) -> None:
    monkeypatch.setattr(_dialing, "CONNECT_SECONDS", 0.1)  # so that no test waits for it

    async def never_shakes_hands(talk: Talk) -> None:
        await talk.silence()

    async with serving(never_shakes_hands) as server:
        receipt = await sent(hatch_at(f"https://127.0.0.1:{server.port}/"))
    assert (receipt.outcome, receipt.detail) == (
        Outcome.LATER,
        f"no connection to 127.0.0.1:{server.port} in time",
    )


async def _resets(talk: Talk) -> None:
    await talk.request()
    talk.reset()


async def _closes(talk: Talk) -> None:
    await talk.request()


async def _half_closes(talk: Talk) -> None:
    await talk.request()
    talk.half_close()
    await talk.silence()


async def _resets_within_the_answer(talk: Talk) -> None:
    await talk.request()
    await talk.say('HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"da')
    talk.reset()


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (_resets, "the connection broke before an answer came (Connection reset by peer)"),
        (_closes, "the connection was closed without an answer"),
        (_half_closes, "the connection was closed without an answer"),
        (once(b"220 mail.example.com ESMTP\r\n\r\n"), "what came back is not HTTP"),
        (once(b"\x00\xff" * 50 + b"\r\n\r\n"), "what came back is not HTTP"),
        (once(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n"), "what came back is not HTTP"),
        (once(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000), "what came back is not HTTP"),
        (once(b"HTTP/1.1 2"), "the connection was closed without an answer"),
    ],
)
async def test_p8_what_goes_wrong_after_the_body_is_an_unknown_outcome(script, why: str) -> None:
    receipt = await sent_to(script)
    assert receipt.outcome is Outcome.UNKNOWN
    assert receipt.status is None
    assert receipt.detail.endswith(f", and {why}")
    assert receipt.seconds > 0


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(_resets_within_the_answer, id="reset"),
        pytest.param(once(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), id="closed"),
        pytest.param(once(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"), id="chunks"),
        pytest.param(once(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{"), id="no chunks"),
        pytest.param(saying(response(200, b"no gzip", {"Content-Encoding": "gzip"})), id="no gzip"),
        pytest.param(saying(response(200, b'{"data":"' + b"x" * 300_000 + b'"}')), id="too long"),
    ],
)
async def test_p8_a_success_that_breaks_off_may_have_held_errors(script) -> None:
    receipt = await sent_to(script)
    assert (receipt.outcome, receipt.status) == (Outcome.UNKNOWN, 200)
    assert receipt.detail == "200: the answer broke off before its end, or was too long to read"


@pytest.mark.parametrize("extra", [0, 4_000_000])
async def test_an_answer_that_does_not_wait_for_the_body_counts(extra: int) -> None:
    async def too_much(talk: Talk) -> None:
        await talk.head()
        await talk.say(response(413, b"too much", {"Connection": "close"}))
        await left.wait()

    left = asyncio.Event()
    async with serving(too_much) as server:
        endpoint = server.hatch()
        receipt = await endpoint.send(BODY + b" " * extra)
        left.set()
        await endpoint.close()
    assert (receipt.outcome, receipt.detail) == (Outcome.REJECTED, "413: too much")


async def test_a_refusal_that_breaks_off_is_still_one() -> None:
    for status, outcome in ((400, Outcome.REJECTED), (401, Outcome.HALT), (503, Outcome.LATER)):
        receipt = await sent_to(once(f"HTTP/1.1 {status} x\r\nContent-Length: 99\r\n\r\nno".encode()))
        assert (receipt.outcome, receipt.status) == (outcome, status)


async def test_p8_a_server_that_says_nothing_is_an_unknown_outcome() -> None:
    async def silent(talk: Talk) -> None:
        await talk.request()
        await talk.silence()

    receipt = await sent_to(silent, timeout="200ms")
    assert receipt.outcome is Outcome.UNKNOWN
    assert receipt.detail.endswith(", and no answer came within 0.2 seconds")
    assert receipt.seconds == pytest.approx(0.2, abs=0.15)


async def test_p8_a_server_that_never_comes_to_an_end_is_one_too() -> None:
    async def drips(talk: Talk) -> None:
        await talk.request()
        await talk.say("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")
        await talk.silence()

    receipt = await sent_to(drips, timeout="200ms")
    assert (receipt.outcome, receipt.status) == (Outcome.UNKNOWN, 200)


async def test_p8_an_answer_nobody_asked_for_is_not_taken_for_the_next_leads() -> None:
    async def talks_twice(talk: Talk) -> None:
        await talk.request()
        await talk.say(response(200), response(200))
        await talk.silence()

    async with serving(talks_twice) as server:
        endpoint = server.hatch()
        assert (await endpoint.send(BODY)).outcome is Outcome.ACCEPTED
        outcomes = [(await endpoint.send(BODY)).outcome for _ in range(6)]
        await endpoint.close()
    assert 1 + outcomes.count(Outcome.ACCEPTED) == len(server.requests)
    assert set(outcomes) <= {Outcome.ACCEPTED, Outcome.LATER}


async def test_p8_a_408_said_to_an_idle_connection_is_not_taken_for_an_answer() -> None:
    async def gives_up(talk: Talk) -> None:
        await talk.request()
        await talk.say(response(200))
        await talk.say(response(408, headers={"Connection": "close"}))

    async with serving(gives_up) as server:
        endpoint = server.hatch()
        outcomes = [(await endpoint.send(BODY)).outcome for _ in range(6)]
        await endpoint.close()
    assert outcomes.count(Outcome.ACCEPTED) == len(server.requests)
    assert set(outcomes) <= {Outcome.ACCEPTED, Outcome.LATER}


@pytest.mark.parametrize("status", [200, 408, 503])
async def test_p8_what_came_before_the_lead_was_sent_is_not_its_answer(status: int) -> None:
    async def speaks_unasked(talk: Talk) -> None:
        await talk.request()
        await talk.say(response(200 if not spoken.is_set() else 400))
        await answered.wait()
        await talk.say(response(status))
        spoken.set()
        await talk.silence()

    answered, spoken = asyncio.Event(), asyncio.Event()
    async with serving(speaks_unasked) as server:
        endpoint = server.hatch()
        assert (await endpoint.send(BODY)).outcome is Outcome.ACCEPTED
        answered.set()
        await spoken.wait()
        for _ in range(20):  # it is in the socket already; the loop has to come by
            await asyncio.sleep(0)
        receipt = await endpoint.send(BODY)
        await endpoint.close()
    assert receipt.status == 400
    assert (len(server.requests), server.connections) == (2, 2)


async def test_p2_nothing_is_repeated_behind_deliverys_back() -> None:
    async def closes_on_the_second(talk: Talk) -> None:
        await talk.request()
        await talk.say(response(200))
        await talk.request()

    for method in ("PUT", "POST"):  # clients like to repeat a PUT by themselves
        async with serving(closes_on_the_second) as server:
            endpoint = server.http(method=method)
            assert (await endpoint.send(BODY)).outcome is Outcome.ACCEPTED
            assert (await endpoint.send(BODY)).outcome is Outcome.UNKNOWN
            await endpoint.close()
        assert len(server.requests) == 2


async def test_cancelling_passes_through_and_drops_the_connection() -> None:
    left = asyncio.Event()

    async def waits(talk: Talk) -> None:
        await talk.request()
        arrived.set()
        await talk.silence()
        left.set()

    arrived = asyncio.Event()
    async with serving(waits) as server:
        endpoint = server.hatch()
        task = asyncio.create_task(endpoint.send(BODY))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(left.wait(), 10)
        await endpoint.close()


async def test_p10_no_failure_names_the_key_or_the_lead() -> None:
    for script in (_resets, _closes, once(BODY + KEY.encode() + b"\r\n\r\n"), _resets_within_the_answer):
        receipt = await sent_to(script)
        assert [text for text in (*SAID, KEY) if text in receipt.detail.lower()] == []


async def test_one_endpoint_is_used_from_run_to_run() -> None:
    async with serving(answering(200)) as server:
        endpoint = server.hatch()
        await endpoint.close()  # before the first request there is nothing to close
        assert (await endpoint.send(BODY)).outcome is Outcome.ACCEPTED
        await endpoint.close()
        await endpoint.close()
