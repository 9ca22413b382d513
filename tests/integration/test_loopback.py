"""The web server that waits for a browser: what comes there that no browser sends."""

from __future__ import annotations

import asyncio

import pytest

from sources._http.token_store import MemoryTokenStore
from sources.oauth import AnotherAttempt, Attempt, OAuthApp, OAuthFlow
from sync.runtime.loopback import listening

FLOW = OAuthFlow(
    app=OAuthApp("https://vendor.example.com/token", "client", "s3cret"),
    authorize_url="https://vendor.example.com/authorize",
    store=MemoryTokenStore(),
)


async def _answered(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize(
    "line", ["", "GET", "GET /callback", "GET http://[ HTTP/1.1", "GET /callback?state=%FF HTTP/1.1"]
)
async def test_what_is_no_redirect_is_turned_away_and_ends_nothing(line: str) -> None:
    async with listening("http://127.0.0.1:0/callback") as loopback:
        attempt = FLOW.begun(loopback.redirect)
        waiting = asyncio.create_task(loopback.code(attempt, 10))
        await asyncio.sleep(0)
        port = int(loopback.redirect.rpartition(":")[2].partition("/")[0])
        assert (await _answered(port, f"{line}\r\n\r\n".encode())).startswith(b"HTTP/1.1 4")
        good = f"GET /callback?code=c0de&state={attempt.state} HTTP/1.1\r\n\r\n"
        assert (await _answered(port, good.encode())).startswith(b"HTTP/1.1 200 ")
        assert await waiting == "c0de"


async def test_after_a_no_that_is_not_told_the_page_says_what_may_have_happened() -> None:
    async with listening("http://127.0.0.1:0/callback") as loopback:
        waiting = asyncio.create_task(loopback.code(FLOW.begun(loopback.redirect), 10))
        await asyncio.sleep(0)
        port = int(loopback.redirect.rpartition(":")[2].partition("/")[0])
        page = await _answered(port, b"GET /callback HTTP/1.1\r\n\r\n")
        assert b"If you said no there, stop leadrelay" in page
        waiting.cancel()


@pytest.mark.parametrize("pasted", ["http://[", "http://[::1?code=c&state=s", "\n", "code=c"])
def test_what_is_pasted_and_no_address_of_ours_says_so(pasted: str) -> None:
    attempt: Attempt = FLOW.begun("http://127.0.0.1:8721/callback")
    with pytest.raises(AnotherAttempt, match="no attempt of ours"):
        attempt.code_of(pasted)
