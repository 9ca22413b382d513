"""P10: what is accepted, superseded or discarded leaves nothing behind, not in free pages either."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.position import Position
from sync.states import State
from sync.store import tables
from sync.store.actions.discard import discard
from sync.store.store import open_store
from sync.store.views.selection import Selection
from tests.engine_world import MAPPING, World
from tests.scripted_source import ScriptedSource, ScriptedTable, at, page, record

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "Wilhelmina-Oppenheimer"


def _bytes_of(file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in file.parent.glob(file.name + "*") if path.is_file())


async def _accept(world: World) -> None:
    await world.deliver()


async def _supersede(world: World) -> None:
    world.source = ScriptedSource([page(*_rows("Ada"), position=Position(at(2)))])
    await world.sync()


async def _discard(world: World) -> None:
    await world.store.write(lambda connection: discard(connection, Selection(), 1.0))


def _rows(name: str):
    return [record(str(number), f"{name}-{number}" + "x" * 5000, at(1)) for number in range(20)]


@pytest.mark.parametrize("settle", [_accept, _supersede, _discard])
@pytest.mark.parametrize("invalid", [False, True], ids=["lead", "raw record"])
async def test_p10_nothing_of_a_payload_stays_in_the_files(
    sqlite_url: str, tmp_path: Path, settle, invalid
) -> None:
    store = open_store(sqlite_url)
    world = World(store, ScriptedSource([page(*_rows(SECRET), position=Position(at(1)))]))
    if invalid:
        world.edit(MAPPING.replace("phoneNumber: phone", "phoneNumber: no_such_column"))
    await world.sync()
    assert SECRET.encode() in _bytes_of(tmp_path / "state.db")
    if invalid:
        world.edit(MAPPING)
        if settle is _accept:
            await world.sync()
    await settle(world)
    store.close()
    assert SECRET.encode() not in _bytes_of(tmp_path / "state.db")


async def test_p10_the_log_can_be_emptied_while_the_store_is_open(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    world = World(store, ScriptedSource([page(*_rows(SECRET), position=Position(at(1)))]))
    await world.sync()
    await world.deliver()
    store.erase_log()
    assert SECRET.encode() not in _bytes_of(tmp_path / "state.db")
    store.close()


async def test_p10_phones_and_names_are_in_payloads_only(world: World) -> None:
    table = ScriptedTable()
    table.put("7", SECRET, at(1))
    world.source = table
    await world.sync()
    for every in tables.metadata.sorted_tables:
        if every.name != "payload":
            found = await world.store.read(lambda connection, of=every: connection.execute(of.select()).all())
            assert SECRET not in repr(found), every.name
            assert "8045550100" not in repr(found), every.name
    assert await world.versions() == {State.PENDING: 1}
