"""Keys that a database sorts by rules of its own: those that are one to it, and those that have a rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.errors import BadConfig
from tests.duckdb_tables import DuckTable
from tests.sql_databases import Table, keys, opened, pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Eleven keys, which are three to `utf8mb4_unicode_ci`, and eleven to `utf8mb4_bin`.
ALIKE = ["ada", "Ada", "ADA", "ádá", "strasse", "Strasse", "straße", "STRASSE", "zoe", "zoé", "ZOË"]


#: In the order of their rank, which is not the alphabet's.
WAYS = ["walk-in", "phone", "email"]
_ENUM = ", ".join(f"'{way}'" for way in WAYS)


@pytest.fixture
def table(mariadb_url: str, tmp_path: Path) -> Iterator[Table]:
    yield from opened(mariadb_url, tmp_path)


@pytest.mark.parametrize("collation", ["utf8mb4_unicode_ci", "utf8mb4_general_ci", "utf8mb4_bin"])
async def test_p1_keys_that_are_one_to_the_database_are_each_read_once_whatever_the_page(
    table: Table, collation: str
) -> None:
    table.run(
        f"CREATE TABLE leads (id varchar(20) COLLATE {collation}, updated_at datetime(6), "
        "INDEX (updated_at, id))"
    )
    said = ", ".join(f"('{key}', '2026-03-02 15:00:00')" for key in ALIKE)
    table.run(f"INSERT INTO leads VALUES {said}")
    for size in (1, 2, 5):
        found = await pages(table.source(cursor="updated_at"), size=size, stop=2 * len(ALIKE))
        assert sorted(keys(found)) == sorted(ALIKE), size


async def _all_are_read(table: Table | DuckTable) -> None:
    said = ", ".join(f"('{way}', {no}, '2026-03-02 15:00:00')" for way in WAYS for no in (1, 2, 3))
    table.run(f"INSERT INTO visits VALUES {said}")
    source = {"table": "visits", "key": ["way", "no"], "cursor": "updated_at"}
    for size in (1, 2, 4):
        found = await pages(table.source(**source), size=size, stop=20)
        assert sorted(keys(found)) == sorted(f"{way}|{no}" for way in WAYS for no in (1, 2, 3)), size


@pytest.mark.parametrize("type_", ["ENUM", "SET"])
async def test_p1_values_with_a_rank_are_sorted_as_they_are_compared_in_mariadb(
    table: Table, type_: str
) -> None:
    table.run(f"CREATE TABLE visits (way {type_}({_ENUM}), no integer, updated_at datetime(6))")
    await _all_are_read(table)


async def test_p1_values_with_a_rank_are_sorted_as_they_are_compared_in_postgresql(
    postgres_url: str, tmp_path: Path
) -> None:
    for each in opened(postgres_url, tmp_path):
        each.run(f"CREATE TYPE way AS ENUM ({_ENUM})")
        each.run("CREATE TABLE visits (way way, no integer, updated_at timestamptz)")
        await _all_are_read(each)


async def test_p1_values_with_a_rank_are_sorted_as_they_are_compared_in_duckdb(tmp_path: Path) -> None:
    duck = DuckTable(tmp_path)
    duck.run(f"CREATE TABLE visits (way ENUM({_ENUM}), no integer, updated_at timestamp)")
    await _all_are_read(duck)


async def test_p1_pages_that_go_round_in_a_circle_are_refused(table: Table) -> None:
    """PyMySQL gives the bytes of a BIT, which MariaDB doesn't find again."""
    table.run("CREATE TABLE visits (way BIT(8), no integer, updated_at datetime(6))")
    table.run("INSERT INTO visits VALUES (b'101', 1, now()), (b'101', 2, now()), (b'1', 1, now())")
    table.run("UPDATE visits SET updated_at = '2026-03-02 15:00:00'")
    source = table.source(table="visits", key=["way", "no"], cursor="updated_at")
    with pytest.raises(BadConfig, match="updated_at, way, no are compared otherwise than they are sorted"):
        await pages(source, size=1, stop=50)
