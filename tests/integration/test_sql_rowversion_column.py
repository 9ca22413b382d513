"""A column of row versions as SQL Server keeps it, made of triggers on PostgreSQL: with real transactions,
and with the same reading, but for the statement that asks for the horizon."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, text

from sources._sql.dialects import clock_of
from sources._sql.reading_versions import walked
from sources._sql.sql_server_versions import horizon_of
from sources.base import PollRequest
from tests.sql_databases import Table, keys, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from sources._sql.row_versions import Horizon
    from sources._sql.settings import SqlSettings
    from sources.base import Page, Position

_LIKE_SQL_SERVER = """
CREATE SEQUENCE dbts START 2001;
CREATE TABLE leads (id integer primary key, name varchar(40), rv bytea);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.rv := int8send(nextval('dbts'));
  PERFORM pg_advisory_xact_lock_shared(currval('dbts'));
  RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON leads FOR EACH ROW EXECUTE FUNCTION stamp();
"""
_HORIZON = text(
    "SELECT int8send(coalesce((SELECT min(objid::text::bigint) FROM pg_locks WHERE locktype = 'advisory'),"
    " last_value + 1)) AS lowest, int8send(last_value) AS newest FROM dbts"
)


@pytest.fixture
def table(postgres_url: str, tmp_path: Path) -> Iterator[Table]:
    for table in opened(postgres_url, tmp_path):
        table.run(_LIKE_SQL_SERVER)
        yield table


def _asks(connection: Connection, _settings: SqlSettings) -> Horizon:
    said = connection.execute(_HORIZON).one()
    return horizon_of("shop", clock_of(connection), said.lowest, said.newest)


@contextmanager
def _polling(
    table: Table, position: Position | None = None, size: int = 500, table_: str = "leads"
) -> Iterator[Iterator[Page]]:
    source = table.source(cursor="rv", cursor_type="text", table=table_)
    yield walked(source._database, source._settings, PollRequest(position, page_size=size), _asks)
    source._database.close()


def test_p1_rows_of_a_view_that_have_no_version_are_read_in_each_poll(table: Table) -> None:
    table.run("CREATE TABLE people (id integer primary key, name varchar(9), lead integer)")
    table.run("CREATE VIEW seen AS SELECT p.*, l.rv FROM people p LEFT JOIN leads l ON l.id = p.lead")
    table.run("INSERT INTO leads VALUES (7, 'Ada')")
    table.run("INSERT INTO people VALUES (1, 'Has', 7), (2, 'Has none', NULL)")
    first = _pages(table, table_="seen")
    assert sorted(keys(first)) == ["1", "2"]
    assert any("1 row without rv" in note for page in first for note in page.notes)
    table.run("UPDATE leads SET name = 'Grace' WHERE id = 7")
    assert sorted(keys(_pages(table, first[-1].position, table_="seen"))) == ["1", "2"]


def _pages(table: Table, position: Position | None = None, **more: Any) -> list[Page]:
    with _polling(table, position, **more) as found:
        return list(found)


def test_p1_a_version_that_is_committed_late_is_not_passed_over(table: Table) -> None:
    engine = create_engine(table.url)
    with engine.begin() as late:
        late.execute(text("INSERT INTO leads VALUES (1, 'Late')"))
        table.run("INSERT INTO leads VALUES (2, 'Soon')")
        first = _pages(table)
        assert keys(first) == []  # what is beyond the horizon waits until it is settled
    engine.dispose()
    second = _pages(table, first[-1].position)
    assert keys(second) == ["1", "2"]
    assert keys(_pages(table, second[-1].position)) == []


def test_p1_what_changes_between_pages_is_read_by_the_next_poll_and_once(table: Table) -> None:
    table.run("INSERT INTO leads SELECT n, 'Lead' FROM generate_series(1, 7) AS n")
    seen = []
    with _polling(table, size=2) as found:
        for page in found:
            seen.append(page)
            if len(seen) == 1:
                table.run("UPDATE leads SET name = 'Changed' WHERE id IN (1, 2, 6)")
    assert keys(seen) == ["1", "2", "3", "4", "5", "7"]
    assert keys(_pages(table, seen[-1].position)) == ["1", "2", "6"]


def test_p1_a_poll_killed_after_every_page_comes_to_its_end(table: Table) -> None:
    table.run("INSERT INTO leads SELECT n, 'Lead' FROM generate_series(1, 7) AS n")
    position, got = None, set[str]()
    for _ in range(12):
        with _polling(table, position, size=2) as found:
            page = next(found)
        got.update(keys([page]))
        position = page.position
        if page.last:
            break
        table.run("UPDATE leads SET name = 'Changed' WHERE id = 1")
    assert got == {str(n) for n in range(1, 8)}
    assert keys(_pages(table, position)) == ["1"]


def test_p1_a_database_put_back_is_read_whole(table: Table) -> None:
    table.run("INSERT INTO leads SELECT n, 'Lead' FROM generate_series(1, 7) AS n")
    position = _pages(table)[-1].position
    table.run("DELETE FROM leads")
    table.run("ALTER SEQUENCE dbts RESTART 2001")
    table.run("INSERT INTO leads SELECT n, 'As it was' FROM generate_series(1, 3) AS n")
    (page,) = _pages(table, position)
    assert keys([page]) == ["1", "2", "3"]
    assert "put back to an earlier state" in page.notes[0]
