"""Headers, keys, change times: how rows become records."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from sources.errors import BadConfig
from tests.sheet_files import only, pages, records, rows, source, xlsx

if TYPE_CHECKING:
    from pathlib import Path


def write(directory: Path, text: str) -> Path:
    path = directory / "leads.csv"
    path.write_text(text)
    return path


async def test_white_space_in_headers_is_made_single(tmp_path: Path) -> None:
    write(tmp_path, '" Lead \n ID\u00a0", First\tName ,\ufeffCity\n1,Ada,Richmond\n')
    [row] = await rows(source(tmp_path, "leads.csv"))
    assert row == {"Lead ID": "1", "First Name": "Ada", "City": "Richmond"}


async def test_repeated_and_blank_headers(tmp_path: Path) -> None:
    write(tmp_path, "Lead ID,Phone,Phone,,Phone (2),,\n1,a,b,c,d,,\n2,a,b,,d,,\n")
    spreadsheet = source(tmp_path, "leads.csv")
    first, second = await rows(spreadsheet)
    assert first == {"Lead ID": "1", "Phone": "a", "Phone (3)": "b", "Column D": "c", "Phone (2)": "d"}
    assert second == {"Lead ID": "2", "Phone": "a", "Phone (3)": "b", "Phone (2)": "d"}
    assert await spreadsheet.fields() == ["Lead ID", "Phone", "Phone (3)", "Column D", "Phone (2)"]


async def test_short_and_long_rows(tmp_path: Path) -> None:
    write(tmp_path, "Lead ID,Name,City\n1\n2,Bob,Richmond,more,\n3,Cy,Norfolk\n")
    assert await rows(source(tmp_path, "leads.csv")) == [
        {"Lead ID": "1", "Name": None, "City": None},
        {"Lead ID": "2", "Name": "Bob", "City": "Richmond", "Column D": "more"},
        {"Lead ID": "3", "Name": "Cy", "City": "Norfolk"},
    ]


async def test_fields_that_the_mapping_reads_may_be_unnamed_columns(tmp_path: Path) -> None:
    write(tmp_path, "Lead ID,Name,\n1,Ada,x,y\n")
    found = await pages(source(tmp_path, "leads.csv"), fields=frozenset({"Column D", "Name", "Nothing"}))
    assert found[0].records[0].fields == {"Name": "Ada", "Column D": "y"}
    alone = await pages(source(tmp_path, "leads.csv"), fields=frozenset())
    assert alone[0].records[0].fields == {}


async def test_blank_rows_are_skipped_and_counted(tmp_path: Path) -> None:
    write(tmp_path, "Lead ID,Name\n\n , \n1,Ada\n,,\n")
    found = await records(source(tmp_path, "leads.csv"))
    assert [(record.key, record.where) for record in found] == [("1", "leads.csv, row 4")]


async def test_a_header_below_a_title(tmp_path: Path) -> None:
    write(tmp_path, "Walk-ins\nRegion,East\n\nLead ID,Name,City\n1,Ada,Richmond\n")
    for key in ("Lead ID", "row"):
        found = await records(source(tmp_path, "leads.csv", key=key))
        assert [record.fields for record in found] == [{"Lead ID": "1", "Name": "Ada", "City": "Richmond"}]
    assert "header in row 4" in await source(tmp_path, "leads.csv").check()


async def test_a_stated_header_row(tmp_path: Path) -> None:
    write(tmp_path, "Name,City\nnames,cities\nAda,Richmond\n")
    found = await records(source(tmp_path, "leads.csv", key="row", header_row=2))
    assert [(record.key, record.fields) for record in found] == [
        ("3", {"names": "Ada", "cities": "Richmond"})
    ]


async def test_a_header_row_far_below(tmp_path: Path) -> None:
    write(tmp_path, "\n" * 300 + "Lead ID,Name\n1,Ada\n")
    assert (await records(source(tmp_path, "leads.csv", header_row=301)))[0].where == "leads.csv, row 302"


@pytest.mark.parametrize(("row", "said"), [(9, "ends before row 9"), (2, "row 2 holds no column names")])
async def test_a_header_row_that_is_not_there(tmp_path: Path, row: int, said: str) -> None:
    write(tmp_path, "Lead ID,Name\n\n1,Ada\n")
    with pytest.raises(BadConfig, match=said) as caught:
        await source(tmp_path, "leads.csv", header_row=row).check()
    assert caught.value.setting == "header_row"


async def test_p10_a_sheet_without_a_header_shows_nobody(tmp_path: Path) -> None:
    write(tmp_path, "Ada,(804) 555-0123,ada@example.com\nBob,(804) 555-0124,bob@example.com\n")
    with pytest.raises(BadConfig, match="no row among the first 2 looks like column names") as caught:
        await source(tmp_path, "leads.csv", key="row").check()
    assert caught.value.setting == "header_row"
    with pytest.raises(BadConfig) as named:
        await source(tmp_path, "leads.csv", header_row=1).check()
    assert "(text of 14 characters), (text of 15 characters)" in str(named.value)
    assert "example.com" not in str(named.value)


async def test_a_missing_key_names_the_columns_there(tmp_path: Path) -> None:
    write(tmp_path, "LeadId,Name\n1,Ada\n")
    for call in (source(tmp_path, "leads.csv").check(), rows(source(tmp_path, "leads.csv"))):
        with pytest.raises(BadConfig) as caught:
            await call
        assert caught.value.setting == "key"
        assert str(caught.value) == (
            'leads.csv has no column "Lead ID" (did you mean "LeadId"?); its columns are LeadId, Name'
        )


async def test_a_row_without_a_key_is_set_aside(tmp_path: Path) -> None:
    xlsx(tmp_path / "walk-ins.xlsx", [["Lead ID", "Name"], ["1", "Ada"], [None, "Bob"], ["  ", "Cy"]])
    page = await only(source(tmp_path, "walk-ins.xlsx"))
    assert [record.key for record in page.records] == ["1"]
    assert [str(bad) for bad in page.bad] == [
        "walk-ins.xlsx, sheet Leads, row 3: it has no key: Lead ID is empty",
        "walk-ins.xlsx, sheet Leads, row 4: it has no key: Lead ID is empty",
    ]
    assert page.bad[0].fields == {"Lead ID": None, "Name": "Bob"}


async def test_keys_of_several_columns(tmp_path: Path) -> None:
    write(tmp_path, "Shop,No,Name\nA|B,007,Ada\n,8,Bob\nC,,Cy\n")
    page = await only(source(tmp_path, "leads.csv", key=["Shop", "No"]))
    assert [record.key for record in page.records] == ["A||B|007"]
    assert [bad.reason for bad in page.bad] == ["it has no key: one of Shop, No is empty"] * 2


async def test_numbers_and_texts_are_one_key(tmp_path: Path) -> None:
    xlsx(tmp_path / "leads.xlsx", [["Lead ID"], [7], ["7"], [7.0], ["007"], [7.5], [dt.date(2026, 3, 1)]])
    found = await records(source(tmp_path, "leads.xlsx"))
    assert [record.key for record in found] == ["7", "7", "7", "007", "7.5", "2026-03-01"]


async def test_a_column_called_row(tmp_path: Path) -> None:
    write(tmp_path, "row,Name\nx,Ada\n")
    assert [record.key for record in await records(source(tmp_path, "leads.csv", key="row"))] == ["2"]
    named = source(tmp_path, "leads.csv", key=["row"])
    assert [record.key for record in await records(named)] == ["x"]
    assert not named.keys_are_places


async def test_a_key_beyond_the_header(tmp_path: Path) -> None:
    write(tmp_path, "Name,City\nAda,Richmond,7\nBob\n")
    page = await only(source(tmp_path, "leads.csv", key="Column C", header_row=1))
    assert [record.key for record in page.records] == ["7"]
    assert len(page.bad) == 1


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-03-01", dt.datetime(2026, 3, 1, 5, tzinfo=dt.UTC)),
        ("2026-07-01 10:30", dt.datetime(2026, 7, 1, 14, 30, tzinfo=dt.UTC)),
        ("2026-03-01T10:30:00Z", dt.datetime(2026, 3, 1, 10, 30, tzinfo=dt.UTC)),
        (" 2026-03-01T10:30:00+02:00 ", dt.datetime(2026, 3, 1, 8, 30, tzinfo=dt.UTC)),
        (dt.datetime(2026, 3, 1, 10, 30), dt.datetime(2026, 3, 1, 15, 30, tzinfo=dt.UTC)),
        (dt.date(2026, 3, 1), dt.datetime(2026, 3, 1, 5, tzinfo=dt.UTC)),
        (None, None),
    ],
)
async def test_change_times(tmp_path: Path, cell: Any, moment: dt.datetime | None) -> None:
    xlsx(tmp_path / "leads.xlsx", [["Lead ID", "Edited"], ["1", cell]])
    page = await only(source(tmp_path, "leads.xlsx", changed="Edited"))
    assert [record.changed for record in page.records] == [moment]
    assert page.notes == []


@pytest.mark.parametrize("cell", ["3/1/2026", "yesterday", 7, "9999-12-31T23:59:59"])
async def test_a_change_time_that_is_none_is_noted(tmp_path: Path, cell: Any) -> None:
    xlsx(tmp_path / "leads.xlsx", [["Lead ID", "Edited"], ["1", cell]])
    page = await only(source(tmp_path, "leads.xlsx", changed="Edited"))
    assert [record.changed for record in page.records] == [None]
    place = "leads.xlsx, sheet Leads, row 2"
    assert list(page.notes) == [
        "1 row whose change time is no date and not ISO 8601 text (state changed_format): " + place
    ]


@pytest.mark.parametrize(
    ("form", "cell", "moment"),
    [
        ("%m/%d/%Y %I:%M %p", "7/1/2026 2:30 PM", dt.datetime(2026, 7, 1, 18, 30, tzinfo=dt.UTC)),
        ("%m/%d/%Y", " 03/01/2026 ", dt.datetime(2026, 3, 1, 5, tzinfo=dt.UTC)),
        ("%d.%m.%Y %H:%M %z", "01.03.2026 10:30 +0100", dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC)),
        ("%Y%m%d", 20260301, dt.datetime(2026, 3, 1, 5, tzinfo=dt.UTC)),
        ("%m/%d/%Y", dt.date(2026, 3, 1), dt.datetime(2026, 3, 1, 5, tzinfo=dt.UTC)),
        ("excel", 45306.4375, dt.datetime(2024, 1, 15, 15, 30, tzinfo=dt.UTC)),
        ("excel", "45306.4375", dt.datetime(2024, 1, 15, 15, 30, tzinfo=dt.UTC)),
        ("excel_1904", 43844.4375, dt.datetime(2024, 1, 15, 15, 30, tzinfo=dt.UTC)),
        ("excel", "today", None),
        ("excel", True, None),
        ("excel", 1e12, None),
        ("%m/%d/%Y", "31/02/2024", None),
    ],
)
async def test_change_times_that_are_written_otherwise(
    tmp_path: Path, form: str, cell: Any, moment: dt.datetime | None
) -> None:
    xlsx(tmp_path / "leads.xlsx", [["Lead ID", "Edited"], ["1", cell]])
    page = await only(source(tmp_path, "leads.xlsx", changed="Edited", changed_format=form))
    assert [record.changed for record in page.records] == [moment]
    told = (
        []
        if moment
        else [f"1 row whose change time is no date and not {form}: leads.xlsx, sheet Leads, row 2"]
    )
    assert list(page.notes) == told


def test_a_change_format_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="there are auto, excel, excel_1904, and strptime patterns"):
        source(tmp_path, "leads.csv", changed="Edited", changed_format="MM/DD/YYYY")
    with pytest.raises(ValidationError, match="`changed_format` needs `changed`"):
        source(tmp_path, "leads.csv", changed_format="excel")


async def test_a_missing_change_column(tmp_path: Path) -> None:
    write(tmp_path, "Lead ID,Edited\n1,x\n")
    with pytest.raises(BadConfig, match='did you mean "Edited"') as caught:
        await source(tmp_path, "leads.csv", changed="edited at").check()
    assert caught.value.setting == "changed"
