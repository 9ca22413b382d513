"""What a poll costs: indexes are used, nothing grows with the table, and memory stays where it is."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from sources.base import PollRequest, Position
from tests.sql_databases import MOMENT, SERVERS, Table, keys, opened, pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sources.sql import Sql

T0 = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = 20_000


@pytest.fixture(params=SERVERS)
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Table]:
    yield from opened(request.getfixturevalue(request.param), tmp_path)


def _fill(table: Table, index: str, count: int = ROWS) -> None:
    table.run(
        f"CREATE TABLE leads (id integer primary key, name varchar(40), updated_at {MOMENT[table.dialect]})"
    )
    rows = [{"id": n, "at": table.value(T0 + timedelta(seconds=n // 3))} for n in range(count)]
    table.run("INSERT INTO leads VALUES (:id, 'somebody', :at)", rows)
    table.run(f"CREATE INDEX changed ON leads ({index})")
    table.run({"mysql": "ANALYZE TABLE leads"}.get(table.dialect, "ANALYZE leads"))


def _watched(source: Sql) -> list[tuple[str, Any]]:
    """Return a list that fills with the statements that read the table, and their parameters."""
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if (
            "WHERE" in statement
            and "name" in statement
            and "leads" in statement
            and "pg_catalog" not in statement
        ):
            said.append((statement, parameters))

    event.listen(source._database._opened(), "before_cursor_execute", note)
    return said


def _plan(table: Table, statement: str, parameters: Any) -> str:
    explain = {"sqlite": "EXPLAIN QUERY PLAN "}.get(table.dialect, "EXPLAIN ")
    with table.engine.connect() as connection:
        rows = connection.exec_driver_sql(explain + statement, parameters).all()
    return "\n".join(str(row) for row in rows)


@pytest.mark.parametrize("index", ["updated_at", "updated_at, id"])
async def test_p9_every_statement_of_a_poll_goes_by_the_index(table: Table, index: str) -> None:
    _fill(table, index)
    source = table.source(cursor="updated_at")
    said = _watched(source)
    start = Position(T0 + timedelta(seconds=ROWS // 3 - 300))
    assert len(keys(await pages(source, start, size=100))) > 800
    statements = [each for each in said if "pragma" not in each[0] and "check_constraints" not in each[0]]
    assert len(statements) > 15
    for statement, parameters in statements:
        plan = _plan(table, statement, parameters)
        assert not _looks_at_all(table, plan), f"{statement}\n{plan}"


def _looks_at_all(table: Table, plan: str) -> bool:
    if table.dialect == "mysql":
        return "'ALL'" in plan or "'index'" in plan
    return ("Seq Scan on leads" in plan) if table.dialect == "postgresql" else "SCAN leads" in plan


async def test_p9_a_poll_that_finds_nothing_asks_the_same_of_small_and_large(
    sqlite_source_url: str, tmp_path: Path
) -> None:
    asked = []
    for count in (300, ROWS):
        for table in opened(sqlite_source_url, tmp_path):
            table.run("DROP TABLE IF EXISTS leads")
            _fill(table, "updated_at", count)
            source = table.source(cursor="updated_at")
            said = _watched(source)
            await pages(source, Position(T0 + timedelta(days=30)))
            asked.append([statement for statement, _ in said])
    assert asked[0] == asked[1]


@pytest.mark.parametrize("cursor", [None, "updated_at"])
async def test_p9_memory_does_not_grow_with_the_table(table: Table, cursor: str | None) -> None:
    rows = 6_000
    _fill(table, "updated_at", rows)
    source = table.source(**({"cursor": cursor} if cursor else {}))
    count, peaks = 0, []
    tracemalloc.start()
    try:
        async for page in source.poll(PollRequest(page_size=200)):
            count += len(page.records)
            peaks.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
    assert count == rows
    # Whoever keeps 40 bytes of each row is found: no list or set of keys needs less.
    assert peaks[-1] < 1.3 * peaks[len(peaks) // 10] + 100_000
