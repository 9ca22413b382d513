"""What a mapping gets of the column types that bite, from real databases: the table in docs/sources.md."""

from __future__ import annotations

import datetime as dt
import math
import sqlite3
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine

from sources.errors import BadConfig
from tests.duckdb_tables import DuckTable
from tests.sql_databases import opened, pages, records

if TYPE_CHECKING:
    from pathlib import Path

ID = "11111111-2222-3333-4444-555555555555"
BIG = 170141183460469231731687303715884105727
NAIVE = dt.datetime(2026, 3, 2, 15, 0, 0, 123456)
ZONED = NAIVE.replace(tzinfo=dt.UTC)
#: How a column is declared, what it holds, and what the mapping gets. NULL is None everywhere.
POSTGRESQL = [
    ("numeric(12,2)", "12.30", Decimal("12.30")),
    ("timestamptz", "'2026-03-02 15:00:00.123456+00'", ZONED),
    ("timestamp", "'2026-03-02 15:00:00.123456'", NAIVE),
    ("date", "'2026-03-02'", dt.date(2026, 3, 2)),
    ("timestamp", "'infinity'", "infinity"),
    ("uuid", f"'{ID}'", ID),
    ("json", """'{"a": [1, null]}'""", {"a": [1, None]}),
    ("jsonb", "'[1, 2]'", [1, 2]),
    ("bytea", r"'\x00ff'", "00ff"),
    ("mood", "'warm'", "warm"),
    ("integer[]", "'{1,2,null}'", [1, 2, None]),
    ("text[]", "'{a,\"b c\"}'", ["a", "b c"]),
    ("interval", "'1 day 08:30:00'", "32:30:00"),
    ("time", "'10:30'", "10:30:00"),
    ("time", "'24:00'", "24:00:00"),
    ("timetz", "'24:00+00'", "24:00:00+00"),
    ("interval", "'9000000 years'", "9000000 years"),
    ("timestamptz[]", "'{infinity}'", ["infinity"]),
    ("bit(3)", "'101'", "101"),
    ("money", "12.5", "$12.50"),
    ("boolean", "true", True),
    ("inet", "'192.0.2.7'", "192.0.2.7"),
    ("numeric", str(BIG), Decimal(BIG)),
    ("char(4)", "'ab'", "ab  "),
]
MARIADB = [
    ("decimal(12,2)", "12.30", Decimal("12.30")),
    ("timestamp(6) null", "'2026-03-02 15:00:00.123456'", ZONED),
    ("datetime(6)", "'2026-03-02 15:00:00.123456'", NAIVE),
    ("date", "'2026-03-02'", dt.date(2026, 3, 2)),
    ("datetime", "'0000-00-00'", "0000-00-00 00:00:00"),
    ("uuid", f"'{ID}'", ID),
    ("json", """'{"a": [1, null]}'""", {"a": [1, None]}),
    ("blob", "x'00ff'", "00ff"),
    ("enum('cold','warm')", "'warm'", "warm"),
    ("set('a','b')", "'b,a'", "a,b"),
    ("time", "'-26:30:00'", "-26:30:00"),
    ("bit(8)", "b'101'", "05"),
    ("boolean", "true", 1),
    ("bigint unsigned", "18446744073709551615", 18446744073709551615),
    ("year", "2026", 2026),
    ("char(4)", "'ab'", "ab"),
]
DUCKDB = [
    ("decimal(12,2)", "12.30", Decimal("12.30")),
    ("timestamptz", "'2026-03-02 15:00:00.123456+00'", ZONED),
    ("timestamp", "'2026-03-02 15:00:00.123456'", NAIVE),
    ("timestamp_ns", "'2026-03-02 15:00:00.123456789'", NAIVE),
    ("date", "'2026-03-02'", dt.date(2026, 3, 2)),
    ("uuid", f"'{ID}'", ID),
    ("json", """'{"a": [1, null]}'""", {"a": [1, None]}),
    ("json", """'"5"'""", "5"),
    ("blob", r"'\x00\xFF'", "00ff"),
    ("mood", "'warm'", "warm"),
    ("integer[]", "[1, 2, NULL]", [1, 2, None]),
    ("struct(a integer, tags text[])", "{'a': 1, 'tags': ['x']}", {"a": 1, "tags": ["x"]}),
    ("map(varchar, integer)", "MAP {'k': 1}", {"k": 1}),
    ("hugeint", str(BIG), BIG),
    ("interval", "INTERVAL '1 day 8 hours'", "32:00:00"),
    ("time", "'10:30'", "10:30:00"),
    ("bit", "'101'", "101"),
    ("boolean", "true", True),
    ("union(n integer, t varchar)", "'x'", "x"),
]
SQLITE = [
    ("decimal(12,2)", "12.5", 12.5),
    ("timestamp", "'2026-03-02 15:00:00'", "2026-03-02 15:00:00"),
    ("json", """'{"a": [1, null]}'""", {"a": [1, None]}),
    ("json", "'not json'", "not json"),
    ("blob", "x'00ff'", "00ff"),
    ("boolean", "true", 1),
    ("integer", "9223372036854775807", 2**63 - 1),
]


def _declared(columns: list[tuple[str, str, Any]]) -> str:
    return ", ".join(f"c{n} {kind}" for n, (kind, _, _) in enumerate(columns))


def _values(columns: list[tuple[str, str, Any]]) -> str:
    return ", ".join(value for _, value, _ in columns)


def _statements(columns: list[tuple[str, str, Any]]) -> list[str]:
    nothing = ", ".join(["NULL"] * len(columns))
    return [
        f"CREATE TABLE leads (id integer primary key, {_declared(columns)})",
        f"INSERT INTO leads VALUES (1, {_values(columns)})",
        f"INSERT INTO leads VALUES (2, {nothing})",
    ]


async def _got(source: Any, columns: list[tuple[str, str, Any]]) -> None:
    some, nothing = sorted(records(await pages(source)), key=lambda record: record.key)
    got = [(kind, type(value := some.fields[f"c{n}"]), value) for n, (kind, _, _) in enumerate(columns)]
    assert got == [(kind, type(value), value) for kind, _, value in columns]
    assert set(list(nothing.fields.values())[1:]) == {None}


def _run(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


async def test_postgresql(postgres_url: str, tmp_path: Path) -> None:
    _run(postgres_url, "CREATE TYPE mood AS ENUM ('cold', 'warm')", *_statements(POSTGRESQL))
    for table in opened(postgres_url, tmp_path):
        await _got(table.source(), POSTGRESQL)


async def test_numbers_that_are_none_are_given_as_such(postgres_url: str, tmp_path: Path) -> None:
    _run(postgres_url, "CREATE TABLE leads (id integer, n numeric, f float8)")
    _run(postgres_url, "INSERT INTO leads VALUES (1, 'NaN', 'Infinity')")
    for table in opened(postgres_url, tmp_path):
        [record] = records(await pages(table.source()))
        assert record.fields["n"].is_nan()
        assert record.fields["f"] == math.inf


async def test_mariadb(mariadb_url: str, tmp_path: Path) -> None:
    lenient = "SET SESSION sql_mode = '', time_zone = '+00:00'"
    _run(mariadb_url, lenient, *_statements(MARIADB))
    for table in opened(mariadb_url, tmp_path):
        await _got(table.source(), MARIADB)


async def test_duckdb(tmp_path: Path) -> None:
    table = DuckTable(tmp_path)
    for statement in ("CREATE TYPE mood AS ENUM ('cold', 'warm')", *_statements(DUCKDB)):
        table.run(statement)
    await _got(table.source(), DUCKDB)


async def test_sqlite(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "leads.db") as connection:
        for statement in _statements(SQLITE):
            connection.execute(statement)
    connection.close()
    for table in opened(f"sqlite:///{tmp_path / 'leads.db'}", tmp_path):
        await _got(table.source(), SQLITE)


async def test_no_key_or_cursor_is_of_single_precision(
    postgres_url: str, mariadb_url: str, tmp_path: Path
) -> None:
    duck = DuckTable(tmp_path)
    made = "CREATE TABLE leads (id {0} primary key, score {0})"
    for url, kind in ((postgres_url, "real"), (mariadb_url, "float")):
        _run(url, made.format(kind))
    duck.run(made.format("float"))
    servers = [table for url in (postgres_url, mariadb_url) for table in opened(url, tmp_path)]
    for table in (*servers, duck):
        with pytest.raises(BadConfig, match=r'"id" is a number of single precision') as refused:
            await pages(table.source())
        assert refused.value.setting == "key"
