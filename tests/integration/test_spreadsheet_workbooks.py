"""Workbooks as spreadsheet programs write them: cells, sheets, headers, damage."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from sources.errors import BadConfig, Denied, Unavailable
from tests.sheet_files import encrypted_xls, encrypted_xlsx, ods, only, records, rows, source, xls, xlsx

if TYPE_CHECKING:
    from pathlib import Path

MAKERS = {"xlsx": xlsx, "xls": xls, "ods": ods}
WHEN = dt.datetime(2026, 3, 1, 10, 30, 15)
SHEET = [
    ["Lead ID", "Phone", "Price", "Met", "Day", "At", "Sold"],
    ["00123", 8048675309, 12.5, WHEN, dt.date(2026, 3, 1), dt.time(8, 30), True],
    [7, "(804) 555-0123", 7.0, None, None, None, False],
]
READ = [
    {
        "Lead ID": "00123",
        "Phone": 8048675309,
        "Price": 12.5,
        "Met": WHEN,
        "Day": dt.date(2026, 3, 1),
        "At": "08:30:00",
        "Sold": True,
    },
    {
        "Lead ID": 7,
        "Phone": "(804) 555-0123",
        "Price": 7,
        "Met": None,
        "Day": None,
        "At": None,
        "Sold": False,
    },
]


def typed(found: list[dict[str, Any]]) -> list[list[tuple[str, type, Any]]]:
    """Return values with their types: 7 and 7.0 and True and 1 are equal otherwise."""
    return [[(name, type(value), value) for name, value in row.items()] for row in found]


@pytest.mark.parametrize("suffix", list(MAKERS))
async def test_cells_have_the_types_that_people_see(tmp_path: Path, suffix: str) -> None:
    MAKERS[suffix](tmp_path / f"leads.{suffix}", SHEET)
    spreadsheet = source(tmp_path, f"leads.{suffix}")
    assert typed(await rows(spreadsheet)) == typed(READ)
    found = await records(spreadsheet)
    assert [record.key for record in found] == ["00123", "7"]
    assert found[0].where == f"leads.{suffix}, sheet Leads, row 2"


async def test_dates_of_both_date_systems(tmp_path: Path) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    cells = [["Lead ID", "Met"], ["1", WHEN], ["2", dt.datetime(1999, 12, 31)]]
    xlsx(tmp_path / "windows.xlsx", cells)
    xlsx(tmp_path / "mac.xlsx", cells, epoch=CALENDAR_MAC_1904)
    xls(tmp_path / "windows.xls", cells)
    xls(tmp_path / "mac.xls", cells, mac=True)
    for name in ("windows.xlsx", "mac.xlsx", "windows.xls", "mac.xls"):
        found = [row["Met"] for row in await rows(source(tmp_path, name))]
        assert found == [WHEN, dt.date(1999, 12, 31)], name


@pytest.mark.parametrize("form", ["yyyy-mm-dd", "[<=9999999]###-####;(###) ###-####", "0", '"Tel. "0'])
async def test_a_phone_number_is_a_number_whatever_its_format(tmp_path: Path, form: str) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Lead ID", "Phone"])
    book.active.append(["1", 8048675309])
    book.active["B2"].number_format = form
    book.save(tmp_path / "leads.xlsx")
    assert typed(await rows(source(tmp_path, "leads.xlsx"))) == typed([{"Lead ID": "1", "Phone": 8048675309}])


async def test_errors_and_formulas_without_a_value_are_empty_and_said(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Leads"
    for row in (
        ["Lead ID", "Name", "City"],
        ["1", "#N/A", "=A1"],
        ["2", "Bob", "#REF!"],
        ["3", "#hash", "x"],
    ):
        sheet.append(row)
    book.save(tmp_path / "leads.xlsx")
    page = await only(source(tmp_path, "leads.xlsx"))
    assert [record.fields["Name"] for record in page.records] == [None, "Bob", "#hash"]
    sheet_name = "leads.xlsx, sheet Leads"
    assert list(page.notes) == [
        f"2 cells with an error such as #N/A, read as empty: {sheet_name}, B2; {sheet_name}, C3",
        f"1 cell with a formula that was never calculated, read as empty: {sheet_name}, C2",
    ]


async def test_errors_in_old_workbooks_are_empty(tmp_path: Path) -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Leads")
    for index, text in enumerate(["Lead ID", "Name"]):
        sheet.write(0, index, text)
    sheet.write(1, 0, "1")
    sheet.row(1).set_cell_error(1, 42)
    book.save(str(tmp_path / "leads.xls"))
    assert await rows(source(tmp_path, "leads.xls")) == [{"Lead ID": "1", "Name": None}]


async def test_calculated_formulas_give_their_value(tmp_path: Path) -> None:
    import zipfile

    xlsx(tmp_path / "plain.xlsx", [["Lead ID", "Name"], ["1", 5]])
    with (
        zipfile.ZipFile(tmp_path / "plain.xlsx") as old,
        zipfile.ZipFile(tmp_path / "leads.xlsx", "w") as new,
    ):
        for part in old.namelist():
            text = old.read(part)
            new.writestr(part, text.replace(b"<v>5</v>", b"<f>2+3</f><v>5</v>"))
    page = await only(source(tmp_path, "leads.xlsx"))
    assert page.records[0].fields["Name"] == 5
    assert page.notes == []


async def test_a_table_below_a_title_and_right_of_a_margin(tmp_path: Path) -> None:
    cells = [[], [None, "Walk-ins of March"], [], [None, "Lead ID", "Name"], [], [None, "1", "Ada"]]
    xlsx(tmp_path / "leads.xlsx", cells)
    spreadsheet = source(tmp_path, "leads.xlsx")
    found = await records(spreadsheet)
    assert [(record.fields, record.where) for record in found] == [
        ({"Lead ID": "1", "Name": "Ada"}, "leads.xlsx, sheet Leads, row 6")
    ]
    assert await spreadsheet.check() == "leads.xlsx, sheet Leads: 2 columns (Lead ID, Name), header in row 4"


@pytest.mark.parametrize("suffix", list(MAKERS))
async def test_row_numbers_are_those_that_people_see(tmp_path: Path, suffix: str) -> None:
    MAKERS[suffix](
        tmp_path / f"leads.{suffix}", [[None], [None], ["Name", "City"], [None, None], ["Ada", "Richmond"]]
    )
    assert [record.key for record in await records(source(tmp_path, f"leads.{suffix}", key="row"))] == ["5"]


async def test_merged_cells_have_their_value_once(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in (["Our leads"], ["Lead ID", "Name", "City"], ["1", "Ada", "Richmond"], ["2", "Bob"]):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("C3:C4")
    book.save(tmp_path / "leads.xlsx")
    assert [row["City"] for row in await rows(source(tmp_path, "leads.xlsx"))] == ["Richmond", None]


def two_sheets(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Notes"
    book.active.sheet_state = "hidden"
    for title, name in (("Leads", "Ada"), ("2024", "Bob")):
        sheet = book.create_sheet(title)
        sheet.append(["Lead ID", "Name"])
        sheet.append(["1", name])
    book.create_chartsheet("Chart", 0)
    book.save(path)


@pytest.mark.parametrize(
    ("sheet", "name"),
    [(None, "Ada"), ("Leads", "Ada"), (2, "Ada"), (2024, "Bob"), ("2024", "Bob"), ("3", "Bob")],
)
async def test_sheets_by_name_number_or_the_first_shown(tmp_path: Path, sheet: Any, name: str) -> None:
    two_sheets(tmp_path / "leads.xlsx")
    assert [row["Name"] for row in await rows(source(tmp_path, "leads.xlsx", sheet=sheet))] == [name]


@pytest.mark.parametrize("sheet", ["Leeds", 9])
async def test_a_missing_sheet_names_those_there(tmp_path: Path, sheet: Any) -> None:
    two_sheets(tmp_path / "leads.xlsx")
    with pytest.raises(BadConfig, match="its sheets are Notes, Leads, 2024") as caught:
        await source(tmp_path, "leads.xlsx", sheet=sheet).check()
    assert caught.value.setting == "sheet"
    assert ('did you mean "Leads"?' in str(caught.value)) == (sheet == "Leeds")


async def test_an_empty_sheet_names_the_others(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.create_sheet("Leads").append(["Lead ID"])
    book.save(tmp_path / "leads.xlsx")
    with pytest.raises(Unavailable, match=r"sheet Sheet has no rows.*its sheets are Sheet, Leads"):
        await rows(source(tmp_path, "leads.xlsx"))


@pytest.mark.parametrize(
    ("held", "told"), [("xlsx", "xls"), ("xls", "xlsx"), ("ods", "xlsx"), ("xlsx", "csv")]
)
async def test_a_suffix_that_lies_does_not_matter(tmp_path: Path, held: str, told: str) -> None:
    MAKERS[held](tmp_path / f"real.{held}", SHEET)
    shutil.move(tmp_path / f"real.{held}", tmp_path / f"leads.{told}")
    assert typed(await rows(source(tmp_path, f"leads.{told}"))) == typed(READ)


async def test_text_that_is_called_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "leads.xls").write_text("Lead ID\tName\n1\tAda\n")
    assert await rows(source(tmp_path, "leads.xls")) == [{"Lead ID": "1", "Name": "Ada"}]
    with pytest.raises(BadConfig, match="is text and no workbook") as caught:
        await rows(source(tmp_path, "leads.xls", format="xls"))
    assert caught.value.setting == "format"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "is a web page"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n<html>", "is a web page"),
        ("<table>".encode("utf-16"), "is a web page"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "is XML"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"\x1f\x8b\x08\x00abc", "is compressed with gzip"),
        (b"\x09\x04\x06\x00\x07\x00\x10\x00", "is an Excel 4 workbook"),
    ],
)
async def test_what_is_no_spreadsheet_is_called_by_its_name(
    tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "leads.xls").write_bytes(content)
    with pytest.raises(BadConfig, match=said):
        await source(tmp_path, "leads.xls").check()


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (["Index/Document.iwa"], "Apple Numbers"),
        (["word/document.xml"], "a Word document"),
        (["a.csv"], "a zip archive"),
    ],
)
async def test_what_is_no_workbook_is_called_by_its_name(tmp_path: Path, parts: list[str], said: str) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "leads.xlsx", "w") as archive:
        for part in parts:
            archive.writestr(part, "x")
    with pytest.raises(BadConfig, match=said):
        await source(tmp_path, "leads.xlsx").check()


@pytest.mark.parametrize("suffix", list(MAKERS))
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
async def test_a_workbook_cut_off_is_one_being_saved(tmp_path: Path, suffix: str, share: float) -> None:
    path = tmp_path / f"leads.{suffix}"
    MAKERS[suffix](path, SHEET)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share) // 512 * 512 or 512])
    with pytest.raises(Unavailable, match=r"is not a complete workbook: it is being saved, or it is damaged"):
        await rows(source(tmp_path, path.name))


async def test_a_damaged_part_is_noticed(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "leads.xlsx", SHEET)
    content = bytearray(path.read_bytes())
    at = content.index(b"xl/worksheets/sheet1.xml") + 40
    content[at : at + 40] = b"\0" * 40
    path.write_bytes(content)
    with pytest.raises(Unavailable, match="not a complete workbook"):
        await rows(source(tmp_path, "leads.xlsx"))


@pytest.mark.parametrize(("name", "content"), [("a.xls", encrypted_xls()), ("a.xlsx", encrypted_xlsx())])
async def test_a_password_is_asked_for_and_not_given(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Denied, match="is protected with a password"):
        await rows(source(tmp_path, name))
