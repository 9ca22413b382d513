"""P5: what somebody puts away, holds or supersedes while it is being claimed is not sent."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from sync.states import State
from sync.store import restored
from sync.store.actions.discard import discard
from sync.store.staging import supersede
from sync.store.store import open_store
from sync.store.views.selection import Selection
from tests.scripted_source import ScriptedTable, at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sqlalchemy import Connection

    from sync.store.store import Store
    from tests.engine_world import World

_WAITING = text(
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
)


def put_away(connection: Connection) -> None:
    discard(connection, Selection(states=(State.PENDING,)), 1.0)


def hold_all(connection: Connection) -> None:
    restored.begin_holding(connection, "restored", ["crm"], None)


def give_way(connection: Connection) -> None:
    supersede(connection, list(range(1, 9)), 1.0)


@pytest.fixture
async def other(store_url: str, world: World) -> AsyncIterator[Store]:
    """The store of another process; eight leads wait in it."""
    assert isinstance(world.source, ScriptedTable)
    for number in range(8):
        world.source.put(str(number), f"Ada {number}", at(number))
    await world.sync()
    opened = open_store(store_url)
    yield opened
    opened.close()


async def meanwhile(world: World, other: Store, action: Callable[[Connection], None]) -> list[str]:
    """Claim while the other process has done something that it has not committed yet; return the keys."""
    done, commit = threading.Event(), threading.Event()

    def slowly(connection: Connection) -> None:
        action(connection)
        done.set()
        assert commit.wait(30)

    acting = asyncio.create_task(other.write(slowly))
    try:
        assert await asyncio.to_thread(done.wait, 30)
        claiming = asyncio.create_task(world.claim())
        await _answered_or_waiting(world.store, claiming)
    finally:
        commit.set()
        await acting
    return [each.key for each in await claiming]


async def _answered_or_waiting(store: Store, claiming: asyncio.Task[object]) -> None:
    """Wait until a claim is made, or can't be before the other process commits."""
    if store.url.get_backend_name() == "sqlite":
        return  # nobody can see who waits for its one writer, and it is never anything but that
    async with asyncio.timeout(30):
        while not claiming.done() and not await store.read(_somebody_waits):  # noqa: ASYNC110 - no event of ours
            await asyncio.sleep(0.01)


def _somebody_waits(connection: Connection) -> bool:
    return bool(connection.execute(_WAITING).scalar())


@pytest.mark.parametrize(
    ("action", "stand"),
    [(put_away, State.DISCARDED), (hold_all, State.HELD), (give_way, State.SUPERSEDED)],
    ids=["discarded", "held", "superseded"],
)
async def test_p5_what_is_taken_back_while_it_is_claimed_is_not_sent(
    world: World, other: Store, action: Callable[[Connection], None], stand: State
) -> None:
    assert await meanwhile(world, other, action) == []
    assert await world.versions() == {stand: 8}
    assert await world.deliver() == []


async def test_what_nobody_takes_back_is_claimed_meanwhile(world: World, other: Store) -> None:
    def some(connection: Connection) -> None:
        supersede(connection, [1, 2, 3], 1.0)

    assert await meanwhile(world, other, some) == ["3", "4", "5", "6", "7"]
    assert await world.versions() == {State.SUPERSEDED: 3, State.SENDING: 5}
