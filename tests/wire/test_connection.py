"""One connection knows what it may be used for, and whose answer it reads."""

from __future__ import annotations

import asyncio

import pytest

from sync.endpoints._connection import Connection, NoAnswerError, NotHttpError
from tests.endpoint_server import Talk, response, serving

REQUEST = b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"


async def _listens(talk: Talk) -> None:
    await talk.silence()


async def connected(port: int) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return connection


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda connection: connection.close(), id="closed"),
        pytest.param(lambda connection: connection.data_received(response(200)), id="spoke first"),
        pytest.param(lambda connection: connection.connection_lost(None), id="lost"),
        pytest.param(lambda connection: connection.eof_received(), id="left by the other side"),
        pytest.param(lambda connection: connection.rest(0.0), id="rested too long"),
    ],
)
async def test_p8_a_connection_that_is_of_no_use_says_so(spoil) -> None:
    async with serving(_listens) as server:
        connection = await connected(server.port)
        assert connection.is_usable
        spoil(connection)
        assert not connection.is_usable
        connection.close()
        await connection.closed(1.0)


async def test_p8_an_answer_that_waits_unread_is_read_before_its_time_is_over() -> None:
    """As when the process was stopped meanwhile: timer and answer are due in the same moment."""
    async with serving(_listens) as server:
        connection = await connected(server.port)
        answer = connection.ask(REQUEST, 60.0)
        connection._is_late()
        connection.data_received(response(201))
        assert (await answer).status == 201
        connection.close()
        await connection.closed(1.0)


async def test_an_interim_answer_is_not_the_answer() -> None:
    async def goes_on(talk: Talk) -> None:
        await talk.request()
        await talk.say(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
        await talk.say(response(202, b"later", {"X-One": "1"}))
        await talk.silence()

    async with serving(goes_on) as server:
        connection = await connected(server.port)
        answer = await connection.ask(REQUEST, 5.0)
        assert (answer.status, answer.body, answer.whole) == (202, b"later", True)
        assert "link" not in answer.headers
        assert connection.is_usable
        connection.close()
        await connection.closed(1.0)


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nall of it", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nall of it", False),
    ],
)
async def test_an_answer_that_ends_with_the_connection(said: bytes, whole: bool) -> None:
    async def closes(talk: Talk) -> None:
        await talk.request()
        await talk.say(said)

    async with serving(closes) as server:
        connection = await connected(server.port)
        answer = await connection.ask(REQUEST, 5.0)
        assert (answer.status, answer.body, answer.whole) == (200, b"all of it", whole)
        assert not connection.is_usable


async def test_a_switch_of_protocols_is_an_answer_and_the_end() -> None:
    async def switches(talk: Talk) -> None:
        await talk.request()
        await talk.say(b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nwhatever")
        await talk.silence()

    async with serving(switches) as server:
        connection = await connected(server.port)
        assert (await connection.ask(REQUEST, 5.0)).status == 101
        assert not connection.is_usable


@pytest.mark.parametrize(
    ("said", "error"),
    [(b"", NoAnswerError), (b"HTTP/1.1 200", NoAnswerError), (b"SSH-2.0-OpenSSH\r\n", NotHttpError)],
)
async def test_p8_what_is_no_answer_fails(said: bytes, error: type[Exception]) -> None:
    async def says(talk: Talk) -> None:
        await talk.request()
        await talk.say(said)

    async with serving(says) as server:
        connection = await connected(server.port)
        with pytest.raises(error):
            await connection.ask(REQUEST, 5.0)
        assert not connection.is_usable


async def test_headers_of_one_name_stand_together_and_a_kept_connection_is_asked_again() -> None:
    async def twice(talk: Talk) -> None:
        for number in (1, 2):
            await talk.request()
            await talk.say(
                b"HTTP/1.1 200 OK\r\nVary: a\r\nVary: b\r\nX: %d\r\nContent-Length: 0\r\n\r\n" % number
            )
        await talk.silence()

    async with serving(twice) as server:
        connection = await connected(server.port)
        for number in ("1", "2"):
            headers = (await connection.ask(REQUEST, 5.0)).headers
            assert (headers["vary"], headers["x"]) == ("a, b", number)
        connection.close()
        await connection.closed(1.0)
    assert server.connections == 1


async def test_p8_half_an_answer_too_many_is_not_the_beginning_of_the_next_leads() -> None:
    async def says_too_much(talk: Talk) -> None:
        await talk.request()
        await talk.say(response(200), b"HTTP/1.1 200 OK\r\nContent-Le")
        await talk.silence()

    async with serving(says_too_much) as server:
        connection = await connected(server.port)
        assert (await connection.ask(REQUEST, 5.0)).status == 200
        assert not connection.is_usable
        connection.close()
        await connection.closed(1.0)
