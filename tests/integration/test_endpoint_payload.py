"""The body of a request knows whether any byte of it was handed to the network."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientConnectionResetError
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_writer import StreamWriter

from sync.endpoints._payload import Body
from tests.endpoint_server import Talk, serving


async def _listens(talk: Talk) -> None:
    await talk.silence()


async def connected(port: int) -> tuple[ResponseHandler, StreamWriter]:
    """Connect the way aiohttp does."""
    loop = asyncio.get_running_loop()
    _, protocol = await loop.create_connection(lambda: ResponseHandler(loop), "127.0.0.1", port)
    return protocol, StreamWriter(protocol, loop)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda protocol: protocol.transport.close(), id="closing"),
        pytest.param(lambda protocol: protocol.close(), id="closed"),
        pytest.param(lambda protocol: protocol.force_close(), id="of no further use"),
        pytest.param(lambda protocol: protocol.data_received(b"HTTP/1.1 200 OK\r\n\r\n"), id="spoke first"),
    ],
)
async def test_p8_nothing_is_written_to_a_connection_that_is_of_no_use(spoil) -> None:
    async with serving(_listens) as server, asyncio.timeout(10) as deadline:
        protocol, writer = await connected(server.port)
        before = deadline.when()
        spoil(protocol)
        body = Body(b"{}", deadline, 1.0)
        with pytest.raises(ClientConnectionResetError):
            await body.write(writer)
        assert (body.started, deadline.when()) == (None, before)
        protocol.close()


async def test_the_time_for_an_answer_begins_with_the_body() -> None:
    async with serving(_listens) as server, asyncio.timeout(10) as deadline:
        protocol, writer = await connected(server.port)
        body = Body(b"{}", deadline, 5.0)
        assert (body.started, body.size, body.content_type) == (None, 2, "application/json")
        await body.write(writer)
        assert body.started is not None
        assert deadline.when() == body.started + 5.0
        assert body.decode() == "{}"
        protocol.close()
