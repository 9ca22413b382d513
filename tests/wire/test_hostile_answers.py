"""Answers that are made to cost: what came back is read only as far as anybody could mean it."""

from __future__ import annotations

import time

import pytest

from sync.endpoints._connection import MOST_HEAD_BYTES, MOST_WIRE_BYTES, Connection
from sync.endpoints._exchange import MOST_BYTES
from sync.endpoints.base import Outcome
from tests.endpoint_server import once, serving
from tests.wire.test_connection import REQUEST, _listens, connected
from tests.wire.test_failures import sent_to

_CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_SOME = 65_536


async def _fed(connection: Connection, *parts: bytes) -> int:
    """Feed an answer as a socket does; returns how many bytes of it were taken before it was given up."""
    taken = 0
    for part in parts:
        for start in range(0, len(part), _SOME):
            if connection.is_at_rest:
                return taken
            some = part[start : start + _SOME]
            connection.data_received(some)
            taken += len(some)
    return taken


async def test_p9_an_answer_in_chunks_of_one_byte_costs_what_its_bytes_cost() -> None:
    async with serving(_listens) as server:
        connection = await connected(server.port)
        answer = connection.ask(REQUEST, 60.0)
        began = time.process_time()
        await _fed(connection, _CHUNKS, b"1\r\nx\r\n" * (MOST_BYTES - 1), b"0\r\n\r\n")
        assert time.process_time() - began < 1.5, "each byte copied all those before it"
        found = await answer
        assert (len(found.body), found.whole) == (MOST_BYTES - 1, True)
        connection.close()
        await connection.closed(1.0)


@pytest.mark.parametrize(
    ("endless", "most"),
    [
        pytest.param(b"2\r\n{}\r\n0\r\n" + b"a: b\r\n" * 500_000, 4 * MOST_HEAD_BYTES, id="same trailers"),
        pytest.param(
            b"2\r\n{}\r\n0\r\n" + b"".join(b"a%d: b\r\n" % number for number in range(300_000)),
            4 * MOST_HEAD_BYTES,
            id="other trailers",
        ),
        pytest.param(b"2\r\n{}\r\n0\r\na: " + b"x" * 5_000_000, MOST_WIRE_BYTES, id="one trailer"),
        pytest.param(b"2;a=" + b"x" * 5_000_000, MOST_WIRE_BYTES, id="a remark on a chunk"),
    ],
)
async def test_p9_an_answer_without_end_is_given_up_long_before_its_time_is_over(endless, most: int) -> None:
    async with serving(_listens) as server:
        connection = await connected(server.port)
        answer = connection.ask(REQUEST, 60.0)
        taken = await _fed(connection, _CHUNKS, endless)
        assert taken <= most + 2 * _SOME
        found = await answer
        assert (found.status, found.whole) == (200, False)
        assert not connection.is_usable
        await connection.closed(1.0)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b'{"errors":["phoneNum', Outcome.UNKNOWN),
        (b' {"data":tr', Outcome.UNKNOWN),
        (b'{"data":true}\n', Outcome.ACCEPTED),
        (b'{"errors":["phoneNumber"]}', Outcome.REJECTED),
        (b"true", Outcome.ACCEPTED),
        (b"", Outcome.ACCEPTED),
    ],
)
async def test_p8_an_object_that_breaks_off_with_its_connection_may_have_held_errors(body, outcome) -> None:
    receipt = await sent_to(once(b"HTTP/1.1 200 OK\r\n\r\n" + body))
    assert (receipt.outcome, receipt.status) == (outcome, 200)
