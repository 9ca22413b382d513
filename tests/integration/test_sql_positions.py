"""By position: ties, duplicates, rows without time or key, the future, zones and types of cursors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from sources.base import PollRequest, Position, Window
from sources.errors import BadConfig
from tests.sql_databases import LOCAL, MOMENT, SERVERS, Table, bad, keys, notes, opened, pages, records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

T0 = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NEW_YORK = ZoneInfo("America/New_York")
BY_TIME: dict[str, Any] = {"cursor": "updated_at"}


@pytest.fixture(params=SERVERS)
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Table]:
    yield from opened(request.getfixturevalue(request.param), tmp_path)


def _create(table: Table, columns: str = "id integer primary key", at: str | None = None) -> None:
    moment = at or MOMENT[table.dialect]
    table.run(f"CREATE TABLE leads ({columns}, name varchar(40), updated_at {moment})")
    table.run("CREATE INDEX leads_changed ON leads (updated_at)")


def _insert(table: Table, *found: tuple[Any, datetime | str | int | None]) -> None:
    rows = [
        {"id": key, "name": f"Lead {key}", "at": table.value(at) if isinstance(at, datetime) else at}
        for key, at in found
    ]
    table.run("INSERT INTO leads (id, name, updated_at) VALUES (:id, :name, :at)", rows)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_p1_rows_of_one_moment_that_fill_many_pages_are_all_read_once(table: Table, size: int) -> None:
    _create(table)
    _insert(table, (100, T0), *((n, T0 + MINUTE) for n in range(20)), (50, T0 + 2 * MINUTE))
    found = await pages(table.source(**BY_TIME), size=size)
    assert keys(found) == ["100", *map(str, range(20)), "50"]
    assert max(len(page.records) for page in found) <= size


async def test_each_page_says_where_it_ends(table: Table) -> None:
    _create(table)
    _insert(table, (1, T0), (2, T0 + MINUTE), (3, T0 + MINUTE))
    positions = [page.position for page in await pages(table.source(**BY_TIME), size=2)]
    assert [position.at for position in positions if position] == [T0 + MINUTE, T0 + MINUTE]
    assert positions[0]
    assert positions[0].key[-1] == 2
    assert positions[-1] == Position(T0 + MINUTE)


async def test_p1_a_poll_in_steps_of_one_page_goes_through_a_long_tie(table: Table) -> None:
    _create(table)
    _insert(table, *((n, T0) for n in range(10)))
    position, got = None, set[str]()
    for _ in range(30):
        (page,) = await pages(table.source(**BY_TIME), position, size=2, stop=1)
        got.update(keys([page]))
        position = Position.from_json(page.position.to_json()) if page.position else position
        if page.last:
            break
    assert got == {str(n) for n in range(10)}


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
async def test_p1_rows_that_share_key_and_cursor_are_not_lost_between_pages(table: Table, size: int) -> None:
    _create(table, columns="id integer")
    table.run(
        "INSERT INTO leads (id, name, updated_at) VALUES (:id, :name, :at)",
        [{"id": n // 3, "name": f"Lead {n}", "at": table.value(T0)} for n in range(12)],
    )
    found = records(await pages(table.source(**BY_TIME), size=size))
    assert sorted(record.fields["name"] for record in found) == sorted(f"Lead {n}" for n in range(12))


@pytest.mark.parametrize("size", [1, 2, 3, 50])
async def test_p1_composite_keys_page_like_single_ones(table: Table, size: int) -> None:
    table.run(f"CREATE TABLE leads (store integer, no varchar(9), updated_at {MOMENT[table.dialect]})")
    rows = [
        {"s": store, "n": no, "at": table.value(T0 + MINUTE * (store % 2))}
        for store in range(4)
        for no in ("01", "1", "a|b")
    ]
    table.run("INSERT INTO leads VALUES (:s, :n, :at)", rows)
    found = await pages(table.source(key=["store", "no"], **BY_TIME), size=size)
    assert sorted(keys(found)) == sorted(f"{row['s']}|{row['n'].replace('|', '||')}" for row in rows)


async def test_rows_without_a_time_are_read_in_each_poll_and_counted(table: Table) -> None:
    _create(table)
    _insert(table, (1, T0), (2, None), (3, None), (4, None), (5, T0 + MINUTE))
    first = await pages(table.source(**BY_TIME), size=2)
    again = await pages(table.source(**BY_TIME), first[-1].position, size=2)
    assert sorted(keys(first)) == ["1", "2", "3", "4", "5"]
    assert sorted(keys(again)) == ["2", "3", "4", "5"]
    for found in (first, again):
        assert notes(found) == ["3 rows without updated_at: read in each poll, and compared"]
        assert {page.position for page in found if {"2", "3", "4"} & set(keys([page]))} == {None}
        assert found[-1].position == Position(T0 + MINUTE)
    assert [record.changed for record in records(first) if record.key in ("2", "3", "4")] == [None] * 3


@pytest.mark.parametrize("size", [1, 2, 3, 20])
async def test_p6_rows_without_a_key_are_set_aside_and_nothing_else_with_them(
    table: Table, size: int
) -> None:
    _create(table, columns="id integer")
    _insert(
        table, (1, T0), (None, T0), (2, T0), (None, T0 + MINUTE), (3, T0 + MINUTE), (None, None), (4, None)
    )
    found = await pages(table.source(**BY_TIME), size=size)
    assert sorted(set(keys(found))) == ["1", "2", "3", "4"]
    assert set(bad(found)) == {"table leads: the row has no key: nothing usable in id"}
    asides = {each.fields["updated_at"] is None for page in found for each in page.bad}
    assert asides == {True, False}


async def test_p6_a_page_of_nothing_but_rows_without_a_key_is_passed(table: Table) -> None:
    _create(table, columns="id integer")
    _insert(table, *((None, T0) for _ in range(7)), (1, T0), (2, T0 + MINUTE))
    found = await pages(table.source(**BY_TIME), size=2)
    assert sorted(set(keys(found))) == ["1", "2"]


async def test_p1_a_row_from_the_future_neither_blinds_nor_goes_unseen(table: Table) -> None:
    _create(table)
    _insert(table, (1, T0), (2, datetime(2037, 1, 1, tzinfo=UTC)), (3, T0 + MINUTE))
    source = table.source(**BY_TIME)
    latest = await source.latest()
    found = await pages(source)
    assert latest == Position(T0 + MINUTE)
    assert keys(found) == ["1", "3"]
    assert found[-1].position == Position(T0 + MINUTE)
    assert bad(found)[0].startswith("table leads, id 2: updated_at lies in the future")


async def test_a_clock_that_is_a_little_ahead_is_no_reason_to_wait(table: Table) -> None:
    _create(table)
    ahead = datetime.now(UTC).replace(microsecond=0) + 2 * MINUTE
    _insert(table, (1, T0), (2, ahead))
    found = await pages(table.source(**BY_TIME))
    assert keys(found) == ["1", "2"]
    assert found[-1].position == Position(T0)


async def test_integer_cursors_are_declared_and_read_again_at_the_boundary(table: Table) -> None:
    _create(table, at="bigint")
    _insert(table, (1, 10), (2, 20), (3, 20))
    with pytest.raises(BadConfig, match="cursor_type: integer"):
        await pages(table.source(**BY_TIME))
    said = {**BY_TIME, "cursor_type": "integer"}
    found = await pages(table.source(**said), size=2)
    assert (keys(found), found[-1].position) == (["1", "2", "3"], Position(20))
    assert [record.changed for record in records(found)] == [10, 20, 20]
    _insert(table, (0, 20), (9, 21))
    assert keys(await pages(table.source(**said), found[-1].position)) == ["0", "2", "3", "9"]
    assert await table.source(**said).latest() == Position(21)


async def test_text_cursors_are_declared(table: Table) -> None:
    _create(table, at="varchar(20)")
    _insert(table, (1, "v001"), (2, "v002"))
    with pytest.raises(BadConfig, match="cursor_type: text"):
        await pages(table.source(**BY_TIME))
    said = {**BY_TIME, "cursor_type": "text"}
    found = await pages(table.source(**said))
    _insert(table, (3, "v003"))
    assert found[-1].position == Position("v002")
    assert keys(await pages(table.source(**said), found[-1].position)) == ["2", "3"]


@pytest.mark.parametrize(("kind", "wrong"), [("integer", "text"), ("text", "integer")])
async def test_a_cursor_that_is_not_what_was_declared_is_refused(table: Table, kind: str, wrong: str) -> None:
    _create(table, at={"text": "varchar(20)", "integer": "bigint"}[wrong])
    _insert(table, (1, "v1" if wrong == "text" else 1))
    with pytest.raises(BadConfig, match="updated_at holds") as refused:
        await table.source(**BY_TIME, cursor_type=kind).check()
    assert refused.value.setting == "cursor_type"


async def test_a_span_of_time_needs_times(table: Table) -> None:
    _create(table, at="bigint")
    _insert(table, (1, 10))
    with pytest.raises(BadConfig, match="timestamps"):
        await pages(table.source(**BY_TIME, cursor_type="integer"), window=Window(T0))


async def test_a_position_of_another_cursor_is_refused_and_not_compared(table: Table) -> None:
    _create(table)
    _insert(table, (1, T0))
    with pytest.raises(BadConfig, match="reset"):
        await pages(table.source(**BY_TIME), Position(17))


async def test_times_without_a_zone_are_in_the_zone_of_the_source(table: Table) -> None:
    _create(table, at=LOCAL[table.dialect])
    table.zone = NEW_YORK
    _insert(table, (1, "2026-03-02 10:00:00"), (2, "2026-07-02 10:00:00"))
    found = await pages(table.source(**BY_TIME))
    assert [record.changed for record in records(found)] == [
        datetime(2026, 3, 2, 15, tzinfo=UTC),
        datetime(2026, 7, 2, 14, tzinfo=UTC),
    ]
    window = Window(datetime(2026, 7, 2, 14, tzinfo=UTC), datetime(2026, 7, 2, 14, 1, tzinfo=UTC))
    assert keys(await pages(table.source(**BY_TIME), window=window)) == ["2"]


async def test_p1_in_the_hour_that_comes_twice_nothing_is_lost(table: Table) -> None:
    _create(table, at=LOCAL[table.dialect])
    table.zone = NEW_YORK
    _insert(table, (1, "2025-11-02 01:50:00"))  # the first time round
    found = await pages(table.source(**BY_TIME))
    position = found[-1].position
    assert position
    assert position.at == datetime(2025, 11, 2, 5, 50, tzinfo=UTC)
    assert records(found)[0].changed is None  # which of the two can't be told
    _insert(table, (2, "2025-11-02 01:05:00"))  # the second time round: later, by an earlier clock
    assert keys(await pages(table.source(**BY_TIME), position)) == ["2", "1"]


async def test_days_are_read_again_until_they_are_over(table: Table) -> None:
    _create(table, at="date")
    table.zone = NEW_YORK
    _insert(table, (2, "2026-03-01"), (3, "2026-03-02"))
    found = await pages(table.source(**BY_TIME))
    assert found[-1].position == Position(datetime(2026, 3, 2, 5, tzinfo=UTC))
    _insert(table, (1, "2026-03-02"))
    assert keys(await pages(table.source(**BY_TIME), found[-1].position)) == ["1", "3"]
    window = Window(datetime(2026, 3, 1, 5, tzinfo=UTC), datetime(2026, 3, 2, 5, tzinfo=UTC))
    assert keys(await pages(table.source(**BY_TIME), window=window)) == ["2"]


async def test_nothing_new_leaves_the_position_where_it_was(table: Table) -> None:
    _create(table)
    for position in (None, Position(T0)):
        (page,) = await pages(table.source(**BY_TIME), position)
        assert (list(page.records), page.position, page.last) == ([], position, True)
    assert await table.source(**BY_TIME).latest() is None
    _insert(table, (1, T0 - MINUTE))
    (page,) = await pages(table.source(**BY_TIME), Position(T0))
    assert (list(page.records), page.position, page.last) == ([], Position(T0), True)


async def test_rows_that_change_while_they_are_read_come_again_and_none_is_missed(table: Table) -> None:
    _create(table)
    _insert(table, *((n, T0 + MINUTE * n) for n in range(1, 8)))
    source, got = table.source(**BY_TIME), list[str]()
    async for page in source.poll(PollRequest(page_size=2)):
        got += keys([page])
        if len(got) == 2:
            at = table.value(T0 + MINUTE * 50)
            table.run("UPDATE leads SET updated_at = :at WHERE id IN (1, 5)", [{"at": at}])
    await source.close()
    assert got == ["1", "2", "3", "4", "6", "7", "1", "5"]
