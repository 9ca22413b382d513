"""The server that takes webhooks, over real connections."""

from __future__ import annotations

import asyncio
import hmac
import socket
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
import pytest

from sync.hooks.app import MOST_BYTES, HookApp
from sync.hooks.kinds import HmacHook, PipedriveHook
from sync.hooks.server import HookServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SECRET = b"s3cret"
#: A request that is answered, and keeps its connection.
SERVED = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
HOOKS = {
    "crm": HmacHook.model_validate(
        {"type": "hmac", "secret": "s3cret", "header": "X-Signature", "verify_token": "w0rd"}
    ),
    "deals": PipedriveHook.model_validate({"type": "pipedrive", "user": "me", "password": "pw"}),
}


@dataclass
class Desk:
    """A running server, and what it rang for and refused."""

    url: str = ""
    rung: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@asynccontextmanager
async def answering() -> AsyncIterator[tuple[Desk, httpx.AsyncClient]]:
    desk = Desk()
    app = HookApp(desk.rung.append, desk.refused.append, lambda: 1_790_000_000.0)
    app.take(HOOKS, "https://hooks.example.com")
    server = HookServer(app, ("127.0.0.1", 0))
    await server.start()
    desk.url = server.url
    try:
        async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
            yield desk, client
    finally:
        await server.stop()


def signed(body: bytes) -> dict[str, str]:
    return {"X-Signature": hmac.new(SECRET, body, "sha256").hexdigest()}


async def test_a_genuine_call_rings_for_its_source() -> None:
    async with answering() as (desk, client):
        body = b'{"phone": "(804) 555-0101"}'
        answer = await client.post("/hooks/crm", content=body, headers=signed(body))
        assert (answer.status_code, answer.content) == (200, b"")
        assert (await client.post("/hooks/deals", auth=("me", "pw"))).status_code == 200
        assert desk.rung == ["crm", "deals"]
        assert desk.refused == []


async def test_whoever_can_not_prove_it_is_refused_and_told_nothing() -> None:
    async with answering() as (desk, client):
        for answer in (
            await client.post("/hooks/crm", content=b"{}"),
            await client.post("/hooks/crm", content=b"{ }", headers=signed(b"{}")),
            await client.post("/hooks/deals", auth=("me", "px")),
        ):
            assert (answer.status_code, answer.content) == (401, b"")
            assert "server" not in answer.headers
            assert "www-authenticate" not in answer.headers
        assert (desk.rung, desk.refused) == ([], ["crm", "crm", "deals"])


@pytest.mark.parametrize(
    "path", ["/", "/hooks", "/hooks/", "/hooks/other", "/hooks/crm/", "/HOOKS/crm", "/crm"]
)
async def test_what_is_not_there_is_not_found(path: str) -> None:
    async with answering() as (desk, client):
        answer = await client.post(path, content=b"{}", headers=signed(b"{}"))
        assert (answer.status_code, answer.content) == (404, b"")
        assert desk.rung == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "HEAD"])
async def test_other_methods_are_none(method: str) -> None:
    async with answering() as (desk, client):
        answer = await client.request(method, "/hooks/crm", headers=signed(b""))
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        assert desk.rung == []


async def test_a_subscription_gets_its_challenge_back() -> None:
    async with answering() as (desk, client):
        asked = {"hub.mode": "subscribe", "hub.challenge": "<b>42</b>", "hub.verify_token": "w0rd"}
        answer = await client.get("/hooks/crm", params=asked)
        assert (answer.status_code, answer.text) == (200, "<b>42</b>")
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert (await client.get("/hooks/crm", params={**asked, "hub.verify_token": "x"})).status_code == 405
        assert (await client.get("/hooks/deals", params=asked)).status_code == 405
        assert desk.rung == []


async def test_a_body_that_says_it_is_too_large_is_not_read() -> None:
    async with answering() as (desk, _):
        said = await _raw(
            desk, f"POST /hooks/crm HTTP/1.1\r\nHost: x\r\nContent-Length: {MOST_BYTES + 1}\r\n\r\n"
        )
        assert said.startswith("HTTP/1.1 413 ")
        assert desk.rung == []


async def test_a_body_that_turns_out_too_large_is_not_read_to_its_end() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(MOST_BYTES // 50_000 + 1):
            yield b" " * 50_000

    async with answering() as (desk, client):
        answer = await client.post("/hooks/crm", content=endless())
        assert answer.status_code == 413
        assert (await client.post("/hooks/deals", auth=("me", "pw"))).status_code == 200
        assert desk.rung == ["deals"]


async def test_a_body_of_the_most_that_is_taken() -> None:
    body = b" " * MOST_BYTES
    async with answering() as (desk, client):
        assert (await client.post("/hooks/crm", content=body, headers=signed(body))).status_code == 200
        assert desk.rung == ["crm"]


async def test_a_caller_who_hangs_up_rings_for_nothing() -> None:
    async with answering() as (desk, client):
        host, port = desk.url.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /hooks/deals HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert (await client.post("/hooks/deals", auth=("me", "pw"))).status_code == 200
        assert (desk.rung, desk.refused) == (["deals"], [])


async def test_what_is_no_http_does_no_harm(capfd: pytest.CaptureFixture[str]) -> None:
    async with answering() as (desk, client):
        assert "400" in await _raw(desk, "hello there\r\n\r\n")
        assert (await client.post("/hooks/deals", auth=("me", "pw"))).status_code == 200
    assert capfd.readouterr() == ("", "")


async def test_an_address_that_is_taken_is_an_error_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(OSError):
        HookServer(HookApp(print, print, lambda: 0.0), other.getsockname())


async def test_what_was_stopped_can_be_had_again() -> None:
    async with answering() as (desk, client):
        assert (await client.post("/hooks/deals", auth=("me", "pw"))).status_code == 200
    again = HookServer(HookApp(print, print, lambda: 0.0), ("127.0.0.1", int(desk.url.rpartition(":")[2])))
    await again.stop()  # before it was started


@pytest.mark.parametrize("begun", ["", "POST /hooks/crm HTTP/1.1\r\nHost: x\r\n", SERVED + "POST /ho"])
async def test_who_does_not_go_on_asking_is_let_go(begun: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.hooks.connection.PATIENCE", 0.05)
    async with answering() as (desk, client):
        assert (await _raw(desk, begun)).startswith("HTTP/1.1 404 " if begun.startswith(SERVED) else "")
        assert (await client.post("/hooks/deals", auth=("me", "pw"))).status_code == 200


async def test_who_is_slow_with_a_body_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.hooks.connection.PATIENCE", 0.02)

    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(10):
            await asyncio.sleep(0.02)
            yield b" "

    async with answering() as (desk, client):
        answer = await client.post("/hooks/crm", content=slowly(), headers=signed(b" " * 10))
        assert (answer.status_code, desk.rung) == (200, ["crm"])


async def test_connections_are_not_taken_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.hooks.connection.MOST", 3)
    async with answering() as (desk, _):
        host, port = desk.url.removeprefix("http://").split(":")
        idle = [await asyncio.open_connection(host, int(port)) for _ in range(3)]
        said = ""
        with suppress(OSError):
            said = await _raw(desk, SERVED.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
        assert said == ""
        for _, writer in idle:
            writer.close()


async def test_headers_without_end_are_not_taken() -> None:
    async with answering() as (desk, client):
        host, port = desk.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /hooks/crm HTTP/1.1\r\nHost: x\r\n" + b"X-Long: " + b"a" * 200_000)
        assert (await asyncio.wait_for(reader.readline(), 10)).startswith(b"HTTP/1.1 400 ")
        writer.close()
        assert (await client.post("/hooks/deals", auth=("me", "pw"))).status_code == 200


async def _raw(desk: Desk, request: str) -> str:
    """Send bytes, and return the answer, which ends with the connection."""
    host, port = desk.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request.encode())
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    return answer.decode()
