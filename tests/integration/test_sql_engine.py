"""The `sql` source under the engine, with a real state store: what is sent, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sources.sql import Sql
from sync.states import State
from sync.store.store import open_store
from tests.engine_world import Clock, World
from tests.sql_databases import MOMENT, SERVERS, Table, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAPPING = "lead: { firstName: name, phoneNumber: phone, updatedAt: updated_at }"
T0 = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=SERVERS)
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Table]:
    for table in opened(request.getfixturevalue(request.param), tmp_path):
        table.run(
            "CREATE TABLE leads (id integer, name varchar(40), phone varchar(20),"
            f" updated_at {MOMENT[table.dialect]})"
        )
        table.run("CREATE INDEX changed ON leads (updated_at)")
        yield table


@pytest.fixture(params=["position", "snapshot"])
def world(request: pytest.FixtureRequest, table: Table, tmp_path: Path) -> Iterator[World]:
    store = open_store(f"sqlite:///{tmp_path}/state.db", Clock())
    cursor: dict[str, Any] = {"cursor": "updated_at"} if request.param == "position" else {}
    world = World(store, table.source(**cursor), lookback=Sql.default_lookback)
    world.edit(MAPPING)
    yield world
    store.close()


def _put(table: Table, *leads: tuple[int | None, str, datetime | None]) -> None:
    rows = [
        {"id": key, "name": name, "phone": "212-555-0142", "at": table.value(at) if at else None}
        for key, name, at in leads
    ]
    table.run("DELETE FROM leads WHERE id = :id", rows)
    table.run("INSERT INTO leads VALUES (:id, :name, :phone, :at)", rows)


async def test_p2_what_changed_is_sent_and_nothing_else(table: Table, world: World) -> None:
    _put(table, (1, "Ada", T0), (2, "Bob", T0 + MINUTE), (3, "Cy", None))
    await world.sync()
    assert sorted(await world.deliver()) == [("1", "Ada"), ("2", "Bob"), ("3", "Cy")]
    for _ in range(2):
        result = await world.sync()
        assert result.error is None
        assert await world.deliver() == []
    _put(table, (1, "Ada L", T0 + 2 * MINUTE), (4, "Late", T0 - 5 * MINUTE), (3, "Cy B", None))
    await world.sync()
    assert sorted(await world.deliver()) == [("1", "Ada L"), ("3", "Cy B"), ("4", "Late")]


async def test_p5_from_now_on_means_from_now_on(table: Table, world: World) -> None:
    world.first_sync = "now"
    _put(table, (1, "Ada", T0), (2, "Bob", T0 + MINUTE), (3, "Cy", None))
    await world.sync()
    assert await world.deliver() == []
    _put(table, (5, "New", T0 + 2 * MINUTE))
    await world.sync()
    assert await world.deliver() == [("5", "New")]


async def test_p6_rows_that_are_no_leads_are_seen_and_harm_nobody(table: Table, world: World) -> None:
    _put(table, (1, "Ada", T0), (None, "Nobody", T0), (2, "Bob", T0 + MINUTE))
    result = await world.sync()
    assert (result.error, result.counts.invalid) == (None, 1)
    assert sorted(await world.deliver()) == [("1", "Ada"), ("2", "Bob")]
    assert list((await world.stands()).values()).count(State.INVALID) == 1


async def test_p6_two_rows_of_one_key_are_not_sent_as_one(table: Table, world: World) -> None:
    _put(table, (1, "Ada", T0), (2, "Bob", T0))
    table.run("INSERT INTO leads SELECT id, 'Other', phone, updated_at FROM leads WHERE id = 2")
    result = await world.sync()
    assert result.counts.invalid == 1
    assert len(await world.deliver()) == 2


async def test_a_database_that_fails_ends_the_run_and_the_next_one_goes_on(
    table: Table, world: World
) -> None:
    _put(table, (1, "Ada", T0))
    await world.sync()
    await world.deliver()
    table.run("ALTER TABLE leads RENAME TO away")
    assert "no table" in str((await world.sync()).error)
    table.run("ALTER TABLE away RENAME TO leads")
    _put(table, (2, "Bob", T0 + MINUTE))
    assert (await world.sync()).error is None
    assert await world.deliver() == [("2", "Bob")]
