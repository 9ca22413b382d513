"""P12: leases held by something that dies with its process, on both kinds of store."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, text

from sync.store import tables
from sync.store.errors import LeaseLost, StoreError
from sync.store.leases import holder, this_process
from sync.store.store import Store, open_store
from tests.engine_world import World
from tests.scripted_source import ScriptedTable, at

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import asyncio, sys, time
from sync.store.store import open_store
store = open_store(sys.argv[1])
print(asyncio.run(store.acquire("source:crm")), flush=True)
time.sleep(60)
"""
OPENER = """
import sys
from sync.store.store import open_store
open_store(sys.argv[1]).close()
"""


def _python(code: str, url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, url]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def other_process(store: Store, store_url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process, which holds the lease of the source."""
    process = _python(HOLDER, store_url)
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    yield process
    process.kill()
    process.communicate()


@pytest.fixture
def second(store: Store, store_url: str) -> Iterator[Store]:
    """The same store, opened once more."""
    opened = open_store(store_url, store.clock)
    yield opened
    opened.close()


async def test_p12_a_lease_is_had_by_one_at_a_time(store: Store, second: Store) -> None:
    assert await store.acquire("source:crm")
    assert not await store.acquire("source:crm"), "not twice by the same process either"
    assert not await second.acquire("source:crm")
    assert await second.acquire("source:crm 2"), "another lease is another lock"
    await store.release("source:crm")
    assert await second.acquire("source:crm")


@pytest.mark.parametrize("name", ["source:a/b", "source:../x", "source:ä ö", "endpoint:a", "source:a-b"])
async def test_any_name_makes_a_lease(store: Store, second: Store, name: str) -> None:
    assert await store.acquire(name)
    assert not await second.acquire(name)


async def test_p12_a_killed_holder_is_taken_over_from_at_once(
    store: Store, other_process: subprocess.Popen[str]
) -> None:
    assert not await store.acquire("source:crm")
    named = await store.read(lambda connection: holder(connection, "source:crm"))
    assert named == this_process().replace(str(os.getpid()), str(other_process.pid))
    other_process.kill()
    other_process.wait()
    async with asyncio.timeout(10):  # PostgreSQL notices the closed socket, which takes it a moment
        while not await store.acquire("source:crm"):  # noqa: ASYNC110 - another process's end is no event of ours
            await asyncio.sleep(0.01)
    assert await store.read(lambda connection: holder(connection, "source:crm")) == this_process()


async def test_p12_a_suspended_holder_is_waited_for(
    store: Store, other_process: subprocess.Popen[str]
) -> None:
    other_process.send_signal(signal.SIGSTOP)
    assert not await store.acquire("source:crm")
    other_process.send_signal(signal.SIGCONT)


async def test_closing_gives_all_leases_back(store: Store, store_url: str) -> None:
    opened = open_store(store_url)
    assert await opened.acquire("source:crm")
    opened.close()
    assert await store.acquire("source:crm")


async def test_a_lease_that_could_not_be_written_is_not_held(store: Store, second: Store) -> None:
    await store.write(lambda connection: connection.execute(text("ALTER TABLE lease RENAME TO away")))
    with pytest.raises(StoreError):
        await store.acquire("source:crm")
    await store.write(lambda connection: connection.execute(text("ALTER TABLE away RENAME TO lease")))
    assert await second.acquire("source:crm")
    await second.release("source:crm")
    assert await store.acquire("source:crm")


async def test_p12_nothing_is_written_under_a_lease_that_is_not_held(store: Store) -> None:
    with pytest.raises(LeaseLost, match="the lease source:crm was lost"):
        await store.write(lambda connection: connection.execute(_mark("x")), "source:crm")
    assert await _marks(store) == []


def test_p12_processes_that_open_a_new_store_at_once_do_not_harm_each_other(new_store_url: str) -> None:
    processes = [_python(OPENER, new_store_url) for _ in range(4)]
    said = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, said


# ---- a lost PostgreSQL session ---------------------------------------------------------------


def _mark(name: str):
    return insert(tables.pause).values(scope=name, since=1.0)


async def _marks(store: Store) -> list[str]:
    return await store.read(lambda connection: list(connection.scalars(select(tables.pause.c.scope))))


async def _end_session_of(store: Store, killer: Store) -> None:
    pid = await store.write(lambda connection: connection.execute(text("SELECT pg_backend_pid()")).scalar())
    kill = text("SELECT pg_terminate_backend(:pid, 5000)")
    await killer.write(lambda connection: connection.execute(kill, {"pid": pid}))


@pytest.fixture
def postgres(postgres_store_url: str) -> Iterator[Store]:
    """A store in PostgreSQL."""
    opened = open_store(postgres_store_url)
    yield opened
    opened.close()


@pytest.fixture
def killer(postgres: Store, postgres_store_url: str) -> Iterator[Store]:
    """Another session."""
    opened = open_store(postgres_store_url)
    yield opened
    opened.close()


async def test_p12_a_lost_session_writes_nothing_under_its_leases_and_others_may(
    postgres: Store, killer: Store
) -> None:
    assert await postgres.acquire("source:crm")
    await _end_session_of(postgres, killer)
    assert await killer.acquire("source:crm")
    with pytest.raises(LeaseLost, match="was lost"):
        await postgres.write(lambda connection: connection.execute(_mark("x")), "source:crm")
    with pytest.raises(LeaseLost, match="the lease source:crm was lost"):
        await postgres.write(lambda connection: connection.execute(_mark("x")), "source:crm")
    assert await _marks(killer) == []
    await postgres.write(lambda connection: connection.execute(_mark("later, without a lease")))
    assert await _marks(postgres) == ["later, without a lease"]
    assert not await postgres.acquire("source:crm")
    await killer.release("source:crm")
    assert await postgres.acquire("source:crm")


async def test_p12_a_run_that_loses_its_session_stages_nothing_more(postgres: Store, killer: Store) -> None:
    table = ScriptedTable(page_size=1)
    for number in range(4):
        table.put(str(number), "Ada", at(number))
    world = World(postgres, table)
    assert await postgres.acquire("source:crm")
    run = world.run()
    stage, staged = run._ledger.stage, []

    async def lose(staging):
        if len(staged) == 2:
            await _end_session_of(postgres, killer)
        staged.append(staging)
        await stage(staging)

    run._ledger.stage = lose  # type: ignore[method-assign]
    with pytest.raises(LeaseLost):
        await run.run()
    again = World(killer, table)
    assert (await again.sync()).counts.new == 3
    assert len(await again.deliver()) == 4


async def test_a_reader_whose_session_is_lost_connects_again(postgres: Store, killer: Store) -> None:
    pid = await postgres.read(lambda connection: connection.execute(text("SELECT pg_backend_pid()")).scalar())
    kill = text("SELECT pg_terminate_backend(:pid, 5000)")
    await killer.write(lambda connection: connection.execute(kill, {"pid": pid}))
    assert await _marks(postgres) == []


WRITER = """
import asyncio, sys, time
from sqlalchemy import text
from sync.store.store import open_store
store = open_store(sys.argv[1])
asyncio.run(store.acquire("endpoint:default"))
def write(connection):
    connection.execute(text("INSERT INTO pause VALUES ('x', 1.0)"))
    print("writing", flush=True)
    time.sleep(120)
store.write_now(write)
"""


def test_p12_who_is_suspended_while_it_writes_is_named(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    process = _python(WRITER, sqlite_url)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        process.send_signal(signal.SIGSTOP)
        with pytest.raises(StoreError, match=rf"locked by another process.*pid {process.pid} on "):
            store.write_now(lambda connection: connection.execute(_mark("y")))
    finally:
        process.kill()
        process.communicate()
        store.close()
