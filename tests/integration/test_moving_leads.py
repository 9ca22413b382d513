"""Leads that go on under another name, on both kinds of state store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select

from sync.states import State
from sync.store import tables
from sync.store.actions.moving import Changes, write_changes
from sync.store.actions.resetting import InUse, reset_all
from sync.store.beginnings import beginning
from sync.store.identities import Identity, read_identities, source_scope
from sync.store.ledger import Scope
from sync.store.store import open_store
from tests.scripted_source import ScriptedTable, at

if TYPE_CHECKING:
    from sync.store.store import Store
    from tests.engine_world import World

OLD, NEW = Scope("hatch", "crm"), Scope("hatch", "contacts")
FACTS = Identity({"type": "scripted_table", "endpoint": "hatch", "key": "id"}, "everything")


def write(store: Store, changes: Changes) -> None:
    store.write_now(lambda connection: write_changes(connection, store.leases, changes, store.clock()))


def owners(store: Store) -> set[tuple[str, str]]:
    """Return whose rows there are in all tables that have an owner."""
    found: set[tuple[str, str]] = set()
    for table in (tables.lead, tables.version, tables.position, tables.run):
        query = select(table.c.endpoint, table.c.source)
        found |= {(row[0], row[1]) for row in store.read_now(lambda c, q=query: c.execute(q).all())}
    return found


@pytest.fixture
async def filled(world: World) -> World:
    """A world whose source has leads, some sent and one waiting."""
    assert isinstance(world.source, ScriptedTable)
    for number in range(4):
        world.source.put(str(number), f"Ada {number}", at(number))
    await world.sync()
    await world.settle(await world.claim(3), State.ACCEPTED)
    pause = insert(tables.pause).values(scope="source:crm", since=1.0)
    await world.store.write(lambda connection: connection.execute(pause))
    write(world.store, Changes(identities={source_scope("crm"): FACTS}))
    return world


async def test_p5_a_renamed_source_takes_all_along_in_one_transaction(filled: World) -> None:
    store = filled.store
    write(store, Changes(sources=[(OLD, NEW)], identities={source_scope("contacts"): FACTS}))
    assert owners(store) == {("hatch", "contacts")}
    assert set(store.read_now(read_identities)) == {"source:contacts"}
    assert store.read_now(lambda connection: beginning(connection, NEW)) == {"everything": True}
    assert store.read_now(lambda connection: beginning(connection, OLD)) is None
    assert await filled.column(tables.pause.c.scope) == ["source:contacts"]
    filled.scope = NEW
    assert await filled.stands() == {"0": "accepted", "1": "accepted", "2": "accepted", "3": "pending"}


async def test_p5_a_renamed_endpoint_takes_all_along(filled: World) -> None:
    await filled.outbox.next_due()
    write(filled.store, Changes(endpoints=[("hatch", "east")]))
    assert owners(filled.store) == {("east", "crm")}
    moved = Scope("east", "crm")
    assert filled.store.read_now(lambda connection: beginning(connection, moved)) == {"everything": True}


async def test_nothing_is_moved_while_another_process_works_on_it(filled: World, store_url: str) -> None:
    other = open_store(store_url)
    try:
        assert await other.acquire("source:contacts")
        with pytest.raises(InUse, match="contacts just now"):
            write(filled.store, Changes(sources=[(OLD, NEW)]))
        assert owners(filled.store) == {("hatch", "crm")}
        assert filled.store.leases.held == frozenset(), "none is kept"
    finally:
        other.close()


async def test_a_source_without_leads_that_is_another_begins_anew(filled: World) -> None:
    write(filled.store, Changes(begun_anew=[OLD]))
    assert await filled.column(tables.position.c.source) == []
    assert filled.store.read_now(lambda connection: beginning(connection, OLD)) is None


async def test_a_reset_forgets_what_a_source_was(filled: World) -> None:
    store = filled.store
    store.write_now(lambda connection: reset_all(connection, store.leases, OLD, store.clock()))
    assert store.read_now(read_identities) == {}
