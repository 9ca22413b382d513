"""Dataverse's ways of saying "slow down" and "denied", each told by its name."""

from __future__ import annotations

import pytest

from sources.errors import Denied, RateLimited, Unavailable
from tests.crm_scene import keys, polled
from tests.doubles.base import Reply
from tests.doubles.dynamics import error
from tests.doubles.dynamics_tables import id_of
from tests.dynamics_scene import environment, fill

TABLE = "/leads$"


async def test_retry_after_is_waited_out_in_full() -> None:
    """Bold: the wait grows for those who ignore it."""
    async with environment() as (double, source):
        fill(double, 1)
        double.answer_next(error(429, "0x80072322", "Number of requests.", **{"Retry-After": "25"}), TABLE)
        before = double.clock.monotonic()
        assert keys(await polled(source)) == [id_of(1, "lead")]
        assert double.clock.monotonic() - before >= 25


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("0x80072322", "more than 6,000 requests of this user in five minutes"),
        ("0x80072321", "more than 20 minutes of computing"),
        ("0x80072326", "more than 52 requests of this user at the same time"),
    ],
)
async def test_each_of_the_three_limits_is_told_by_its_name(code: str, words: str) -> None:
    """Bold: three limits, per user and web server, in five minutes."""
    async with environment() as (double, source):
        double.answer_next(error(429, code, "Limit.", **{"Retry-After": "3600"}), TABLE)
        with pytest.raises(RateLimited, match=words) as caught:
            await polled(source)
    assert caught.value.retry_after == 3600


async def test_the_privilege_that_a_role_lacks_is_named() -> None:
    async with environment() as (double, source):
        double.lacks = "prvReadLead"
        with pytest.raises(Denied, match="lacks the privilege prvReadLead of the table lead"):
            await polled(source)


async def test_an_app_that_is_no_user_of_the_environment_is_told_how_it_becomes_one() -> None:
    async with environment() as (double, source):
        double.is_member = False
        with pytest.raises(Denied, match="add it as an application user in the Power Platform admin center"):
            await source.check()


async def test_a_token_that_was_ended_is_replaced_once_and_then_it_is_denied() -> None:
    async with environment() as (double, source):
        fill(double, 1)
        await polled(source)
        double.entra.end()
        assert keys(await polled(source)) == [id_of(1, "lead")]
        assert double.entra.granted == 2
        double.answer_next(Reply(status=401), TABLE, times=2)
        with pytest.raises(Denied, match="do `url` and `tenant` belong together"):
            await polled(source)


async def test_a_server_that_fails_is_asked_again_and_then_left_for_the_next_poll() -> None:
    async with environment() as (double, source):
        fill(double, 1)
        double.answer_next(Reply(status=503), TABLE)
        assert keys(await polled(source)) == [id_of(1, "lead")]
        double.answer_next(Reply(status=502), TABLE, times=20)
        with pytest.raises(Unavailable, match="502"):
            await polled(source)
