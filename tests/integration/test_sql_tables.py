"""Tables, views and queries; names that need quoting; values; snapshots; fetching; what `check` says."""

from __future__ import annotations

import datetime as dt
from contextlib import aclosing
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from sources.base import PollRequest
from sources.errors import BadConfig
from tests.sql_databases import MOMENT, SERVERS, Table, bad, keys, opened, pages, records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

T0 = dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC)
ID = "11111111-2222-3333-4444-555555555555"


@pytest.fixture(params=SERVERS)
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Table]:
    yield from opened(request.getfixturevalue(request.param), tmp_path)


def _fill(table: Table, count: int = 3) -> None:
    table.run(
        f"CREATE TABLE leads (id integer primary key, name varchar(40), updated_at {MOMENT[table.dialect]})"
    )
    rows = [
        {"id": n, "name": f"Lead {n}", "at": table.value(T0 + dt.timedelta(minutes=n))} for n in range(count)
    ]
    if rows:
        table.run("INSERT INTO leads VALUES (:id, :name, :at)", rows)


def _quoted(table: Table, name: str) -> str:
    return table.engine.dialect.identifier_preparer.quote_identifier(name)


async def test_names_that_need_quoting_are_just_names(table: Table) -> None:
    names = {name: _quoted(table, name) for name in ("Order", "Key", "select", "Updated At", "100 %", "a:b")}
    kinds = ("integer", "varchar(9)", MOMENT[table.dialect], "integer", "integer")
    columns = [f"{names[name]} {kind}" for name, kind in zip(list(names)[1:], kinds, strict=True)]
    with table.engine.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE TABLE {names['Order']} ({', '.join(columns)})".replace("%%", "%"),
            execution_options={"no_parameters": True},
        )
    rows = [{"k": n, "at": table.value(T0)} for n in range(3)]
    table.run(f"INSERT INTO {names['Order']} VALUES (:k, 'x', :at, 5, 6)", rows)
    source = table.source(table="Order", key=["Key", "select"], cursor="Updated At")
    found = await pages(source, size=2)
    assert keys(found) == ["0|x", "1|x", "2|x"]
    assert await source.fields() == ["Key", "select", "Updated At", "100 %", "a:b"]
    assert records(found)[0].fields["100 %"] == 5
    assert keys([*await pages(source, found[0].position)])[0] in ("0|x", "1|x")
    assert [record.key for record in await source.fetch(["1|x", "7|x", "1"])] == ["1|x"]


async def test_only_the_columns_wanted_are_read_and_the_key_and_cursor(table: Table) -> None:
    _fill(table)
    found = records(await pages(table.source(cursor="updated_at"), fields=frozenset({"name", "none"})))
    assert {tuple(sorted(record.fields)) for record in found} == {("id", "name", "updated_at")}
    found = records(await pages(table.source(), fields=frozenset({"name"})))
    assert {tuple(sorted(record.fields)) for record in found} == {("id", "name")}


async def test_a_view_is_a_table(table: Table) -> None:
    _fill(table)
    table.run("CREATE VIEW fresh AS SELECT id, name, updated_at FROM leads WHERE id > 0")
    source = table.source(table="fresh", cursor="updated_at")
    assert keys(await pages(source)) == ["1", "2"]
    assert "columns id, name, updated_at" in await source.check()


QUERIES = [
    "SELECT id, name AS who, updated_at FROM leads WHERE name <> '10:30 100% :x'",
    "SELECT id, name AS who, updated_at FROM leads;",
    "-- who:\nSELECT id, name AS who, updated_at FROM leads -- all",
    "WITH few AS (SELECT id, name AS who, updated_at FROM leads) SELECT * FROM few",
    "SELECT id, name AS who, updated_at FROM leads ORDER BY name LIMIT 100",
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("cursor", ["updated_at", None])
async def test_queries_are_read_like_tables(table: Table, query: str, cursor: str | None) -> None:
    _fill(table)
    source = table.source(query=query, **({"cursor": cursor} if cursor else {}))
    found = await pages(source, size=2)
    assert keys(found) == ["0", "1", "2"]
    assert records(found)[0].fields["who"] == "Lead 0"
    assert await source.fields() == ["id", "who", "updated_at"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELEC id FROM leads", "syntax"),
        ("SELECT nme FROM leads", "nme"),
        ("DELETE FROM leads", "syntax"),
        ("SELECT name FROM leads", 'no column "id": the query has name'),
    ],
)
async def test_a_query_that_can_not_be_is_refused_with_the_reason(
    table: Table, query: str, message: str
) -> None:
    _fill(table)
    with pytest.raises(BadConfig, match=f"(?i){message}"):
        await table.source(query=query).check()
    with table.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM leads").scalar() == 3


async def test_two_columns_of_one_name_are_named_apart_or_refused(table: Table) -> None:
    _fill(table)
    source = table.source(query="SELECT id, name, id FROM leads")
    if table.dialect == "sqlite":  # which names them apart itself
        assert await source.fields() == ["id", "name", "id:1"]
        return
    with pytest.raises(BadConfig, match=r"(?i)more than one column called id|duplicate column"):
        await source.check()


@pytest.mark.parametrize(
    ("said", "setting", "message"),
    [
        ({"table": "leeds"}, "table", 'no table or view "leeds" (did you mean "leads"?): there are'),
        ({"key": "Id"}, "key", 'no column "Id" (did you mean "id"?): table leads has id, name, updated_at'),
        ({"cursor": "updated"}, "cursor", 'no column "updated" (did you mean "updated_at"?)'),
        ({"table": "crm.contacts"}, "table", "(write `schema: crm` and `table: contacts`)"),
    ],
)
async def test_what_is_not_there_is_said_with_what_is(
    table: Table, said: dict[str, Any], setting: str, message: str
) -> None:
    _fill(table)
    for act in (table.source(**said).check, table.source(**said).fields):
        with pytest.raises(BadConfig) as refused:
            await act()
        assert message in str(refused.value)
        assert refused.value.setting == setting


async def test_a_snapshot_is_streamed_in_pages_and_has_no_position(table: Table) -> None:
    _fill(table, 10)
    found = await pages(table.source(), size=3)
    assert [len(page.records) for page in found] == [3, 3, 3, 1]
    assert {page.position for page in found} == {None}
    assert sorted(map(int, keys(found))) == list(range(10))
    assert await table.source().latest() is None


async def test_an_empty_table_is_one_empty_page(table: Table) -> None:
    _fill(table, 0)
    for source in (table.source(), table.source(cursor="updated_at")):
        (page,) = await pages(source)
        assert (list(page.records), page.position, page.last) == ([], None, True)


async def test_a_snapshot_broken_off_does_not_read_the_rest(table: Table) -> None:
    _fill(table, 20_000)
    source = table.source()
    for _ in range(3):
        async with aclosing(source.poll(PollRequest(page_size=10))) as each:
            async for page in each:
                assert len(page.records) == 10
                break
    assert len(keys(await pages(source))) == 20_000


async def test_p6_a_snapshot_row_without_a_key_is_set_aside(table: Table) -> None:
    table.run("CREATE TABLE leads (id varchar(9), name varchar(9))")
    table.run("INSERT INTO leads VALUES ('1', 'a'), (NULL, 'b'), ('  ', 'c'), ('4', 'd')")
    found = await pages(table.source(), size=2)
    assert sorted(keys(found)) == ["1", "4"]
    assert len(bad(found)) == 2


async def test_values_are_what_a_mapping_can_work_with(table: Table) -> None:
    kinds = {
        "sqlite": ("decimal(9,2)", "json", "blob", "date", "time"),
        "postgresql": ("numeric(9,2)", "jsonb", "bytea", "date", "time"),
        "mysql": ("decimal(9,2)", "json", "varbinary(9)", "date", "time"),
    }[table.dialect]
    amount, extra, raw, day, clock = kinds
    columns = f"amount {amount}, extra {extra}, raw {raw}, day {day}, clock {clock}"
    table.run(f"CREATE TABLE leads (id integer, {columns})")
    table.run(
        "INSERT INTO leads VALUES (1, :amount, :extra, :raw, '2026-01-31', '08:30:00')",
        [{"amount": "12.50", "extra": '{"tags": ["a", 1.5, null]}', "raw": b"\x01\xff"}],
    )
    ((fields),) = [record.fields for record in records(await pages(table.source()))]
    assert fields["extra"] == {"tags": ["a", 1.5, None]}
    assert fields["raw"] == "01ff"
    assert fields["clock"] == "08:30:00"
    assert fields["amount"] == (12.5 if table.dialect == "sqlite" else Decimal("12.50"))
    assert fields["day"] == ("2026-01-31" if table.dialect == "sqlite" else dt.date(2026, 1, 31))


async def test_records_are_fetched_by_their_keys(table: Table) -> None:
    _fill(table, 300)
    wanted = [str(n) for n in range(0, 600, 2)] + ["x", "", "1.5", "99999999999999999999"]
    found = await table.source(cursor="updated_at").fetch(wanted)
    assert sorted(int(record.key) for record in found) == list(range(0, 300, 2))
    assert {record.key: record.changed for record in found}["2"] == T0 + dt.timedelta(minutes=2)
    assert await table.source().fetch([]) == []


async def test_text_keys_keep_their_zeros(table: Table) -> None:
    table.run("CREATE TABLE leads (id varchar(9) primary key, name varchar(9))")
    table.run("INSERT INTO leads VALUES ('007', 'a'), ('7', 'b')")
    assert keys(await pages(table.source())) == ["007", "7"]
    assert [record.fields["name"] for record in await table.source().fetch(["007"])] == ["a"]


async def test_keys_of_a_fixed_length_are_found_without_their_blanks(table: Table) -> None:
    table.run("CREATE TABLE leads (id char(6) primary key, name varchar(9))")
    table.run("INSERT INTO leads VALUES ('ab', 'a'), ('abc', 'b')")
    assert keys(await pages(table.source())) == ["ab", "abc"]
    assert [record.fields["name"] for record in await table.source().fetch(["ab"])] == ["a"]


async def test_check_says_what_is_there_and_whether_an_index_helps(table: Table) -> None:
    _fill(table)
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MySQL"}[table.dialect]
    said = await table.source(cursor="updated_at").check()
    assert said == (
        f"{name}, table leads: 3 rows, columns id, name, updated_at; "
        "no index begins with updated_at, so each poll looks at all rows"
    )
    table.run("CREATE INDEX changed ON leads (updated_at, id)")
    assert (await table.source(cursor="updated_at").check()).endswith("columns id, name, updated_at")
    assert (await table.source().check()).endswith("; no cursor, so each poll reads all rows")


async def test_check_does_not_count_a_big_table(table: Table) -> None:
    _fill(table, 12_000)
    if table.dialect != "sqlite":
        table.run("ANALYZE leads" if table.dialect == "postgresql" else "ANALYZE TABLE leads")
    said = await table.source().check()
    assert ": more than 10,000 rows," in said if table.dialect == "sqlite" else ": about 1" in said


async def test_p1_a_query_is_asked_as_it_is_written_backslashes_and_all(table: Table) -> None:
    table.run("CREATE TABLE leads (id integer)")
    table.run("INSERT INTO leads VALUES (1)")
    given = {"one": r"\D", "colon": r"\:z", "many": r"a:b::c\:\:d", "percent": "100% %s", "end": "x\\"}
    mysql = table.dialect == "mysql"  # which reads backslashes itself
    shown = {name: value.replace("\\", "\\\\") if mysql else value for name, value in given.items()}
    said = ", ".join(f"'{value}' AS {name}" for name, value in shown.items())
    (page,) = await pages(table.source(query=f"SELECT id, {said} FROM leads -- it's: all\\"))
    assert page.records[0].fields == {"id": 1, **given}
