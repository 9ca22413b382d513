"""Telling a store that was restored from a backup, and holding what it does not know."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from sync.events import Events
from sync.runtime.connector import Connector
from sync.states import State
from sync.store import restored, tables
from sync.store.claims import claims, count_claims
from sync.store.mark import Mark, MarkFile, store_id
from sync.store.marking import MarkingOutbox
from sync.store.outbox import Wanted
from sync.store.server import has_moved, server_facts
from sync.store.store import open_store
from tests.scripted_source import ScriptedTable, at

if TYPE_CHECKING:
    from pathlib import Path

    from sync.store.store import Store
    from tests.engine_world import World

HERE, ELSEWHERE = "this store", "another store"


def look(store: Store, mark: Mark | None) -> str | None:
    return store.read_now(lambda connection: restored.look(connection, mark, HERE))


@pytest.fixture
def counted(store: Store) -> Store:
    """A store that knows of ten claims."""
    assert store.write_now(lambda connection: count_claims(connection, 4)) == 4
    assert store.write_now(lambda connection: count_claims(connection, 6)) == 10
    return store


@pytest.mark.parametrize("mark", [None, Mark(HERE, 10), Mark(HERE, 3)])
def test_a_store_that_is_up_to_its_mark_or_before_it_is_trusted(counted: Store, mark: Mark | None) -> None:
    assert look(counted, mark) is None


@pytest.mark.parametrize("mark", [Mark(HERE, 11), Mark(ELSEWHERE, 1)])
def test_p5_a_store_behind_its_mark_or_beside_anothers_is_not(counted: Store, mark: Mark) -> None:
    assert "not known" in str(look(counted, mark))


async def test_p5_all_that_waits_is_held_and_what_was_in_the_air_is_unknown(world: World) -> None:
    assert isinstance(world.source, ScriptedTable)
    for number in range(4):
        world.source.put(str(number), f"Ada {number}", at(number))
    await world.sync()
    await world.claim(1)
    store, mark = world.store, Mark(HERE, 7)
    reason = str(look(store, mark))
    held = store.write_now(lambda connection: restored.begin_holding(connection, reason, ["crm"], mark))
    assert (held, store.read_now(claims)) == (7, 7), "once is enough"
    assert look(store, mark) is None
    assert await world.versions() == {State.HELD: 3, State.UNKNOWN: 1}
    assert set(await world.column(tables.version.c.reason)) >= {reason}
    assert await world.deliver() == []
    assert store.read_now(lambda connection: restored.hold_reason(connection, "crm")) == reason
    assert store.read_now(lambda connection: restored.hold_reason(connection, "orders")) is None
    store.write_now(lambda connection: restored.was_held(connection, "crm"))
    assert store.read_now(lambda connection: restored.hold_reason(connection, "crm")) is None


async def test_claims_are_counted_in_their_transaction_and_marked_after_it(
    world: World, tmp_path: Path
) -> None:
    assert isinstance(world.source, ScriptedTable)
    for number in range(5):
        world.source.put(str(number), f"Ada {number}", at(number))
    await world.sync()
    clock = iter((0.0, 0.0, 0.1, 10.0, 10.0)).__next__
    mark = MarkFile(tmp_path / "made" / "a.mark", store_id(world.store.digest_key), clock)
    outbox = MarkingOutbox(world.store, world.scope.endpoint, None, mark)
    assert await world.store.acquire(outbox.lease)
    for slots, known, written in ((2, 2, 2), (1, 3, 2), (9, 5, 5)):
        await outbox.turn([], Wanted(slots, lambda _job, _rate: 0))
        assert world.store.read_now(claims) == known
        assert mark.read() == Mark(mark.store, written), "now and then is enough"
    await outbox.turn([], Wanted(9, lambda _job, _rate: 0))
    assert world.store.read_now(claims) == 5
    await world.store.release(outbox.lease)


def test_a_mark_that_can_not_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    mark = MarkFile(tmp_path / "file" / "a.mark", HERE, lambda: 0.0)
    mark.reached(7)
    assert mark.read() is None


@pytest.mark.parametrize(
    ("file", "found"), [("leadrelay.db", "leadrelay.db.mark"), (None, ".leadrelay/*.mark")]
)
def test_the_mark_is_beside_the_state_file_or_beside_connector_yaml(
    store: Store, tmp_path: Path, file: str | None, found: str
) -> None:
    state = SimpleNamespace(file=tmp_path / file if file else None)
    config: Any = SimpleNamespace(state=state, directory=tmp_path)
    mark = Connector(config, store, Events()).mark
    mark.reached(7)
    assert [path.is_file() for path in tmp_path.glob(found)] == [True]
    assert mark.read() == Mark(store_id(store.digest_key), 7)


def test_sqlite_says_nothing_of_a_server(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    assert store.read_now(server_facts) == {}
    assert store.read_now(restored.server_is_news) is False
    store.close()


def test_p5_a_postgresql_store_in_another_database_or_on_another_timeline_is_told(postgres_url: str) -> None:
    store = open_store(postgres_url)
    try:
        facts = store.read_now(server_facts)
        assert set(facts) == {"system", "timeline", "database"}
        assert store.read_now(restored.server_is_news)
        store.write_now(restored.note_server)
        assert not store.read_now(restored.server_is_news)
        assert look(store, None) is None
        store.write_now(
            lambda connection: connection.execute(
                text("update meta set value = replace(value, :now, '00000000') where name = 'server'"),
                {"now": facts["timeline"]},
            )
        )
        assert "restored from a backup" in str(look(store, None))
        assert "restored from a backup" in str(look(store, Mark(HERE, -1))), (
            "another machine may have sent more"
        )
        assert look(store, Mark(HERE, 0)) is None, "nothing is missing, so it was moved"
    finally:
        store.close()


def test_what_a_server_does_not_say_is_not_compared() -> None:
    assert not has_moved({"system": "1", "timeline": "1"}, {"system": "1"})
    assert has_moved({"system": "1"}, {"system": "2", "timeline": "1"})
