"""P7: what a person says with `retry` reaches whoever delivers, and is heard once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import pytest

from sync.endpoints.base import Outcome, Receipt
from sync.states import State
from sync.store.trying import is_to_be_tried, try_again
from sync.store.views.repeated import count_repeated, list_repeated
from tests.delivery_kit import (
    ACCEPTED,
    BUSY,
    NO_ANSWER,
    QUICK,
    REFUSED,
    Desk,
    ScriptedEndpoint,
    attempts,
    opened,
    stage,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sync.store.store import Store
    from sync.store.trying import Failing

T = TypeVar("T")
SLOW = replace(QUICK, first_pause_halted=3600.0, longest_pause=3600.0)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path) -> Iterator[Store]:
    """A store of each kind."""
    with opened(request, request.param) as store:
        yield store


async def until(found: Callable[[], T]) -> T:
    """Look, as a person would, until there is something; return it."""
    async with asyncio.timeout(30):
        while not (there := found()):  # noqa: ASYNC110 - what another process wrote is no event of ours
            await asyncio.sleep(0.01)
    return there


def wish(store: Store) -> list[Failing]:
    return store.write_now(lambda connection: try_again(connection, store.clock()))


def wished(store: Store) -> bool:
    return store.read_now(lambda connection: is_to_be_tried(connection, "default"))


async def test_p7_a_wish_is_heard_by_a_courier_that_pauses(store: Store) -> None:
    mended = asyncio.Event()
    endpoint = ScriptedEndpoint(lambda *_: ACCEPTED if mended.is_set() else REFUSED)
    desk = Desk(store, endpoint, SLOW)
    stage(store, ["1"])
    delivering = asyncio.create_task(desk.deliver(None))
    await until(lambda: attempts(store) == ["halt"])
    mended.set()
    (failing,) = await until(lambda: wish(store))
    assert (failing.endpoint, failing.state, failing.left_alone_until) == ("default", "halted", None)
    await until(lambda: desk.states() == {"accepted": 1})
    desk.courier.stop()
    await delivering
    assert not wished(store)
    assert wish(store) == []


async def test_p7_a_wish_that_is_heard_in_vain_costs_one_request(store: Store) -> None:
    desk = Desk(store, ScriptedEndpoint(lambda *_: REFUSED), SLOW)
    stage(store, ["1"])
    delivering = asyncio.create_task(desk.deliver(None))
    for tries in (1, 2, 3):
        await until(lambda goal=tries: len(attempts(store)) >= goal)
        assert not wished(store)
        assert attempts(store) == ["halt"] * tries
        await until(lambda: wish(store))
    desk.courier.stop()
    await delivering


async def test_p7_a_retry_after_stands_against_a_wish(store: Store) -> None:
    told = Receipt(Outcome.LATER, "429", 429, retry_after=3600.0)
    desk = Desk(store, ScriptedEndpoint(lambda *_: told), SLOW)
    stage(store, ["1"])
    await desk.deliver()
    (failing,) = wish(store)
    assert failing.left_alone_until is not None
    assert failing.left_alone_until > store.clock() + 3000
    assert not wished(store)


async def test_p8_what_was_accepted_after_an_unknown_outcome_is_listed(store: Store) -> None:
    answers = {"1": [NO_ANSWER, NO_ANSWER, ACCEPTED], "2": [ACCEPTED], "3": [BUSY, ACCEPTED]}
    desk = Desk(store, ScriptedEndpoint(lambda key, number: answers[key][number - 1]))
    stage(store, ["1", "2", "3"])
    await desk.deliver(30.0)
    (row,) = store.read_now(lambda connection: list_repeated(connection, None, 10))
    assert (row.id, row.state, row.tries) == ("crm:1", State.ACCEPTED, 3)
    assert row.reason == "possibly repeated: 2 earlier requests were never answered"
    assert store.read_now(lambda connection: count_repeated(connection, "crm")) == {State.ACCEPTED: 1}
    assert store.read_now(lambda connection: count_repeated(connection, "other")) == {State.ACCEPTED: 0}
    assert store.read_now(lambda connection: list_repeated(connection, "crm", 10, row.cursor)) == []
