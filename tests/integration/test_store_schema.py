"""The schema: the migrations make what the tables say, and every question of a run finds an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, event, inspect, text

from sources.position import Position
from sources.units import parse_rate
from sync.screening import SYNTHETIC
from sync.store import ledger, migrate, release, runs, tables
from sync.store.errors import StoreError
from sync.store.migrate import current_revision, known_revisions
from sync.store.staging import supersede
from sync.store.store import Store, open_store
from tests.scripted_source import ScriptedSource, page, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from tests.engine_world import World

SCOPE = ledger.Scope("hatch", "crm")


def _differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, tables.metadata)


@pytest.fixture
def migrated(new_store_url: str) -> Iterator[Connection]:
    """A database that all migrations have made, one after another."""
    engine = create_engine(new_store_url)
    with engine.begin() as connection:
        migrate.run_migrations(connection)
        yield connection
    engine.dispose()


def test_the_migrations_make_what_the_tables_say(migrated: Connection) -> None:
    assert _differences(migrated) == []


def test_a_new_store_is_what_the_migrations_make(new_store_url: str) -> None:
    store = open_store(new_store_url)
    assert store.read_now(_differences) == []
    assert store.read_now(current_revision) == known_revisions()[-1]
    store.close()


def test_a_store_that_migrations_made_is_opened_as_it_is(new_store_url: str) -> None:
    engine = create_engine(new_store_url)
    with engine.begin() as connection:
        migrate.run_migrations(connection)
        migrate._first_facts(connection)
    engine.dispose()
    opened = open_store(new_store_url)
    assert opened.read_now(_differences) == []
    opened.close()


@pytest.mark.parametrize("made_by", ["migrations", "tables"])
def test_every_partial_index_is_there(new_store_url: str, made_by: str) -> None:
    if made_by == "migrations":
        engine = create_engine(new_store_url)
        with engine.begin() as connection:
            migrate.run_migrations(connection)
            migrate._first_facts(connection)
        engine.dispose()
    store = open_store(new_store_url)

    def conditions(connection: Connection) -> dict[str, Any]:
        found = inspect(connection).get_indexes("version")
        option = f"{connection.dialect.name}_where"
        return {str(index["name"]): index.get("dialect_options", {}).get(option) for index in found}

    partial = {name for name, where in store.read_now(conditions).items() if where is not None}
    named = {
        index.name for index in tables.version.indexes if index.dialect_options["sqlite"]["where"] is not None
    }
    assert partial == named
    store.close()


def test_opening_again_changes_nothing(store: Store, store_url: str) -> None:
    facts = [tuple(row) for row in store.read_now(lambda c: c.execute(tables.meta.select()).all())]
    again = open_store(store_url)
    assert again.digest_key == store.digest_key
    assert [tuple(row) for row in again.read_now(lambda c: c.execute(tables.meta.select()).all())] == facts
    again.close()


def test_revisions_are_named_after_their_files() -> None:
    assert known_revisions()[0] == "0001"


def test_a_migration_that_breaks_off_leaves_nothing(
    new_store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(connection: Connection) -> None:
        connection.execute(text("SELECT nonsense FROM nowhere"))

    with monkeypatch.context() as patched:  # there is no other way to stop it half way
        patched.setattr(migrate, "_first_facts", fails)
        with pytest.raises(StoreError):
            open_store(new_store_url)
    opened = open_store(new_store_url)
    assert opened.digest_key
    opened.close()


QUESTIONS: dict[str, Callable[[Connection], Any]] = {
    "known": lambda c: ledger.known(c, SCOPE, ["1", "2"]),
    "release": lambda c: release.release(c, SCOPE, parse_rate("5/h"), 1e10),
    "hold": lambda c: release.hold_unreleased(c, SCOPE, "why"),
    "invalid": lambda c: runs.invalid_records(c, SCOPE, "no such hash", 0, 500),
    "gone": lambda c: runs.clear_gone(c, SCOPE, SYNTHETIC, set(), 1.0),
    "supersede": lambda c: supersede(c, [1, 2], 1.0),
    "progress": lambda c: runs.progress(c, SCOPE),
    "sent since": lambda c: release._sent_since(c, SCOPE, 1e10),
}


@pytest.mark.parametrize("name", QUESTIONS)
async def test_p9_no_question_of_a_run_reads_a_whole_table(world: World, name: str) -> None:
    rows = [record(str(number)) for number in range(200)]
    world.source = ScriptedSource([page(*rows, position=Position(token="1"))])
    await world.sync()
    await world.deliver()
    plans: list[str] = []

    def explained(connection: Connection) -> None:
        sqlite = connection.dialect.name == "sqlite"
        if not sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        asked: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            asked.append((statement, parameters))

        event.listen(connection, "before_cursor_execute", note)
        QUESTIONS[name](connection)
        event.remove(connection, "before_cursor_execute", note)
        prefix = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
        for statement, parameters in asked:
            found = connection.exec_driver_sql(prefix + statement, parameters).all()
            plans.extend(str(row[-1]) for row in found)

    await world.store.write(explained)
    scans = [line for line in plans if ("SCAN" in line and "INDEX" not in line) or "Seq Scan" in line]
    assert plans
    assert not [line for line in scans if "CONSTANT ROW" not in line], plans
