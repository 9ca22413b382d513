"""What is left of a source that begins anew, and two processes that follow one renaming, on both stores."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, text

from sync.config import load_config
from sync.events import Events, Said
from sync.runtime.connector import Connector
from sync.runtime.preparing import prepare
from sync.states import State
from sync.store import tables
from sync.store.actions.approve import approve
from sync.store.actions.moving import Changes, write_changes
from sync.store.identities import one_at_a_time
from sync.store.ledger import Scope
from sync.store.store import open_store
from sync.store.views.selection import Selection
from tests.scripted_source import ScriptedTable, at
from tests.store_scene import world_in, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.events import Event
    from sync.store.store import Store
    from tests.engine_world import World

CRM, KEPT = Scope("hatch", "crm"), Scope("hatch", "crm@2027-01-15T080000")


def put_away(store: Store) -> dict[tuple[Scope, Scope], int]:
    changes = Changes(put_away=[(CRM, KEPT)])
    return store.write_now(lambda connection: write_changes(connection, store.leases, changes, 1.0))


@pytest.fixture
async def waiting(world: World) -> World:
    """A world with four leads: one sent, one of which nobody knows, one in the air, one that waits."""
    assert isinstance(world.source, ScriptedTable)
    for number in range(4):
        world.source.put(str(number), f"Ada {number}", at(number))
    await world.sync()
    for state in (State.ACCEPTED, State.UNKNOWN):
        await world.settle(await world.claim(1), state)
    await world.claim(1)
    return world


async def test_p5_what_waited_when_a_source_began_anew_is_held_and_the_rest_stays(waiting: World) -> None:
    assert put_away(waiting.store) == {(CRM, KEPT): 1}
    assert await waiting.versions() == {
        State.ACCEPTED: 1, State.UNKNOWN: 1, State.SENDING: 1, State.HELD: 1,
    }  # fmt: skip
    assert "it was waiting when crm began anew" in await waiting.column(tables.version.c.reason)
    assert await waiting.deliver() == []
    await waiting.store.write(lambda c: approve(c, Selection(source=KEPT.source), waiting.store.clock()))
    assert await waiting.deliver() == [("3", "Ada 3")]


async def test_p5_what_a_killed_run_had_staged_is_held_as_well(world: World) -> None:
    assert isinstance(world.source, ScriptedTable)
    world.source.put("7", "Ada", at(1))
    await world.sync()
    unreleased = tables.version.update().values(due_at=None)
    await world.store.write(lambda connection: connection.execute(unreleased))
    assert put_away(world.store) == {(CRM, KEPT): 1}


async def test_a_source_that_begins_anew_stays_paused(waiting: World) -> None:
    pause = insert(tables.pause).values(scope="source:crm", since=7.0)
    await waiting.store.write(lambda connection: connection.execute(pause))
    put_away(waiting.store)
    rows = await waiting.store.read(lambda connection: connection.execute(select(tables.pause)).all())
    assert sorted(rows) == [("source:crm", 7.0), (f"source:{KEPT.source}", 7.0)]


# ---- by the configuration, with all that a command does before it reads or sends -------------


class Project:
    """A project whose source `crm` has leads, and the processes that work on it."""

    def __init__(self, directory: Path, url: str) -> None:
        self.file = write_project(directory, url)
        self.heard: list[Event] = []
        self.first, self.second = open_store(url), open_store(url)

    def connector(self, store: Store) -> Connector:
        return Connector(load_config(self.file, {}), store, Events([self.heard.append]))

    def edit(self, old: str, new: str) -> None:
        written = self.file.read_text(encoding="utf-8")
        assert old in written
        self.file.write_text(written.replace(old, new, 1), encoding="utf-8")

    def positions(self) -> list[str]:
        query = select(tables.position.c.source).order_by(tables.position.c.source)
        return self.first.read_now(lambda connection: list(connection.scalars(query)))


@pytest.fixture
def project(tmp_path: Path, store_url: str) -> Iterator[Project]:
    made = Project(tmp_path, store_url)
    yield made
    made.first.close()
    made.second.close()


@pytest.fixture
async def filled(project: Project) -> Project:
    """The same with two leads in the ledger, of which none was sent."""
    world = world_in(project.first)
    assert isinstance(world.source, ScriptedTable)
    for number in range(2):
        world.source.put(str(number), f"Ada {number}", at(number), phone="(804) 555-0101")
    await world.sync()
    await prepare(project.connector(project.first))
    assert project.positions() == ["crm"]
    return project


async def test_p1_two_processes_that_follow_one_renaming_keep_the_position(filled: Project) -> None:
    """The second one has looked before the first has written, and writes after it."""
    filled.edit("  crm:\n", "  contacts:\n    renamed_from: crm\n")
    one, two = filled.connector(filled.first), filled.connector(filled.second)
    write = filled.second.write

    async def after_the_first(work, under=None):
        filled.second.write = write  # type: ignore[method-assign]
        await prepare(one)
        return await write(work, under)

    filled.second.write = after_the_first  # type: ignore[method-assign]
    await prepare(two)
    assert filled.positions() == ["contacts"]
    assert await world_in(filled.first, "contacts").versions() == {State.PENDING: 2}


async def test_p1_nobody_compares_while_another_process_writes_what_it_found(
    postgres_url: str, tmp_path: Path
) -> None:
    project = Project(tmp_path, postgres_url)
    taken, let_go = threading.Event(), threading.Event()

    def hold(connection):
        one_at_a_time(connection)
        taken.set()
        assert let_go.wait(30)

    waits = text(
        "select count(*) from pg_stat_activity"
        " where datname = current_database() and wait_event_type = 'Lock'"
    )
    try:
        holding = asyncio.create_task(project.first.write(hold))
        assert await asyncio.to_thread(taken.wait, 30)
        preparing = asyncio.create_task(prepare(project.connector(project.second)))
        async with asyncio.timeout(30):
            while not project.first.read_now(lambda connection: connection.execute(waits).scalar()):
                assert not preparing.done(), "it did not wait"
                await asyncio.sleep(0.01)
    finally:
        let_go.set()
        await asyncio.gather(holding, preparing)
        project.first.close()
        project.second.close()


async def test_p5_what_is_held_since_a_source_begins_anew_is_said(filled: Project) -> None:
    filled.edit("first_sync: everything", "first_sync: now")
    filled.edit("key: id", "key: email")
    await prepare(filled.connector(filled.first))
    (said,) = [each for each in filled.heard if isinstance(each, Said)]
    assert "crm begins anew: 2 leads that were waiting to be sent are held as crm@" in said.text
    assert (said.source, said.warning) == ("crm", True)
    assert await world_in(filled.first).versions() == {State.HELD: 2}
    await prepare(filled.connector(filled.second))
    assert len([each for each in filled.heard if isinstance(each, Said)]) == 1, "once"
