"""Real spreadsheet files for tests, and the adapter over them."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sources.base import Page, PollRequest, Record, SourceContext
from sources.spreadsheet import Spreadsheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

NEW_YORK = ZoneInfo("America/New_York")


class StillClock:
    """A clock that stands until somebody sleeps by it, and tells who slept for how long."""

    def __init__(self, now: dt.datetime | None = None) -> None:
        self.present = now or dt.datetime.now(dt.UTC)
        self.slept: list[float] = []

    def now(self) -> dt.datetime:
        return self.present

    def monotonic(self) -> float:
        return self.present.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.present += dt.timedelta(seconds=seconds)


def source(directory: Path, path: str, key: Any = "Lead ID", **settings: Any) -> Spreadsheet:
    context = SourceContext("walk_ins", directory, NEW_YORK)
    return Spreadsheet(Spreadsheet.Settings(path=path, key=key, **settings), context, StillClock())


async def pages(spreadsheet: Spreadsheet, **request: Any) -> list[Page]:
    return [page async for page in spreadsheet.poll(PollRequest(**request))]


async def records(spreadsheet: Spreadsheet, **request: Any) -> list[Record]:
    return [record for page in await pages(spreadsheet, **request) for record in page.records]


async def rows(spreadsheet: Spreadsheet) -> list[dict[str, Any]]:
    return [dict(record.fields) for record in await records(spreadsheet)]


async def only(spreadsheet: Spreadsheet) -> Page:
    found = await pages(spreadsheet)
    assert len(found) == 1
    return found[0]


def xlsx(path: Path, cells: Iterable[Sequence[Any]], title: str = "Leads", epoch: Any = None) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    if epoch is not None:
        book.epoch = epoch
    sheet = book.active
    sheet.title = title
    for row in cells:
        sheet.append(list(row))
    book.save(path)
    return path


def xls(path: Path, cells: Iterable[Sequence[Any]], *, mac: bool = False) -> Path:
    import xlwt

    book = xlwt.Workbook()
    book.dates_1904 = mac
    sheet = book.add_sheet("Leads")
    dated = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
    for at, row in enumerate(cells):
        for index, value in enumerate(row):
            if isinstance(value, (dt.date, dt.time)):
                sheet.write(at, index, value, dated)
            elif value is not None:
                sheet.write(at, index, value)
    book.save(str(path))
    return path


def ods(path: Path, cells: Iterable[Sequence[Any]]) -> Path:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableRow

    document = OpenDocumentSpreadsheet()
    table = Table(name="Leads")
    document.spreadsheet.addElement(table)
    for row in cells:
        line = TableRow()
        table.addElement(line)
        for value in row:
            line.addElement(_ods_cell(value))
    document.save(str(path))
    return path


def _ods_cell(value: Any) -> Any:
    from odf.table import TableCell
    from odf.text import P

    if value is None:
        return TableCell()
    if isinstance(value, bool):
        return TableCell(valuetype="boolean", booleanvalue=str(value).lower())
    if isinstance(value, (int, float)):
        return TableCell(valuetype="float", value=str(value))
    if isinstance(value, dt.date):
        return TableCell(valuetype="date", datevalue=value.isoformat())
    if isinstance(value, dt.time):
        return TableCell(valuetype="time", timevalue=value.strftime("PT%HH%MM%SS"))
    cell = TableCell(valuetype="string")
    cell.addElement(P(text=value))
    return cell


def encrypted_xls() -> bytes:
    """Return an .xls with the FILEPASS record by which BIFF8 says that a password is asked for."""
    import xlwt

    book = xlwt.Workbook()
    book.add_sheet("Leads").write(0, 0, "Lead ID")
    stream = book.get_biff_data()
    beginning = 4 + int.from_bytes(stream[2:4], "little")  # the BOF record and its header
    lock = b"\x2f\x00" + (6).to_bytes(2, "little") + b"\x00\x00\x12\x34\x56\x78"
    return _compound(stream[:beginning] + lock + stream[beginning:])


def _compound(stream: bytes) -> bytes:
    from xlwt import CompoundDoc

    out = io.BytesIO()
    CompoundDoc.XlsDoc().save(out, stream)
    return out.getvalue()


def encrypted_xlsx() -> bytes:
    """Return a compound file that holds an EncryptedPackage, as Excel wraps a protected workbook."""
    plain = _compound(b"\0" * 5000)
    name, wanted = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    at = plain.index(name)
    entry = wanted + b"\0" * (64 - len(wanted)) + (len(wanted) + 2).to_bytes(2, "little")
    return plain[:at] + entry + plain[at + len(entry) :]
