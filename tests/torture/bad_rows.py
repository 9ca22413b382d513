"""Tables and files that misbehave, behind the real `sql` and `spreadsheet` adapters."""

from __future__ import annotations

import csv
import resource
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sync.states import State
from tests.sheet_files import source as sheet_source
from tests.sql_databases import Table
from tests.torture.scene import PHONE, on_every_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tests.torture.scene import Scene

#: The column types are left out: SQLite then keeps whatever is written.
_MAKE = "CREATE TABLE leads (id, name, phone, updated_at timestamp)"
_MAKE_LOOSE = "CREATE TABLE leads (id, name, phone, updated_at)"
#: How much more memory than the largest cell may be taken: it is decoded, copied and encoded.
_COPIES = 24


@contextmanager
def table_in(directory: Path, make: str = _MAKE) -> Iterator[Table]:
    """Make an SQLite database with a table of leads."""
    table = Table(f"sqlite:///{directory}/leads.db", directory)
    table.run(make)
    try:
        yield table
    finally:
        for source in table.sources:
            source._database.close()
        table.engine.dispose()


def put(table: Table, *rows: tuple[Any, Any, Any]) -> None:
    """Insert rows: key, name and time."""
    values = [{"id": key, "name": name, "phone": PHONE, "at": _time(when)} for key, name, when in rows]
    table.run("INSERT INTO leads VALUES (:id, :name, :phone, :at)", values)


def _time(when: Any) -> Any:
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(when, datetime) else when


def now() -> datetime:
    """Return the time of the database, which is this machine's."""
    return datetime.now(UTC)


async def rows_that_change_while_they_are_read(scene: Scene) -> None:
    with table_in(scene.directory) as table:
        start = now() - timedelta(hours=5)
        wanted = {str(key): "Ada" for key in range(200)}
        put(table, *((key, "Ada", start + timedelta(seconds=key)) for key in range(200)))
        world = scene.world(table.source(cursor="updated_at"))
        world.page_size = 20
        left = list(range(1, 9))

        def change() -> None:
            if left:
                key, name = scene.random.randrange(200), f"Bea {left.pop()}"
                wanted[str(key)] = name
                scene.fault()
                said = {"id": key, "name": name, "at": _time(start + timedelta(minutes=30 - len(left)))}
                table.run("UPDATE leads SET name = :name, updated_at = :at WHERE id = :id", [said])

        with on_every_page(world, change):
            await scene.poll(world)
        await scene.poll(world)
        scene.expect(world, wanted)


async def a_row_of_the_year_2099(scene: Scene) -> None:
    with table_in(scene.directory) as table:
        begin = now() - timedelta(hours=2)
        put(table, (1, "Ada", begin), (2, "Bea", datetime(2099, 1, 1, tzinfo=UTC)))
        world = scene.world(table.source(cursor="updated_at"))
        await scene.poll(world)
        for number in (3, 4, 5):
            scene.fault()
            put(table, (number, "Cia", begin + timedelta(minutes=20 * number)))
            await scene.poll(world)
        scene.expect(world, {"1": "Ada", "3": "Cia", "4": "Cia", "5": "Cia"})
        assert State.INVALID in (await world.stands()).values(), "nobody is told of the row of 2099"


async def a_row_of_the_year_2099_at_the_first_sync(scene: Scene) -> None:
    with table_in(scene.directory) as table:
        put(table, (1, "Ada", now() - timedelta(hours=2)), (2, "Bea", datetime(2099, 1, 1, tzinfo=UTC)))
        world = scene.world(table.source(cursor="updated_at"), first_sync="now")
        await scene.poll(world)
        scene.fault()
        put(table, (3, "Cia", now()))
        await scene.poll(world)
        newest = dict(world.sent)
        assert newest.get("3") == "Cia", "a row of 2099 has blinded the source"
        assert "1" not in newest, "the first sync sent what was old"
        scene.tally.leads += 3


async def keys_of_every_type_in_one_table(scene: Scene) -> None:
    with table_in(scene.directory, _MAKE_LOOSE) as table:
        world = scene.world(table.source())
        for key in (7, "7", 7.0, "7.0", 7):
            scene.fault()
            table.run("DELETE FROM leads")
            put(table, (key, "Ada", None), (None, "Nul", None), ("8", "Bea", None), (8, "Bea", None))
            await scene.poll(world)
        newest = {key for key, _ in world.sent}
        assert newest <= {"7", "7.0", "8"}, newest
        assert len(world.sent) == len(set(world.sent)), f"something was sent twice: {world.sent}"
        scene.tally.leads += len(newest)


async def a_column_that_changes_its_type(scene: Scene) -> None:
    with table_in(scene.directory, _MAKE_LOOSE) as table:
        world = scene.world(table.source())
        names: list[Any] = ["Ada", 7, 7.5, b"\xff\xfe", None, "Eve"]
        put(table, *((key, name, None) for key, name in enumerate(names)))
        await scene.poll(world)
        for _ in names:
            scene.fault()
            names.insert(0, names.pop())
            table.run("DELETE FROM leads")
            put(table, *((key, name, None) for key, name in enumerate(names)))
            await scene.poll(world)
        stands = await world.stands()
        assert len(stands) == len(names), f"a record stands nowhere: {stands}"
        scene.tally.leads += len(names)
        texts = {str(key): name for key, name in enumerate(names) if name in ("Ada", "Eve")}
        assert texts.items() <= dict(world.sent).items(), f"lost: {texts}, {world.sent}"


async def times_of_every_type(scene: Scene) -> None:
    odd: Sequence[Any] = ("yesterday", 12, 1.5e300, b"\x00", "", "2026-02-30 10:00:00", None)
    for when in odd:
        directory = scene.directory / f"{odd.index(when)}"
        directory.mkdir()
        with table_in(directory) as table:
            begin = now() - timedelta(hours=2)
            put(table, (1, "Ada", begin), (2, "Bea", when), (3, "Cia", begin + timedelta(minutes=1)))
            world = scene.world(table.source(cursor="updated_at"))
            scene.fault()
            result = await world.sync()
            table.run("DELETE FROM leads WHERE id = 2")
            put(table, (2, "Bea", begin + timedelta(minutes=90)), (4, "Dot", begin + timedelta(minutes=100)))
            after = await world.sync()
            assert after.error is None, f"{when!r} stays: {after.error}; before: {result.error}"
            await world.deliver()
            scene.expect(world, {"1": "Ada", "2": "Bea", "3": "Cia", "4": "Dot"})


def _write(path: Path, rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "name", "phone"), *rows])


async def a_sheet_whose_keys_are_missing_or_twice(scene: Scene) -> None:
    path = scene.directory / "leads.csv"
    world = scene.world(sheet_source(scene.directory, "leads.csv", key="id"))
    people = [("7", "Ada"), ("", "Nul"), ("8", "Bea"), ("8", "Cia"), ("9", "Dot")]
    rows = [(key, name, PHONE) for key, name in people]
    for _ in range(3):
        scene.fault(2)
        _write(path, rows)
        result = await scene.poll(world)
        rows = [*rows, (str(len(rows) + 10), "Eve", PHONE)]
    assert result.counts.invalid or result.counts.unchanged
    newest = dict(world.sent)
    assert newest["7"] == "Ada"
    assert newest["9"] == "Dot"
    assert len(world.sent) == len(newest), f"something was sent twice: {world.sent}"
    scene.tally.leads += len(newest)


async def a_sheet_cut_while_it_is_written(scene: Scene) -> None:
    path = scene.directory / "leads.csv"
    world = scene.world(sheet_source(scene.directory, "leads.csv", key="id"))
    _write(path, [(n, "Ada", PHONE) for n in range(50)])
    whole = path.read_bytes()
    cut = scene.random.randrange(40, len(whole))
    path.write_bytes(whole[:cut])
    scene.fault()
    await world.sync()
    path.write_bytes(whole)
    await world.sync()
    await world.deliver()
    scene.expect(world, {str(n): "Ada" for n in range(50)})


async def a_huge_cell(scene: Scene) -> None:
    huge = "x" * scene.largest
    _write(scene.directory / "leads.csv", [(1, "Ada", PHONE), (2, huge, PHONE), (3, "Cia", PHONE)])
    world = scene.world(sheet_source(scene.directory, "leads.csv", key="id"))
    before = _peak()
    scene.fault()
    result = await world.sync()
    await world.deliver()
    grown = _peak() - before
    assert grown < _COPIES * scene.largest + 64_000_000, f"{grown:,} bytes for a cell of {len(huge):,}"
    if result.error is None:
        assert {"1", "3"} <= {key for key, _ in world.sent}
    else:
        assert len(result.error) < 1000, "the error holds the cell"
    scene.tally.leads += 3


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


CASES = (
    rows_that_change_while_they_are_read,
    a_row_of_the_year_2099,
    a_row_of_the_year_2099_at_the_first_sync,
    keys_of_every_type_in_one_table,
    a_column_that_changes_its_type,
    times_of_every_type,
    a_sheet_whose_keys_are_missing_or_twice,
    a_sheet_cut_while_it_is_written,
    a_huge_cell,
)
