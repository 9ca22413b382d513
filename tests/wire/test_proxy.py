"""Through a proxy that the environment names."""

from __future__ import annotations

import ssl
from contextlib import asynccontextmanager

import pytest

from sync.endpoints import _dialing
from sync.endpoints.base import Outcome
from sync.endpoints.http import Http
from tests.endpoint_server import BODY, Talk, answering, certificate, hatch_at, once, serving
from tests.local_server import free_port

#: Of ``user:pass``.
PAIR = "Basic dXNlcjpwYXNz"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def sent(endpoint):
    receipt = await endpoint.send(BODY)
    await endpoint.close()
    return receipt


@asynccontextmanager
async def tunnelling(port: int):
    """Run a proxy that makes every tunnel, to the same local server."""

    async def relays(talk: Talk) -> None:
        await talk.request()
        await talk.say(b"HTTP/1.1 200 Connection established\r\nContent-Length: 0\r\n\r\n")
        await talk.relay(port)

    async with serving(relays) as proxy:
        yield proxy


async def test_a_proxy_is_asked_for_the_whole_address(monkeypatch) -> None:
    async with serving(answering(200)) as server:
        monkeypatch.setenv("http_proxy", f"http://user:pass@127.0.0.1:{server.port}")
        receipt = await sent(Http(Http.Settings.model_validate({"url": "http://leads.test/new"})))
    assert receipt.outcome is Outcome.ACCEPTED
    [request] = server.requests
    assert request.target == "http://leads.test/new"
    assert request.headers["proxy-authorization"] == PAIR
    assert request.body == BODY


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(403, Outcome.HALT), (407, Outcome.HALT), (502, Outcome.LATER), (503, Outcome.LATER)],
)
async def test_p10_a_proxy_that_makes_no_tunnel_is_sent_no_lead_and_no_key(
    monkeypatch, status, outcome
) -> None:
    async with serving(answering(status)) as server:
        monkeypatch.setenv("HTTPS_PROXY", f"user:pass@127.0.0.1:{server.port}")
        receipt = await sent(hatch_at("https://hatch.example.com/"))
    assert receipt.outcome is outcome
    assert receipt.detail == f"the proxy on the way to hatch.example.com:443 answered {status}"
    [request] = server.requests
    assert (request.method, request.body) == ("CONNECT", b"")
    assert request.headers["proxy-authorization"] == PAIR
    assert "x-api-key" not in request.headers


async def test_a_tunnel_through_a_proxy_leads_to_tls_with_the_server(monkeypatch, tmp_path) -> None:
    made, key = certificate(tmp_path, "DNS:leads.test")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    _dialing._context.cache_clear()
    async with serving(answering(200), context) as server, tunnelling(server.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:pass@127.0.0.1:{proxy.port}")
        endpoint = Http(Http.Settings.model_validate({"url": "https://leads.test/new"}))
        for _ in range(2):
            assert (await endpoint.send(BODY)).outcome is Outcome.ACCEPTED
        await endpoint.close()
    _dialing._context.cache_clear()
    assert [request.target for request in server.requests] == ["/new", "/new"]
    assert {request.headers["host"] for request in server.requests} == {"leads.test"}
    assert "proxy-authorization" not in server.requests[0].headers
    assert [(request.method, request.target) for request in proxy.requests] == [("CONNECT", "leads.test:443")]


@pytest.mark.parametrize(
    ("said", "why"),
    [(b"", "ends the connection without an answer"), (b"250 OK\r\n\r\n", "answers with what is not HTTP")],
)
async def test_p7_a_proxy_that_is_none(monkeypatch, said: bytes, why: str) -> None:
    async with serving(once(said)) as server:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.port}")
        receipt = await sent(hatch_at("https://hatch.example.com/"))
    assert receipt.outcome is Outcome.LATER
    assert receipt.detail == f"the proxy on the way to hatch.example.com:443 {why}"


async def test_p7_a_proxy_that_is_not_there(monkeypatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    receipt = await sent(hatch_at("https://hatch.example.com/"))
    assert receipt.outcome is Outcome.LATER
    assert receipt.detail == (
        "no connection to the proxy on the way to hatch.example.com:443: Connection refused"
    )


async def test_this_machine_and_what_no_proxy_names_are_asked_directly(monkeypatch) -> None:
    async with serving(answering(200)) as server:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
        assert (await sent(server.hatch())).outcome is Outcome.ACCEPTED
        monkeypatch.setenv("NO_PROXY", "localhost,.invalid")
        receipt = await sent(hatch_at("https://hatch.invalid/"))
    assert receipt.detail.startswith("the host name in hatch.invalid:443 can't be resolved")


@pytest.mark.parametrize("named", ["http://user:p#ss@127.0.0.1:3128", "http://127.0.0.1:port", "http://"])
async def test_p7_a_proxy_that_cant_be_read_halts_and_spends_no_lead(monkeypatch, named: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", named)
    endpoint = hatch_at("https://hatch.example.com/")
    for receipt in (await endpoint.send(BODY), await endpoint.probe()):
        assert receipt.outcome is Outcome.HALT
        assert receipt.detail.startswith("the proxy that HTTPS_PROXY names can't be read")
    await endpoint.close()


async def test_a_tunnel_to_a_host_beyond_ascii_is_asked_for_by_its_name_in_dns(monkeypatch) -> None:
    async with serving(answering(503)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        receipt = await sent(Http(Http.Settings.model_validate({"url": "https://straße.test/new"})))
    assert receipt.outcome is Outcome.LATER
    [request] = proxy.requests
    assert (request.target, request.headers["host"]) == ("xn--strae-oqa.test:443",) * 2
