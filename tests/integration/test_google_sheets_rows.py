"""Rows of Google Sheets: what Google leaves out, what it gives as numbers, and where the table begins."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sources.errors import BadConfig, Unavailable
from tests.crm_scene import keys, polled, records_of
from tests.doubles.google_sheets import ID, Tab
from tests.google_scene import rows_of, sheet

NEW_YORK = ZoneInfo("America/New_York")
HEADER = ["Lead ID", "name", "Phone"]


async def test_cells_and_rows_that_google_leaves_out_are_empty() -> None:
    async with sheet(HEADER, ["7", "Ada"], [], ["8", "", "804-555-0100"], ["", "", ""]) as (_, source):
        found = records_of(await polled(source))
    assert [dict(record.fields) for record in found] == [
        {"Lead ID": "7", "name": "Ada", "Phone": None},
        {"Lead ID": "8", "name": None, "Phone": "804-555-0100"},
    ]
    assert [record.where for record in found] == [
        "Leads of 2026, sheet Leads, row 2",
        "Leads of 2026, sheet Leads, row 4",
    ]


async def test_a_sheet_with_a_header_alone_has_no_rows() -> None:
    async with sheet(HEADER) as (_, source):
        assert keys(await polled(source)) == []


async def test_p1_a_sheet_without_any_values_is_not_taken_for_one_without_rows() -> None:
    async with sheet() as (google, source):
        google.tabs.append(Tab("Archive", 9))
        with pytest.raises(
            Unavailable, match="has no rows, not even column names; its sheets are Leads, Archive"
        ):
            await polled(source)


async def test_a_header_below_a_title_with_columns_that_are_blank_or_called_the_same() -> None:
    header = ["Lead ID", "Phone", "", "Phone"]
    async with sheet(["Spring fair"], [], header, ["7", "804-555-0100", "vip", "804-555-0101"]) as (
        _,
        source,
    ):
        assert await rows_of(source) == [
            {"Lead ID": "7", "Phone": "804-555-0100", "Column C": "vip", "Phone (2)": "804-555-0101"}
        ]


async def test_cells_beyond_the_header_are_there_by_their_column() -> None:
    async with sheet(HEADER, ["7", "Ada", "804-555-0100", "more"]) as (_, source):
        assert (await rows_of(source))[0]["Column D"] == "more"


@pytest.mark.parametrize(
    ("typed", "read"), [(8045550123, 8045550123), (18045550123.0, 18045550123), (2.5, 2.5)]
)
async def test_a_phone_that_was_typed_as_a_number_is_read_without_separators(typed: Any, read: Any) -> None:
    async with sheet(HEADER, [7, "Ada", typed]) as (google, source):
        found = records_of(await polled(source))
    assert [(record.key, record.fields["Phone"]) for record in found] == [("7", read)]
    assert all(asked.query["valueRenderOption"] == "UNFORMATTED_VALUE" for asked in google.asked("/values/"))


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (date(2026, 3, 4), date(2026, 3, 4)),
        (datetime(2026, 3, 4, 10, 30), datetime(2026, 3, 4, 10, 30, tzinfo=NEW_YORK)),
        (datetime(2026, 3, 4), datetime(2026, 3, 4, tzinfo=NEW_YORK)),
        (datetime(1900, 1, 1, 12), datetime(1900, 1, 1, 12, tzinfo=NEW_YORK)),
        (time(8, 30), "08:30:00"),
        (timedelta(hours=36, minutes=5), "36:05:00"),
        (46085, 46085),
        (46085.4375, 46085.4375),
        (True, True),
    ],
)
async def test_dates_are_told_from_numbers_and_are_in_the_zone_of_the_sheet(cell: Any, read: Any) -> None:
    async with sheet(["Lead ID", "Came"], ["7", cell]) as (_, source):
        found = (await rows_of(source))[0]["Came"]
    assert found == read
    assert type(found) is type(read)


async def test_the_time_of_a_change_is_in_the_zone_of_the_sheet() -> None:
    changed = datetime(2026, 7, 4, 10, 30)
    async with sheet(["Lead ID", "At"], ["7", changed], ["8", "2026-07-04 10:30"], changed="At") as (
        _,
        source,
    ):
        found = records_of(await polled(source))
    assert [record.changed for record in found] == [datetime(2026, 7, 4, 14, 30, tzinfo=UTC)] * 2


async def test_a_zone_that_nobody_knows_is_that_of_the_source() -> None:
    async with sheet(["Lead ID", "At"], ["7", datetime(2026, 7, 4, 10, 30)]) as (google, source):
        google.zone = "Mars/Olympus"
        assert (await rows_of(source))[0]["At"] == datetime(2026, 7, 4, 10, 30, tzinfo=UTC)


async def test_cells_with_an_error_are_empty_and_told() -> None:
    async with sheet(HEADER, ["7", "Ada", "#N/A"], ["8", "#REF!", "#DIV/0!"]) as (_, source):
        found = await polled(source)
    assert [record.fields["Phone"] for record in records_of(found)] == [None, None]
    [note] = found[-1].notes
    assert note.startswith("3 cells with an error")
    assert "Leads of 2026, sheet Leads, C2" in note


@pytest.mark.parametrize("title", ["Q1", "It's ours", "Walk-ins & calls", "50%/day", "A1:B2", "Ärger"])
async def test_any_title_is_quoted(title: str) -> None:
    async with sheet(sheet=title) as (google, source):
        google.tabs = [Tab("Notes", 3), Tab(title, 4, [HEADER, ["7", "Ada"]])]
        assert keys(await polled(source)) == ["7"]


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ({}, "Shown"),
        ({"sheet": 1}, "Hidden"),
        ({"sheet": "2"}, "Shown"),
        ({"spreadsheet": f"https://docs.google.com/spreadsheets/d/{ID}/edit?gid=44#gid=44"}, "Addressed"),
        ({"spreadsheet": f"https://docs.google.com/spreadsheets/u/1/d/{ID}/", "sheet": "Hidden"}, "Hidden"),
    ],
)
async def test_the_sheet_that_is_meant(said: dict[str, Any], title: str) -> None:
    async with sheet(**said) as (google, source):
        google.tabs = [
            Tab("Chart", 1, kind="OBJECT"),
            Tab("Hidden", 2, [HEADER, ["Hidden"]], hidden=True),
            Tab("Shown", 3, [HEADER, ["Shown"]]),
            Tab("Addressed", 44, [HEADER, ["Addressed"]]),
        ]
        assert keys(await polled(source)) == [title]


@pytest.mark.parametrize(
    ("said", "setting", "words"),
    [
        ({"sheet": "Laeds"}, "sheet", r'no sheet "Laeds" \(did you mean "Leads"\?\); its sheets are Leads'),
        ({"sheet": 3}, "sheet", "its sheets are Leads"),
        (
            {"spreadsheet": f"https://docs.google.com/spreadsheets/d/{ID}#gid=5"},
            "spreadsheet",
            "no sheet with the gid",
        ),
        ({"key": "Lead Id"}, "key", r'no column "Lead Id" \(did you mean "Lead ID"\?\)'),
        ({"changed": "Edited"}, "changed", "no column"),
        ({"header_row": 9}, "header_row", "ends before row 9"),
        ({"spreadsheet": "another"}, "spreadsheet", "no such spreadsheet"),
    ],
)
async def test_what_is_not_there_is_told_with_what_is(said: dict[str, Any], setting: str, words: str) -> None:
    async with sheet(HEADER, ["7", "Ada"], **said) as (_, source):
        for asking in (polled(source), source.check()):
            with pytest.raises(BadConfig, match=words) as caught:
                await asking
            assert caught.value.setting == setting


async def test_a_row_without_a_key_is_set_aside() -> None:
    async with sheet(HEADER, ["7", "Ada"], ["", "Bob"]) as (_, source):
        found = await polled(source)
    assert keys(found) == ["7"]
    assert [bad.reason for page in found for bad in page.bad] == ["it has no key: Lead ID is empty"]


async def test_row_numbers_as_keys_say_that_they_are_places() -> None:
    async with sheet(HEADER, ["7", "Ada"], key="row") as (_, source):
        assert source.keys_are_places
        assert keys(await polled(source)) == ["2"]


async def test_a_check_tells_columns_and_zone() -> None:
    async with sheet(HEADER, ["7", "Ada"]) as (_, source):
        said = await source.check()
        assert await source.fields() == HEADER
    assert said == (
        "Leads of 2026, sheet Leads: 3 columns (Lead ID, name, …), header in row 1; "
        "times are in America/New_York"
    )
