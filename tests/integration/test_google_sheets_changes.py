"""When a sheet of Google's is read, when it is left alone, and what happens if it is edited meanwhile."""

from __future__ import annotations

import dataclasses
import tracemalloc
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sources.base import PollRequest, Position
from sources.errors import Unavailable
from tests.crm_scene import keys, polled, position_of, records_of
from tests.google_scene import sheet

if TYPE_CHECKING:
    from tests.doubles.google_sheets import GoogleDouble

HEADER = ["Lead ID", "name"]
VALUES = "/values/"


def numbered(count: int, first: int = 1) -> list[list[Any]]:
    return [HEADER, *([f"L{number}", "Ada"] for number in range(first, first + count))]


async def test_p9_a_sheet_that_nobody_edited_is_not_read() -> None:
    async with sheet(*numbered(2)) as (google, source):
        position = position_of(await polled(source))
        read = len(google.asked(VALUES))
        again = await polled(source, position)
        assert [(len(page.records), page.position, page.last) for page in again] == [(0, position, True)]
        assert len(google.asked(VALUES)) == read
        google.edit(numbered(3))
        assert keys(await polled(source, position)) == ["L1", "L2", "L3"]


async def test_p1_a_sheet_that_formulas_fill_is_read_after_a_while_all_the_same() -> None:
    async with sheet(*numbered(2), read_anyway="10m") as (google, source):
        position = position_of(await polled(source))
        google.tabs[0].cells = numbered(3)  # IMPORTRANGE: Drive knows of no edit
        google.clock.time += timedelta(minutes=9)
        assert keys(await polled(source, position)) == []
        google.clock.time += timedelta(minutes=1)
        assert keys(await polled(source, position)) == ["L1", "L2", "L3"]


async def test_p1_a_clock_that_was_put_back_keeps_nothing_from_being_read() -> None:
    async with sheet(*numbered(2)) as (google, source):
        position = position_of(await polled(source))
        google.clock.time -= timedelta(days=1)
        assert keys(await polled(source, position)) == ["L1", "L2"]


async def test_an_edit_while_the_sheet_is_read_is_read_by_the_next_poll() -> None:
    async with sheet(*numbered(2)) as (google, source):
        google.meanwhile = [lambda: google.edit(numbered(3))]
        position = position_of(await polled(source))
        assert keys(await polled(source, position)) == ["L1", "L2", "L3"]


async def test_without_drive_cells_are_compared() -> None:
    async with sheet(*numbered(2)) as (google, source):
        google.scopes.remove("drive")
        position = position_of(await polled(source))
        assert keys(await polled(source, position)) == []
        google.tabs[0].cells[1][1] = "Bob"
        assert [record.fields["name"] for record in records_of(await polled(source, position))] == [
            "Bob",
            "Ada",
        ]
        assert (await source.check()).endswith("so it is read at every poll")


async def test_other_fields_are_read_from_an_unchanged_sheet() -> None:
    async with sheet(*numbered(2)) as (_, source):
        position = position_of(await polled(source, fields=frozenset({"Lead ID"})))
        found = records_of(await polled(source, position, fields=frozenset({"Lead ID", "name"})))
    assert [record.fields["name"] for record in found] == ["Ada", "Ada"]


@pytest.mark.parametrize("token", [None, "", "[]", "{}", '{"rules": 1, "at": "soon"}', '{"other": 1}'])
async def test_a_position_of_another_version_reads_everything(token: str | None) -> None:
    async with sheet(*numbered(2)) as (_, source):
        assert keys(await polled(source, Position(token=token))) == ["L1", "L2"]


def large(count: int = 250) -> list[list[Any]]:
    """Return rows that fill three parts, in a sheet as wide as `widened` makes it."""
    return numbered(count)


def widened(google: GoogleDouble) -> None:
    """Give the sheet so many columns that a part is 100 rows."""
    google.tabs[0].columns = 1_000
    google.tabs[0].spare = 0


def moving(google: GoogleDouble, change: Any) -> None:
    cells = [list(row) for row in google.tabs[0].cells]
    change(cells)
    google.edit(cells)


async def test_a_large_sheet_is_read_in_parts_without_losing_a_row() -> None:
    async with sheet(*large()) as (google, source):
        widened(google)
        assert keys(await polled(source)) == [f"L{number}" for number in range(1, 251)]
    parts = google.asked(VALUES)
    assert len(parts) == 3
    assert max(google.clock.slept) == pytest.approx(1.0)  # 60 in a minute


async def test_a_gap_in_a_large_sheet_is_no_end() -> None:
    rows = large(900)
    rows[101:701] = [[]] * 600
    async with sheet(*rows) as (google, source):
        widened(google)
        assert len(keys(await polled(source))) == 300


async def test_p9_no_more_than_a_part_of_a_large_sheet_is_in_memory() -> None:
    async def peak(count: int) -> int:
        text = "x" * 5_000
        async with sheet(HEADER, *([f"L{number}", text] for number in range(count))) as (google, source):
            widened(google)
            tracemalloc.start()
            try:
                async with aclosing(source.poll(PollRequest(page_size=50))) as pages:
                    assert sum([len(page.records) async for page in pages]) == count
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    few, many = await peak(300), await peak(600)
    assert many - few < 500_000, "300 rows more are 1.5 MB"


@pytest.mark.parametrize(
    "change",
    [lambda rows: rows.insert(1, ["new", "Ada"]), lambda rows: rows.pop(1), lambda rows: rows.reverse()],
    ids=["inserted", "removed", "sorted"],
)
async def test_p1_rows_that_move_between_two_parts_fail_the_poll(change: Any) -> None:
    async with sheet(*large()) as (google, source):
        widened(google)
        google.meanwhile = [lambda: moving(google, change)]
        with pytest.raises(Unavailable, match="sheet Leads was edited while it was being read"):
            await polled(source)
        if google.tabs[0].cells[0] == HEADER:
            assert len(keys(await polled(source))) in (249, 251)


async def test_p1_rows_that_move_between_numbers_and_dates_are_read_again() -> None:
    dated = [["Lead ID", "Came"], *([f"L{n}", datetime(2026, 3, n)] for n in range(1, 4))]
    async with sheet(*dated) as (google, source):
        google.meanwhile = [lambda: moving(google, lambda rows: rows.pop(1))]
        found = records_of(await polled(source))
    assert [(record.key, record.fields["Came"].day) for record in found] == [("L2", 2), ("L3", 3)]


async def test_a_sheet_that_never_stands_still_is_told_so() -> None:
    dated = [["Lead ID", "Came"], *([f"L{n}", datetime(2026, 3, n)] for n in range(1, 20))]
    async with sheet(*dated) as (google, source):
        google.meanwhile = [lambda: moving(google, lambda rows: rows.pop(1))] * 6
        with pytest.raises(Unavailable, match="edited while it was being read"):
            await polled(source)


async def test_numbers_that_formulas_make_anew_each_time_don_t_matter() -> None:
    def shuffled() -> None:
        google.tabs[0].cells[1][1] = 0.7

    async with sheet(["Lead ID", "Chance"], ["L1", 0.3]) as (google, source):
        google.meanwhile = [shuffled]
        assert [record.fields["Chance"] for record in records_of(await polled(source))] == [0.3]


async def test_fetching_reads_everything_and_gives_what_is_asked_for() -> None:
    async with sheet(*numbered(3)) as (google, source):
        assert [record.key for record in await source.fetch(["L2", "L9"])] == ["L2"]
        asked = len(google.api.asked)
        assert await source.fetch([]) == []
        assert len(google.api.asked) == asked


def test_a_state_says_what_it_is() -> None:
    from sources._google_sheets.seen import Seen

    names = [each.name for each in dataclasses.fields(Seen)]
    seen = Seen(*names)
    assert Seen.of(Position(token=seen.position().token)) is None  # `at` is no time
    assert Seen.of(Seen("r", content="c").position()) == Seen("r", content="c")
