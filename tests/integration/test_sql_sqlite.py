"""SQLite: times that are text, values of any type in any column, and files that are only read."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from sources.base import Position
from sources.errors import BadConfig
from tests.sql_databases import Table, bad, keys, opened, pages, records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEW_YORK = ZoneInfo("America/New_York")
BY_TIME: dict[str, Any] = {"cursor": "updated_at"}
#: What SQLite makes of the declared type decides how values compare: number-like, text, or neither.
DECLARED = ["timestamp", "text", "datetime", ""]


@pytest.fixture
def table(sqlite_source_url: str, tmp_path: Path) -> Iterator[Table]:
    yield from opened(sqlite_source_url, tmp_path, NEW_YORK)


def _fill(table: Table, *times: Any, declared: str = "timestamp") -> None:
    table.run(f"CREATE TABLE IF NOT EXISTS leads (id integer primary key, updated_at {declared})")
    table.run("CREATE INDEX IF NOT EXISTS changed ON leads (updated_at)")
    table.run("INSERT INTO leads (updated_at) VALUES (:at)", [{"at": at} for at in times])


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize(
    ("first", "second", "at"),
    [
        ("2026-03-02 10:00:00", "2026-03-02 10:00:00.5", datetime(2026, 3, 2, 15, tzinfo=UTC)),
        ("2026-03-02T10:00", "2026-03-02T10:00:59", datetime(2026, 3, 2, 15, tzinfo=UTC)),
        ("2026-03-02T10:00:00Z", "2026-03-02T10:00:00.25Z", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2026-03-02T10:00:00-05:00", "2026-03-02T10:30:00-05:00", datetime(2026, 3, 2, 15, tzinfo=UTC)),
        ("2026-03-02", "2026-03-02", datetime(2026, 3, 2, 5, tzinfo=UTC)),
    ],
)
async def test_p1_iso_text_is_a_time(
    table: Table, declared: str, first: str, second: str, at: datetime
) -> None:
    _fill(table, first, declared=declared)
    found = await pages(table.source(**BY_TIME))
    assert found[-1].position == Position(at)
    assert records(found)[0].changed == at
    _fill(table, second, first)
    again = await pages(table.source(**BY_TIME), found[-1].position)
    assert sorted(keys(again)) == ["1", "2", "3"]


async def test_several_forms_in_one_column_are_refused(table: Table) -> None:
    _fill(table, "2026-03-02 10:00:00", "2026-03-02T11:00:00")
    with pytest.raises(BadConfig, match="does not sort by time") as refused:
        await table.source(**BY_TIME).check()
    assert refused.value.setting == "cursor"


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize(
    "odd",
    [
        "2026-03-02 16:00:00",
        "2/14/2026 10:00",
        "14/02/2026",
        "19/02/2026",
        "20/02/2026",
        "soon",
        "",
    ],
)
async def test_p1_a_single_odd_time_is_set_aside_and_never_passed_over(
    table: Table, declared: str, odd: str
) -> None:
    _fill(table, *(f"2026-03-02T15:{n:02}:00" for n in range(60)), declared=declared)
    position = (await pages(table.source(**BY_TIME)))[-1].position
    _fill(table, odd)
    found = await pages(table.source(**BY_TIME), position)
    assert keys(found) == ["60"]
    (reason,) = set(bad(found))
    assert reason.startswith("table leads, id 61: updated_at is ")
    assert odd not in reason or not odd


@pytest.mark.parametrize(
    ("declared", "odd"), [("timestamp", 20260302), ("", 17.5), ("", b"\x01"), ("blob", 5)]
)
async def test_p6_a_time_of_another_type_is_set_aside(table: Table, declared: str, odd: Any) -> None:
    _fill(table, *(f"2026-03-02T15:{n:02}:00" for n in range(20)), declared=declared)
    position = (await pages(table.source(**BY_TIME)))[-1].position
    _fill(table, odd)
    found = await pages(table.source(**BY_TIME), position)
    assert keys(found) == ["20"]
    assert len(set(bad(found))) == 1


async def test_p1_offsets_that_differ_are_read_from_far_enough_back(table: Table) -> None:
    _fill(table, "2026-11-01T01:59:00-04:00")
    position = (await pages(table.source(**BY_TIME)))[-1].position
    _fill(table, "2026-11-01T01:01:00-05:00")  # two minutes later
    assert sorted(keys(await pages(table.source(**BY_TIME), position))) == ["1", "2"]


@pytest.mark.parametrize(
    ("value", "words"), [(1767225600, "cursor_type: integer"), (45000.5, "compare all rows")]
)
async def test_numbers_are_no_times_unless_declared(table: Table, value: Any, words: str) -> None:
    _fill(table, value)
    with pytest.raises(BadConfig, match=words):
        await pages(table.source(**BY_TIME))


async def test_epoch_numbers_are_integers_when_declared(table: Table) -> None:
    _fill(table, 1767225600, 1767225700, "soon")
    found = await pages(table.source(**BY_TIME, cursor_type="integer"))
    assert keys(found) == ["1", "2"]
    assert found[-1].position == Position(1767225700)
    assert bad(found) == ["table leads, id 3: updated_at is text instead of an integer"]


async def test_p1_the_future_is_told_by_the_text(table: Table) -> None:
    now = datetime.now(NEW_YORK)
    _fill(table, f"{now - timedelta(minutes=1):%Y-%m-%d %H:%M:%S}", "2099-01-01 00:00:00")
    source = table.source(**BY_TIME)
    latest = await source.latest()
    assert latest
    assert isinstance(latest.at, datetime)
    assert timedelta(0) < now - latest.at < timedelta(minutes=3)
    assert keys(await pages(source)) == ["1"]


async def test_text_that_is_no_unicode_harms_nobody_else(table: Table) -> None:
    table.run("CREATE TABLE leads (id integer primary key, name text)")
    table.run("INSERT INTO leads VALUES (1, CAST(x'41ff' AS text)), (2, 'Ada')")
    assert [record.fields["name"] for record in records(await pages(table.source()))] == ["A\ufffd", "Ada"]


@pytest.mark.parametrize("mode", ["wal", "delete"])
async def test_the_file_is_only_read(tmp_path: Path, table: Table, mode: str) -> None:
    _fill(table, "2026-03-02 10:00:00")
    writer = sqlite3.connect(tmp_path / "leads.db")
    writer.execute(f"PRAGMA journal_mode={mode}")
    writer.execute("INSERT INTO leads (updated_at) VALUES ('2026-03-02 11:00:00')")
    writer.commit()
    found = await pages(table.source(url="sqlite:///leads.db", **BY_TIME))
    writer.close()
    assert keys(found) == ["1", "2"]
    with pytest.raises(BadConfig, match="readonly"), table.source()._database.reading() as connection:
        connection.exec_driver_sql("DELETE FROM leads")
    assert len(keys(await pages(table.source()))) == 2


async def test_a_file_put_in_its_place_is_read(tmp_path: Path, table: Table) -> None:
    _fill(table, "2026-03-02 10:00:00")
    source = table.source(**BY_TIME)
    assert len(keys(await pages(source))) == 1
    table.engine.dispose()
    _replace(tmp_path)
    assert len(keys(await pages(source))) == 2


def _replace(directory: Path) -> None:
    other = sqlite3.connect(directory / "other.db")
    other.execute("CREATE TABLE leads (id integer, updated_at text)")
    other.execute("INSERT INTO leads VALUES (1, '2026-03-02 10:00:00'), (2, '2026-03-02 11:00:00')")
    other.commit()
    other.close()
    (directory / "other.db").replace(directory / "leads.db")
