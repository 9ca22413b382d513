"""By PostgreSQL's row versions: what is committed late, in any order, and what happens between polls."""

from __future__ import annotations

import json
from contextlib import aclosing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import column, create_engine, event, text

from sources._sql.postgresql_versions import written_since
from sources.base import PollRequest, Position, Window
from sources.errors import BadConfig
from sources.sql import Sql
from sync.store.store import open_store
from tests.engine_world import Clock, World
from tests.sql_databases import Table, bad, keys, notes, opened, pages, records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

BY_VERSION: dict[str, Any] = {"cursor": "xmin", "cursor_type": "row_version"}
MANY = 10_000


@pytest.fixture
def table(postgres_url: str, tmp_path: Path) -> Iterator[Table]:
    for table in opened(postgres_url, tmp_path):
        table.run("CREATE TABLE leads (id integer primary key, name varchar(40))")
        yield table


@contextmanager
def _open(table: Table) -> Iterator[Connection]:
    """A transaction with a number of its own, committed when the block ends."""
    engine = create_engine(table.url)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_current_xact_id()"))
        yield connection
    engine.dispose()


def _insert(table: Table, *ids: int) -> None:
    """Insert rows, each in a transaction of its own."""
    for each in ids:
        table.run(f"INSERT INTO leads VALUES ({each}, 'Lead {each}')")


async def _reached(table: Table, position: Position | None = None) -> Position:
    found = await pages(table.source(**BY_VERSION), position)
    assert found[-1].position
    return Position.from_json(json.loads(json.dumps(found[-1].position.to_json())))


def _said(position: Position | None, **other: Any) -> Position:
    """Return a position that says something else."""
    assert position
    token = {**json.loads(position.token or ""), **other}
    return replace(position, token=json.dumps({name: value for name, value in token.items() if value}))


async def test_only_what_was_written_since_is_read(table: Table) -> None:
    _insert(table, 1, 2, 3)
    position = await _reached(table)
    assert keys(await pages(table.source(**BY_VERSION), position)) == []
    table.run("UPDATE leads SET name = 'Ada' WHERE id = 2")
    _insert(table, 4)
    table.run("DELETE FROM leads WHERE id = 1")
    found = await pages(table.source(**BY_VERSION), position)
    assert [(each.key, each.fields) for each in records(found)] == [
        ("2", {"id": 2, "name": "Ada"}),
        ("4", {"id": 4, "name": "Lead 4"}),
    ]


async def test_p1_a_commit_with_a_lower_number_is_not_passed_over(table: Table) -> None:
    with _open(table) as late:
        late.execute(text("INSERT INTO leads VALUES (1, 'Late')"))
        _insert(table, 2)
        position = await _reached(table)
        again = await pages(table.source(**BY_VERSION), position)
        assert keys(again) == ["2"]  # the open transaction holds the position back
    found = await pages(table.source(**BY_VERSION), again[-1].position)
    assert "1" in keys(found)
    assert keys(await pages(table.source(**BY_VERSION), found[-1].position)) == []


async def test_p1_what_a_savepoint_wrote_is_found_when_it_is_committed(table: Table) -> None:
    with _open(table) as late:
        with late.begin_nested():
            late.execute(text("INSERT INTO leads VALUES (1, 'In a savepoint')"))
        with late.begin_nested() as undone:
            late.execute(text("INSERT INTO leads VALUES (2, 'Undone')"))
            undone.rollback()
        _insert(table, 3)  # a number above that of the savepoint, committed before it
        position = await _reached(table)
    assert set(keys(await pages(table.source(**BY_VERSION), position))) == {"1", "3"}


async def test_p1_the_later_of_two_changes_of_a_row_counts_whichever_number_is_lower(
    table: Table, tmp_path: Path
) -> None:
    _insert(table, 1)
    with _world(table, tmp_path) as world:
        with _open(table) as late:
            table.run("UPDATE leads SET name = 'First' WHERE id = 1")
            await world.sync()
            late.execute(text("UPDATE leads SET name = 'Second' WHERE id = 1"))
        await world.sync()
        assert await world.deliver() == [("1", "Second")]


async def test_what_was_rolled_back_or_only_locked_has_not_changed(table: Table) -> None:
    _insert(table, 1, 2)
    position = await _reached(table)
    engine = create_engine(table.url)
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO leads VALUES (3, 'Never')"))
        connection.execute(text("UPDATE leads SET name = 'Never' WHERE id = 1"))
        connection.rollback()
        connection.execute(text("SELECT * FROM leads WHERE id = 2 FOR UPDATE"))
        connection.commit()
    engine.dispose()
    assert keys(await pages(table.source(**BY_VERSION), position)) == []


async def test_p1_rows_of_one_transaction_fill_many_pages(table: Table) -> None:
    _insert(table, 0)
    position = await _reached(table)
    table.run(f"INSERT INTO leads SELECT n, 'Lead' FROM generate_series(1, {MANY}) AS n")
    found = await pages(table.source(**BY_VERSION), position, size=900)
    assert len(found) == 12
    assert keys(found) == [str(n) for n in range(1, MANY + 1)]


async def test_p1_what_changes_between_two_pages_is_read_by_the_next_poll(table: Table) -> None:
    _insert(table, *range(1, 8))
    source = table.source(**BY_VERSION)
    seen = []
    async with aclosing(source.poll(PollRequest(page_size=2))) as each:
        async for page in each:
            seen.append(page)
            if len(seen) == 1:
                table.run("UPDATE leads SET name = 'Changed' WHERE id IN (1, 7)")
    assert [record.fields["name"] for record in records(seen)] == [f"Lead {n}" for n in range(1, 8)]
    again = await pages(source, seen[-1].position)
    assert [(each.key, each.fields["name"]) for each in records(again)] == [
        ("1", "Changed"),
        ("7", "Changed"),
    ]


@pytest.mark.parametrize("begun", ["whole", "since"])
async def test_p1_a_poll_killed_after_every_page_goes_on_and_misses_no_change(
    table: Table, begun: str
) -> None:
    position = await _reached(table) if begun == "since" else None
    table.run("INSERT INTO leads SELECT n, 'Lead' FROM generate_series(1, 9) AS n")
    got: dict[str, Any] = {}
    for step in range(30):
        (page,) = await pages(table.source(**BY_VERSION), position, size=2, stop=1)
        got.update({each.key: each.fields["name"] for each in page.records})
        assert page.position
        position = Position.from_json(json.loads(json.dumps(page.position.to_json())))
        if step == 1:  # behind what has been read, and before it
            table.run("UPDATE leads SET name = 'Changed' WHERE id IN (1, 8)")
        if page.last and not page.records:
            break
    assert got == {str(n): "Changed" if n in (1, 8) else "Lead" for n in range(1, 10)}


async def test_composite_keys_and_rows_without_one_go_on_too(table: Table) -> None:
    table.run("CREATE TABLE visits (store integer, no varchar(9), name varchar(9))")
    table.run("INSERT INTO visits (store, no) VALUES (1, 'a'), (1, 'b'), (2, 'a'), (NULL, 'z'), (3, 'a')")
    said = {**BY_VERSION, "table": "visits", "key": ["store", "no"]}
    (first,) = await pages(table.source(**said), size=2, stop=1)
    rest = await pages(table.source(**said), first.position, size=2)
    assert keys([first]) == ["1|a", "1|b"]
    assert keys(rest) == ["1|b", "2|a", "3|a"]
    assert bad(rest) == ["table visits: the row has no key: nothing usable in store"]


async def test_p2_freezing_and_rewriting_a_table_loses_nothing_and_reads_nothing_again(table: Table) -> None:
    _insert(table, 1, 2)
    position = await _reached(table)
    _insert(table, 3)
    engine = create_engine(table.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM (FREEZE) leads"))
        connection.execute(text("VACUUM (FULL) leads"))
    engine.dispose()
    found = await pages(table.source(**BY_VERSION), position)
    assert keys(found) == ["3"]
    assert keys(await pages(table.source(**BY_VERSION), found[-1].position)) == []


async def _rows_asked(table: Table, position: Position) -> tuple[Position, int]:
    """Poll, and return how often rows were asked for."""
    source, asked = table.source(**BY_VERSION), list[str]()
    event.listen(source._database._opened(), "before_cursor_execute", lambda *said: asked.append(said[2]))
    found = await pages(source, position)
    assert found[-1].position
    return found[-1].position, sum("age(xmin)" in each for each in asked)


async def test_p9_a_server_that_nothing_was_written_on_is_not_asked_for_rows(table: Table) -> None:
    _insert(table, 1)
    position, counts = await _reached(table), []
    for _ in range(4):  # the server's own housekeeping may write now and then
        position, count = await _rows_asked(table, position)
        counts.append(count)
    assert 0 in counts
    _insert(table, 2)
    assert (await _rows_asked(table, position))[1] == 1


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"of": "another cluster"}, "not the database or the table"),
        ({"since": str(2**40)}, "put back to an earlier state"),
        ({"since": "-3000000000"}, "too long ago"),
        ({"run": "an earlier one"}, "started anew, or recovered from a crash"),
        ({"run": None}, "started anew"),  # read from a replica so far, which is a primary now
    ],
)
async def test_p1_a_position_that_says_nothing_here_has_all_rows_read_again(
    table: Table, said: dict[str, str], reason: str
) -> None:
    _insert(table, 1, 2)
    position = await _reached(table)
    found = await pages(table.source(**BY_VERSION), _said(position, **said))
    assert keys(found) == ["1", "2"]
    assert reason in notes(found)[0]
    assert found[-1].position
    assert not found[-1].position.is_before(position)
    assert keys(await pages(table.source(**BY_VERSION), found[-1].position)) == []


async def test_p1_a_server_that_recovered_from_a_crash_is_another_run_of_it(table: Table) -> None:
    """A crash has the statistics begin anew, and gives the numbers of undone transactions again."""
    _insert(table, 1)
    position = await _reached(table)
    table.run("SELECT pg_stat_reset_shared('bgwriter')")
    found = await pages(table.source(**BY_VERSION), position)
    assert keys(found) == ["1"]
    assert "recovered from a crash" in notes(found)[0]
    assert keys(await pages(table.source(**BY_VERSION), found[-1].position)) == []


async def test_p1_what_was_prepared_is_found_when_it_is_committed(table: Table) -> None:
    """A prepared transaction belongs to no session, and may be committed days later."""
    engine = create_engine(table.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in ("BEGIN", "INSERT INTO leads VALUES (1, 'Prepared')", "PREPARE TRANSACTION 'late'"):
            connection.exec_driver_sql(statement)
        _insert(table, 2)
        position = await _reached(table)
        connection.exec_driver_sql("COMMIT PREPARED 'late'")
    engine.dispose()
    assert set(keys(await pages(table.source(**BY_VERSION), position))) == {"1", "2"}


async def test_p1_a_table_put_in_the_others_place_is_read_whole(table: Table) -> None:
    table.run("CREATE TABLE leads_new (LIKE leads INCLUDING ALL)")
    table.run("INSERT INTO leads_new VALUES (7, 'Older than the position')")
    position = await _reached(table)
    table.run("ALTER TABLE leads RENAME TO leads_old")
    table.run("ALTER TABLE leads_new RENAME TO leads")
    assert keys(await pages(table.source(**BY_VERSION), position)) == ["7"]


async def test_p1_a_partition_that_is_attached_is_read(table: Table) -> None:
    table.run("CREATE TABLE months (id integer, name text) PARTITION BY RANGE (id)")
    table.run("CREATE TABLE months_1 PARTITION OF months FOR VALUES FROM (0) TO (10)")
    table.run("CREATE TABLE months_2 (LIKE months)")
    table.run("INSERT INTO months_2 VALUES (11, 'Before it was attached')")
    table.run("INSERT INTO months VALUES (1, 'January')")
    said = {**BY_VERSION, "table": "months"}
    first = await pages(table.source(**said))
    assert keys(first) == ["1"]
    table.run("ALTER TABLE months ATTACH PARTITION months_2 FOR VALUES FROM (10) TO (20)")
    assert keys(await pages(table.source(**said), first[-1].position)) == ["1", "11"]


def test_p1_numbers_are_counted_back_from_the_present_through_wraparound(table: Table) -> None:
    with table.engine.connect() as connection:
        now = connection.execute(text("SELECT pg_current_xact_id()::text::bigint")).scalar_one()
        # The last ones are of no transaction, 1 and 2 billion ago, and frozen before that.
        shown = [now, now - 1, now - 2, now - 5, 2, 1, now + 2**32 - 10**9, now + 2**32 - 2 * 10**9, now + 99]
        values = ", ".join(f"({number}, '{number % 2**32}'::xid)" for number in shown)
        written = text(
            f"SELECT number FROM (VALUES {values}) AS v (number, x) WHERE {{}}".format(
                written_since(now - 2, column("x")).compile(
                    connection, compile_kwargs={"literal_binds": True}
                )
            )
        )
        assert connection.execute(written).scalars().all() == [now, now - 1, now - 2]


@pytest.mark.parametrize(
    ("before", "said", "message"),
    [
        ("CREATE VIEW seen AS SELECT * FROM leads", {"table": "seen"}, "a view, whose rows have no versions"),
        ("SELECT 1", {"table": "lead"}, 'no table or view "lead"'),
        ("SELECT 1", {"cursor_type": "timestamp"}, "goes with `cursor_type: row_version`"),
    ],
)
async def test_what_has_no_versions_is_refused(
    table: Table, before: str, said: dict[str, str], message: str
) -> None:
    table.run(before)
    source = table.source(**{**BY_VERSION, **said})
    with pytest.raises(BadConfig, match=message):
        await source.check()
    with pytest.raises(BadConfig, match=message):
        await pages(source)


async def test_p5_a_position_of_another_cursor_is_refused_rather_than_all_rows_sent(table: Table) -> None:
    with pytest.raises(BadConfig, match="reset the source's state"):
        await pages(table.source(**BY_VERSION), Position(datetime(2026, 3, 2, tzinfo=UTC)))


async def test_check_says_what_a_poll_costs(table: Table) -> None:
    _insert(table, 1)
    assert await table.source(**BY_VERSION).check() == (
        "PostgreSQL, table leads: 1 row, columns id, name; each poll scans the whole table (8192 bytes) "
        "in the database, and what has changed travels"
    )


async def test_a_user_who_may_only_select_can_read_by_version(table: Table) -> None:
    _insert(table, 1)
    table.run("CREATE ROLE reader LOGIN PASSWORD 'reads'")
    table.run("GRANT SELECT ON leads TO reader")
    url = str(table.engine.url.set(username="reader").render_as_string(hide_password=False))
    for other in opened(url.replace("made-up-for-tests", "reads"), table.directory):
        assert keys(await pages(other.source(**BY_VERSION))) == ["1"]
    table.run("REVOKE SELECT ON leads FROM reader")
    table.run("DROP ROLE reader")


async def test_fetched_records_are_of_the_moment_they_are_read_at(table: Table) -> None:
    _insert(table, 1, 2)
    source = table.source(**BY_VERSION)
    (polled,) = records(await pages(source))[:1]
    (fetched,) = await source.fetch(["1"])
    assert fetched.fields == polled.fields
    assert isinstance(fetched.changed, str)
    assert isinstance(polled.changed, str)
    assert fetched.changed > polled.changed
    assert await source.fields() == ["id", "name"]
    assert await source.latest() is None
    await source.close()


async def test_a_span_of_time_reads_all_rows_and_says_so(table: Table) -> None:
    _insert(table, 1, 2)
    window = Window(since=datetime(2026, 3, 2, tzinfo=UTC))
    found = await pages(table.source(**BY_VERSION), size=1, window=window)
    assert keys(found) == ["1", "2"]
    assert notes(found)[0].startswith("row versions are no times: all rows are read")


@contextmanager
def _world(table: Table, directory: Path) -> Iterator[World]:
    store = open_store(f"sqlite:///{directory}/state.db", Clock())
    world = World(store, table.source(**BY_VERSION), lookback=Sql.default_lookback)
    world.edit('lead: { firstName: name, phoneNumber: { value: "212-555-0142" }, createdAt: made }')
    yield world
    store.close()


@pytest.mark.parametrize("first_sync", ["now", datetime(2026, 3, 1, tzinfo=UTC)])
async def test_p5_a_first_sync_takes_all_over_so_that_another_database_sends_nobody(
    table: Table, tmp_path: Path, first_sync: Any
) -> None:
    table.run("ALTER TABLE leads ADD made timestamptz DEFAULT '2026-02-01'")
    _insert(table, 1, 2)
    with _world(table, tmp_path) as world:
        world.first_sync = first_sync
        await world.sync()
        _insert(table, 3)
        await world.sync()
        assert await world.deliver() == [("3", "Lead 3")]
        table.run("CREATE TABLE restored (LIKE leads INCLUDING ALL)")
        table.run("INSERT INTO restored SELECT * FROM leads")
        table.run("INSERT INTO restored VALUES (4, 'Since', '2026-04-01')")
        table.run("ALTER TABLE leads RENAME TO gone")
        table.run("ALTER TABLE restored RENAME TO leads")
        result = await world.sync()
        assert (result.error, result.counts.polled) == (None, 4)
        assert await world.deliver() == [("4", "Since")]


async def test_p4_a_clock_that_was_put_back_hides_no_change(table: Table) -> None:
    _insert(table, 1)
    position = await _reached(table)
    ahead = datetime.now(UTC) + timedelta(days=400)
    later = replace(_said(position, as_of=ahead.isoformat()), at=ahead)
    _insert(table, 2)
    found = await pages(table.source(**BY_VERSION), later)
    (record,) = records(found)
    assert str(record.changed) > f"{ahead:%Y-%m-%d %H:%M:%S.%f}"
    assert found[-1].position
    assert later.is_before(found[-1].position)
