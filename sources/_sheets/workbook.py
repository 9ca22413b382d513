"""One sheet of a workbook (xlsx, xlsm, xlsb, xls, ods), read by calamine."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from sources._sheets.cells import ERROR_CELL, ERRORS, cell_value, ods_cell_value
from sources._sheets.formula_cells import cells_of_note
from sources._sheets.kinds import Kind, encrypted, incomplete
from sources._sheets.wording import letters
from sources._wording import did_you_mean, listed
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from python_calamine import CalamineSheet

    from sources._sheets.notes import Notes
    from sources._sheets.settings import SpreadsheetSettings
    from sources._sheets.sheet import Cells


class WorkbookSheet:
    """A sheet that calamine has parsed; its cells become Python values row by row.

    Args:
        handle: the open file, read whole here.
        name: what messages call the file.
        kind: what it is.
        settings: with the sheet that is wanted.
        notes: where remarks about cells go.

    Raises:
        Unavailable: when it is cut off or damaged.
        Denied: when it asks for a password.
        BadConfig: when the sheet is not there.

    """

    def __init__(
        self, handle: BinaryIO, name: str, kind: Kind, *, settings: SpreadsheetSettings, notes: Notes
    ) -> None:
        with _sound(name):
            book = CalamineWorkbook.from_filelike(handle)
            title = _chosen(book, name, settings.sheet)
            self._sheet = book.get_sheet_by_name(title)
        self.label = f"{name}, sheet {title}"
        self.manner = ""
        self.advice = f"; its sheets are {listed(_worksheets(book))}"
        self._notes = notes
        self._value: Callable[[Any], Any] = ods_cell_value if kind is Kind.ODS else cell_value
        if kind is Kind.XLSX:
            for what, cell in cells_of_note(handle, title):
                notes.count(what, f"{self.label}, {cell}")

    def rows(self) -> Iterator[Cells]:
        """Yield every row from the first of the sheet, blank ones too, and every column from A."""
        start = self._sheet.start
        if start is None:
            return
        indent = [None] * start[1]
        for number, row in enumerate(_from_first_row(self._sheet, start[0]), 1):
            cells = [*indent, *map(self._value, row)]
            yield cells if ERRORS.isdisjoint(_texts(row)) else self._without_errors(cells, number)

    def _without_errors(self, cells: Cells, number: int) -> Cells:
        """Empty the cells that hold an error as text, which is how some programs save it."""
        for index, cell in enumerate(cells):
            if isinstance(cell, str) and cell in ERRORS:
                self._notes.count(ERROR_CELL, f"{self.label}, {letters(index)}{number}")
                cells[index] = None
        return cells


def _texts(row: list[Any]) -> list[str]:
    return [cell for cell in row if type(cell) is str]


def _from_first_row(sheet: CalamineSheet, skipped: int) -> Iterator[list[Any]]:
    """Yield the rows from the sheet's very first one.

    python-calamine leaves out empty columns before the data, but not empty rows (its issue 177).
    Should it come to leave out both, what it yields first is not blank, and they are put back.
    """
    rows = iter(sheet.iter_rows())
    first = next(rows, None)
    if first is None:
        return
    if skipped and any(cell != "" for cell in first):
        yield from ([] for _ in range(skipped))
    yield first
    yield from rows


def _worksheets(book: CalamineWorkbook) -> list[str]:
    return [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]


def _chosen(book: CalamineWorkbook, name: str, wanted: str | int | None) -> str:
    """Return the name of the wanted sheet: by name, or else by number, or else the first one shown."""
    names = _worksheets(book)
    if wanted is None:
        return _first_shown(book, name)
    if str(wanted) in names:
        return str(wanted)
    if str(wanted).isdecimal() and 1 <= int(wanted) <= len(names):
        return names[int(wanted) - 1]
    guess = did_you_mean(str(wanted), names)
    raise BadConfig(f'{name} has no sheet "{wanted}"{guess}; its sheets are {listed(names)}', "sheet")


def _first_shown(book: CalamineWorkbook, name: str) -> str:
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    shown = [sheet for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    if not sheets:
        raise BadConfig(f"{name} has no sheet with cells", "path")
    return (shown or sheets)[0].name


@contextmanager
def _sound(name: str) -> Iterator[None]:
    """Tell what calamine makes of a broken workbook in our own words."""
    try:
        yield
    except PasswordError:
        raise encrypted(name) from None
    except CalamineError as error:
        raise incomplete(name) from error
    except BaseException as error:
        # On some damaged .xls files calamine panics, which no `except Exception` catches.
        if type(error).__name__ != "PanicException":
            raise
        raise incomplete(name) from None
