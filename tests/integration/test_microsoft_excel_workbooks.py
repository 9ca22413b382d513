"""Workbooks in Microsoft Graph: which file and sheet is meant, what cells become, what is no workbook."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from sources.errors import BadConfig, Denied, Unavailable
from tests.crm_scene import keys, polled, records_of
from tests.doubles.microsoft_excel import DRIVE, ITEM, PATH, SITE, USER, csv_of, xlsx_of
from tests.excel_scene import rows_of, workbook
from tests.sheet_files import encrypted_xls

HEADER = ["Lead ID", "name", "Phone"]


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"drive": DRIVE, "item": ITEM},
        {"site": f"https://{SITE}/", "path": f"/{PATH}"},
        {"user": USER, "path": PATH},
    ],
)
async def test_a_workbook_is_found_by_any_of_its_addresses(place: dict[str, Any]) -> None:
    async with workbook(HEADER, ["7", "Ada", "804-555-0100"], **place) as (_, source):
        assert await rows_of(source) == [{"Lead ID": "7", "name": "Ada", "Phone": "804-555-0100"}]
        assert (
            await source.check() == "Leads.xlsx, sheet Leads: 3 columns (Lead ID, name, …), header in row 1"
        )
        assert await source.fields() == HEADER


async def test_cells_are_what_they_are_in_any_spreadsheet() -> None:
    rows = (["Spring fair"], [], ["Lead ID", "Phone", None, "Phone", "Came", "At"])
    came, at = date(2026, 3, 4), datetime(2026, 3, 4, 10, 30)
    async with workbook(*rows, [7, 8045550123.0, "vip", "#N/A", came, at], changed="At") as (_, source):
        [record], [*_, page] = records_of(found := await polled(source)), found
    assert (record.key, record.changed) == ("7", at.replace(tzinfo=UTC))
    assert record.where == "Leads.xlsx, sheet Leads, row 4"
    assert record.fields["Phone"] == 8045550123
    assert (record.fields["Column C"], record.fields["Phone (2)"]) == ("vip", None)
    assert page.notes == [
        "1 cell with an error such as #N/A, read as empty: Leads.xlsx, sheet Leads, D4",
    ]


async def test_a_text_file_does_as_well() -> None:
    content = csv_of(HEADER, ["7", "Zoé", "804-555-0100"]).decode().encode("cp1252")
    async with workbook(content=content, encoding="windows-1252") as (_, source):
        assert (await rows_of(source))[0]["name"] == "Zoé"


@pytest.mark.parametrize(("said", "key"), [({}, "7"), ({"sheet": "Old"}, "8"), ({"sheet": 2}, "8")])
async def test_the_sheet_that_is_meant(said: dict[str, Any], key: str) -> None:
    content = xlsx_of(HEADER, ["7"], Old=[HEADER, ["8"]])
    async with workbook(content=content, **said) as (_, source):
        assert keys(await polled(source)) == [key]


async def test_row_numbers_as_keys_say_that_they_are_places() -> None:
    async with workbook(HEADER, ["7", "Ada"], key="row") as (_, source):
        assert source.keys_are_places
        assert keys(await polled(source)) == ["2"]


@pytest.mark.parametrize(
    ("content", "said", "setting", "words"),
    [
        (xlsx_of(HEADER), {"sheet": "Laeds"}, "sheet", r'no sheet "Laeds" \(did you mean "Leads"\?\)'),
        (xlsx_of(HEADER), {"key": "Lead Id"}, "key", r'no column "Lead Id" \(did you mean "Lead ID"\?\)'),
        (b"%PDF-1.7", {}, "workbook", "Leads.xlsx is a PDF"),
        (b"<html><table></table></html>", {}, "workbook", r"Leads.xlsx is a web page \(HTML\)"),
        (b"%PDF-1.7", {"drive": DRIVE, "item": ITEM}, "item", "Leads.xlsx is a PDF"),
        (csv_of(HEADER) + b"8,\xff\xfe,", {"encoding": "utf-8"}, "encoding", "state the encoding"),
    ],
)
async def test_what_is_not_there_is_told_with_our_own_setting(
    content: bytes, said: dict[str, Any], setting: str, words: str
) -> None:
    async with workbook(content=content, **said) as (_, source):
        for asking in (polled(source), source.check()):
            with pytest.raises(BadConfig, match=words) as caught:
                await asking
            assert caught.value.setting == setting


@pytest.mark.parametrize("facets", [{"folder": {"childCount": 3}}, {"remoteItem": {"id": "01X"}}])
async def test_what_is_no_file_is_told(facets: dict[str, Any]) -> None:
    async with workbook(HEADER) as (graph, source):
        graph.file.facets = facets
        with pytest.raises(BadConfig, match="is a folder, or a shortcut") as caught:
            await source.check()
    assert caught.value.setting == "workbook"


async def test_a_password_is_told() -> None:
    async with workbook(content=encrypted_xls()) as (_, source):
        with pytest.raises(Denied, match="protected with a password"):
            await source.check()


async def test_an_answer_that_is_not_as_described_is_no_workbook() -> None:
    async with workbook(HEADER) as (graph, source):
        graph.file.facets = {"file": {}, "lastModifiedDateTime": "yesterday"}
        with pytest.raises(Unavailable, match="the answer is not as described"):
            await polled(source)
