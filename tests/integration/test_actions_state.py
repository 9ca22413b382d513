"""`pause`, `resume` and `state reset` on a real store."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import func, select

from sources.units import parse_rate
from sync.states import State
from sync.store import tables
from sync.store.actions import pausing
from sync.store.actions.resetting import InUse, reset_all, reset_position
from sync.store.pauses import is_paused
from tests.scripted_source import at, record
from tests.store_scene import fill


def reset(world, first_sync="everything"):
    store = world.store
    store.write_now(
        lambda connection: reset_position(connection, store.leases, world.scope, first_sync, store.clock())
    )


def forget(world):
    store = world.store
    return store.write_now(lambda connection: reset_all(connection, store.leases, world.scope, store.clock()))


def test_pausing_twice_and_resuming_twice_changes_nothing_more(store, clock):
    scope = pausing.source_scope("crm")
    assert store.write_now(lambda connection: pausing.pause(connection, scope, clock()))
    assert not store.write_now(lambda connection: pausing.pause(connection, scope, clock()))
    assert store.read_now(lambda connection: is_paused(connection, scope))
    assert store.write_now(lambda connection: pausing.resume(connection, scope))
    assert not store.write_now(lambda connection: pausing.resume(connection, scope))
    assert not store.read_now(lambda connection: is_paused(connection, scope))


async def test_nothing_of_a_paused_source_is_claimed(world, clock):
    world.source.rows["1"] = record("1", changed=at(1))
    await world.sync()
    world.store.write_now(lambda connection: pausing.pause(connection, pausing.source_scope("crm"), clock()))
    assert await world.claim() == []
    world.store.write_now(lambda connection: pausing.resume(connection, pausing.source_scope("crm")))
    assert len(await world.claim()) == 1


async def test_p2_a_reread_with_the_ledger_kept_sends_nothing(world):
    for number in range(5):
        world.source.rows[str(number)] = record(str(number), changed=at(number))
    await world.sync()
    await world.deliver()
    reset(world)
    result = await world.sync()
    assert (result.counts.polled, result.counts.unchanged) == (5, 5)
    assert await world.deliver() == []


async def test_a_reread_sends_what_was_missed(world):
    world.source.rows["2"] = record("2", "Grace", changed=at(50))
    await world.sync()
    await world.deliver()
    world.source.rows["1"] = record("1", "Ada", changed=at(1))  # committed late, beyond the look-back
    await world.sync()
    assert await world.deliver() == []
    reset(world)
    world.max_sends = parse_rate("10/h")
    await world.sync()
    assert await world.deliver() == [("1", "Ada")]


async def test_p5_a_reread_after_first_sync_now_takes_over_what_it_left_out(world):
    world.first_sync = "now"
    for number in range(5):
        world.source.rows[f"old{number}"] = record(f"old{number}", changed=at(number))
    await world.sync()
    world.source.rows["new"] = record("new", changed=at(60))
    await world.sync()
    assert await world.deliver() == [("new", "Ada")]
    reset(world, "now")
    await world.sync()
    assert await world.deliver() == []
    world.source.rows["newer"] = record("newer", changed=at(90))
    await world.sync()
    assert await world.deliver() == [("newer", "Ada")]


async def test_p5_a_reread_after_a_first_sync_from_a_date_keeps_to_the_date(world):
    world.first_sync = at(10)
    world.source.rows["old"] = record("old", changed=at(1))
    world.source.rows["new"] = record("new", changed=at(20))
    await world.sync()
    assert await world.deliver() == [("new", "Ada")]
    reset(world, at(10))
    await world.sync()
    assert await world.deliver() == []


def test_resetting_what_was_never_read_does_nothing(world):
    reset(world)
    assert forget(world) == 0


async def test_p10_nothing_is_left_of_a_source_that_is_forgotten(world):
    await fill(world.store)
    other = await _filled_other(world)
    world.scope = type(world.scope)("default", "crm")
    assert forget(world) == 8
    for table in (tables.version, tables.payload, tables.attempt, tables.contact, tables.position):
        assert await _count(world, table) == other.get(table.name, 0), table.name


async def _filled_other(world):
    world.scope = type(world.scope)("default", "walk_ins")
    world.source.rows["1"] = record("1", changed=at(1))
    await world.store.acquire("source:walk_ins")
    await world.run().run()
    await world.store.release("source:walk_ins")
    return {"version": 1, "payload": 1, "contact": 1, "position": 1}


async def _count(world, table):
    query = select(func.count()).select_from(table)
    return await world.store.read(lambda connection: connection.execute(query).scalar_one())


async def test_a_forgotten_source_begins_with_a_first_sync(world):
    world.source.rows["1"] = record("1", changed=at(1))
    await world.sync()
    await world.deliver()
    forget(world)
    await world.sync()
    assert await world.deliver() == [("1", "Ada")]
    assert await world.stands() == {"1": State.ACCEPTED}


_HOLDER = """
import asyncio, sys
from sync.store.store import open_store
store = open_store(sys.argv[1])
print(asyncio.run(store.acquire(sys.argv[2])), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("lease", "word"), [("source:crm", "polls crm"), ("endpoint:hatch", "delivers to hatch")]
)
def test_p12_a_source_that_another_process_works_on_is_left_alone(world, store_url, lease, word):
    command = [sys.executable, "-c", _HOLDER, store_url, lease]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout.readline().strip() == "True"
            with pytest.raises(InUse, match=rf"pid {other.pid} on .* {word}"):
                forget(world)
        finally:
            other.stdin.close()
            other.wait()
    assert forget(world) == 0
