"""DuckDB: files that only one program may write to, nanoseconds, and what it says when it is asked amiss."""

from __future__ import annotations

import asyncio
import datetime as dt
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from sqlalchemy import make_url, text

from sources._sql.databases import duckdb as kind
from sources._sql.failures import sorted_failures
from sources.errors import BadConfig, SourceError, Unavailable
from sync.runtime.database_tables import Table, tables_of
from tests.duckdb_tables import DuckTable
from tests.sql_databases import keys, pages, records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRITING = (
    "import duckdb, sys; kept = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
)


@pytest.fixture
def table(tmp_path: Path) -> DuckTable:
    return DuckTable(tmp_path)


@pytest.fixture
def written_to(table: DuckTable) -> Iterator[None]:
    """Another program has the file open for writing."""
    table.run("CREATE TABLE leads (id integer, name varchar)")
    command = [sys.executable, "-c", WRITING, table.file]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"open\n"
        yield
        writer.communicate()


async def _fails(duck: DuckTable, **said: Any) -> SourceError:
    with pytest.raises(SourceError) as polled:
        await pages(duck.source(**said))
    return polled.value


async def test_p1_rows_of_one_microsecond_are_told_apart_and_none_is_read_twice(table: DuckTable) -> None:
    table.run("CREATE TABLE leads (id integer, moved timestamp_ns)")
    moment = "make_timestamp_ns(1772463600000000000 + 100 * (i // 7))"
    table.run(f"INSERT INTO leads SELECT i, {moment} FROM range(70) t(i)")
    source = table.source(cursor="moved")
    found = await pages(source, size=5)
    assert keys(found) == [str(n) for n in range(70)]
    assert len(found) < 20
    rest = keys(await pages(source, found[-4].position, size=5))
    assert rest == [str(n) for n in range(int(rest[0]), 70)]
    assert int(rest[0]) <= int(keys(found[-3:])[0])


async def test_p1_the_next_poll_begins_at_the_newest_microsecond(table: DuckTable) -> None:
    table.run("CREATE TABLE leads (id integer, moved timestamp_ns)")
    both = "(1, '2026-03-02 15:00:00.123456999'), (2, '2026-03-02 15:00:00.123456001')"
    table.run(f"INSERT INTO leads VALUES {both}")
    source = table.source(cursor="moved")
    latest = await source.latest()
    assert latest is not None
    assert latest.at == dt.datetime(2026, 3, 2, 15, 0, 0, 123456, dt.UTC)
    assert keys(await pages(source, latest)) == ["2", "1"]


async def test_times_as_a_cursor_are_times_to_the_mapping(tmp_path: Path) -> None:
    table = DuckTable(tmp_path, ZoneInfo("America/New_York"))
    table.run("CREATE TABLE leads (id integer, moved timestamp_ns)")
    table.run("INSERT INTO leads VALUES (1, '2026-03-02 10:00:00.123456789')")
    [record] = records(await pages(table.source(cursor="moved")))
    assert record.fields["moved"] == dt.datetime(2026, 3, 2, 10, 0, 0, 123456)
    assert record.changed == dt.datetime(2026, 3, 2, 15, 0, 0, 123456, dt.UTC)


async def test_keys_of_any_type_are_fetched(table: DuckTable) -> None:
    table.run("CREATE TABLE leads (id uuid, n decimal(9,0), name varchar)")
    table.run("INSERT INTO leads SELECT uuid(), i, 'x' FROM range(3) t(i)")
    for key in ("id", "n", ["id", "n"]):
        source = table.source(key=key)
        wanted = keys(await pages(source))
        assert sorted(record.key for record in await source.fetch(wanted)) == sorted(wanted)


async def test_a_file_that_another_program_writes_to_may_come_free(
    table: DuckTable, written_to: None
) -> None:
    error = await _fails(table, timeout="1s")
    assert isinstance(error, Unavailable)
    assert "another program has it open for writing" in str(error)


async def test_a_short_write_is_waited_for(table: DuckTable, monkeypatch: pytest.MonkeyPatch) -> None:
    table.run("CREATE TABLE leads (id integer)")
    writer = duckdb.connect(str(table.file))
    monkeypatch.setattr(kind.time, "sleep", lambda _: writer.close())  # the writer ends while we wait
    assert keys(await pages(table.source())) == []


async def test_the_file_is_free_between_the_pages(table: DuckTable) -> None:
    table.run("CREATE TABLE leads (id integer, moved timestamptz)")
    table.run("INSERT INTO leads SELECT i, '2026-03-02'::timestamptz + to_seconds(i) FROM range(5) t(i)")
    found = await pages(table.source(cursor="moved"), size=2, stop=1)
    await asyncio.to_thread(table.run, "INSERT INTO leads VALUES (9, '2026-03-03')")
    assert keys(await pages(table.source(cursor="moved"), found[0].position))[-1] == "9"


@pytest.mark.parametrize(
    ("said", "setting", "words"),
    [
        ({"table": "laeds"}, "table", 'did you mean "leads"'),
        ({"query": "SELECT nothing FROM leads"}, "query", '"nothing" not found'),
        ({"query": "SELEC id FROM leads"}, "query", "syntax error"),
        ({"url": "duckdb:///none.duckdb"}, "url", "no file none.duckdb"),
        ({"url": "duckdb://"}, "url", "duckdb:///data/shop.duckdb"),
        ({"url": "duckdb:///text.txt"}, "url", "not DuckDB's"),
    ],
)
async def test_what_is_asked_amiss_is_a_setting(
    table: DuckTable, said: dict[str, Any], setting: str, words: str
) -> None:
    table.run("CREATE TABLE leads (id integer)")
    (table.directory / "text.txt").write_text("id,name\n" * 2000, encoding="utf-8")
    error = await _fails(table, **said)
    assert isinstance(error, BadConfig)
    assert error.setting == setting
    assert words in str(error)


async def test_p10_a_value_that_does_not_fit_is_not_shown(table: DuckTable) -> None:
    table.run("CREATE TABLE leads (id integer, name varchar)")
    table.run("INSERT INTO leads VALUES (1, 'Rosalind')")
    error = await _fails(table, query="SELECT id, name::integer AS n FROM leads")
    assert isinstance(error, BadConfig)
    assert "Rosalind" not in f"{error} {error.__cause__!r}"


async def test_nothing_is_written_and_no_file_is_made(table: DuckTable) -> None:
    table.run("CREATE TABLE leads (id integer, moved timestamp)")
    before = table.file.read_bytes()
    source = table.source(cursor="moved")
    assert (await source.check()).startswith("DuckDB, table leads: 0 rows, columns id, moved")
    await pages(source)
    assert table.file.read_bytes() == before
    assert [path.name for path in table.directory.iterdir()] == [table.name]


def test_tables_are_found_with_their_keys(table: DuckTable) -> None:
    table.run("CREATE TABLE leads (mail varchar unique, id integer primary key, name varchar)")
    table.run("CREATE TABLE notes (a integer, b integer, UNIQUE (a, b))")
    table.run("CREATE VIEW hot AS SELECT name FROM leads")
    assert tables_of("duckdb:///leads.duckdb", table.directory) == [
        Table("hot", (), ("name",)),
        Table("leads", ("id",), ("mail", "id", "name")),
        Table("notes", ("a", "b"), ("a", "b")),
    ]


def test_a_statement_that_takes_longer_than_timeout_is_ended(table: DuckTable) -> None:
    table.run("CREATE TABLE leads (id integer)")
    url = make_url("duckdb:///leads.duckdb")
    engine = kind.DUCKDB.engine(url, table.directory, dt.timedelta(milliseconds=50))
    for_ever = text(
        "SELECT sum(a.range + b.range + c.range) FROM range(99999) a, range(99999) b, range(99999) c"
    )
    with (
        pytest.raises(Unavailable, match="longer than `timeout`"),
        sorted_failures(url, "query"),
        engine.connect() as connection,
    ):
        connection.execute(for_ever)
    table.run("INSERT INTO leads VALUES (7)")  # nobody has it open any more
    with engine.connect() as connection:
        assert connection.execute(text("SELECT id FROM leads")).scalar() == 7
