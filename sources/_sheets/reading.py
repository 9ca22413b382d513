"""Reading whole files, a page of rows at a time. Blocking: it runs in a thread."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, BinaryIO, Protocol

from sources._sheets.headers import HEAD_ROWS, Columns, find_header
from sources._sheets.kinds import Kind, kind_of
from sources._sheets.notes import Notes
from sources._sheets.records import RecordMaker
from sources._sheets.sheet import Damaged
from sources._sheets.text import TextSheet
from sources._wording import counted, listed
from sources.base import Record
from sources.errors import BadConfig, BadRecord, SourceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from sources._sheets.plan import Plan
    from sources._sheets.sheet import Cells, Sheet


class SheetFile(Protocol):
    """A file that is there to be read: on disk, or downloaded."""

    @property
    def name(self) -> str:
        """What messages call it."""

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open it for reading."""

    def verify(self, handle: BinaryIO) -> None:
        """Raise Unavailable when it is not what it was when it was found."""


@dataclass(slots=True)
class Batch:
    """The records of some rows."""

    records: list[Record] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose header has been found."""

    sheet: Sheet
    columns: Columns
    #: The number of the header's row, counted from 1.
    header_row: int
    #: The first rows below the header, already read.
    head: Sequence[Cells | Damaged]
    rest: Iterator[Cells | Damaged]

    def numbered(self) -> Iterator[tuple[int, Cells | Damaged]]:
        """Yield the rows below the header, each with its number."""
        return enumerate(chain(self.head, self.rest), self.header_row + 1)

    def field_names(self) -> list[str]:
        """Return the columns' names: those in the header, and those with data in the first rows."""
        rows = [row for row in self.head if isinstance(row, list)]
        most = max([len(self.columns.names), *map(len, rows)])
        used = {at for row in rows for at, cell in enumerate(row) if cell is not None}
        named = set(range(len(self.columns.names))) - self.columns.blank
        return [self.columns.name_of(at) for at in range(most) if at in named | used]


def open_sheet(handle: BinaryIO, name: str, plan: Plan, notes: Notes) -> Sheet:
    """Return the sheet that the settings mean, in whatever format the file is.

    Raises:
        SourceError: when it can't be read; see `kinds`, `text` and `workbook`.

    """
    kind = _kind(handle, name, plan)
    if kind is Kind.TEXT:
        return TextSheet(handle, name, plan.settings, notes)
    from sources._sheets.workbook import WorkbookSheet

    return WorkbookSheet(handle, name, kind, settings=plan.settings, notes=notes)


def _kind(handle: BinaryIO, name: str, plan: Plan) -> Kind:
    stated = plan.settings.format
    if stated is None:
        return kind_of(handle, name)
    if stated in ("csv", "tsv"):
        return Kind.TEXT
    kind = kind_of(handle, name)
    if kind is Kind.TEXT:
        raise BadConfig(f"{name} is text and no workbook; leave `format` out, or say csv", "format")
    return kind


def open_table(sheet: Sheet, plan: Plan) -> Table:
    """Find the header of a sheet.

    Raises:
        Unavailable: when there is no row at all.
        BadConfig: when no row looks like a header.

    """
    rows = sheet.rows()
    head = list(islice(rows, max(HEAD_ROWS, plan.settings.header_row or 0)))
    at = _header_at(sheet, head, plan)
    header = head[at]
    if isinstance(header, Damaged) or not any(cell is not None for cell in header):
        raise BadConfig(f"{sheet.label}, row {at + 1} holds no column names{sheet.advice}", "header_row")
    return Table(sheet, Columns.of(header), at + 1, head[at + 1 :], rows)


def _header_at(sheet: Sheet, head: list[Cells | Damaged], plan: Plan) -> int:
    stated = plan.settings.header_row
    if not any(isinstance(row, Damaged) or row.count(None) < len(row) for row in head):
        raise Unavailable(f"{sheet.label} has no rows, not even column names{sheet.advice}")
    if stated is not None:
        if stated > len(head):
            raise BadConfig(f"{sheet.label} ends before row {stated}{sheet.advice}", "header_row")
        return stated - 1
    changed = plan.settings.changed
    wanted = plan.settings.key_columns or ((changed,) if changed else ())
    found = find_header(head, wanted)
    if found is None:
        text = f"no row among the first {len(head)} looks like column names"
        raise BadConfig(f"{sheet.label}: {text}; add them, or state header_row", "header_row")
    return found


def read_file(file: SheetFile, plan: Plan, notes: Notes, *, many: bool) -> Iterator[Batch]:
    """Yield the records of one file, page by page, for as long as nobody writes to it.

    Args:
        file: what to read.
        plan: how.
        notes: where remarks go.
        many: whether other files belong to the same source.

    Raises:
        SourceError: when it can't be read, or changed while it was read.

    """
    with file.open() as handle, _undisturbed(file, handle):
        table = open_table(open_sheet(handle, file.name, plan, notes), plan)
        maker = RecordMaker(
            table.columns, table.sheet.label, plan, notes=notes, file_name=file.name if many else None
        )
        rows = table.numbered()
        while batch := next_batch(maker, rows, plan.page_size):
            file.verify(handle)
            yield batch
        file.verify(handle)


@contextmanager
def _undisturbed(file: SheetFile, handle: BinaryIO) -> Iterator[None]:
    """Prefer "it changed" to whatever else a file that is being written looks like."""
    try:
        yield
    except SourceError:
        file.verify(handle)
        raise
    except UnicodeError:  # all of it could be decoded a moment ago
        file.verify(handle)
        raise Unavailable(f"{file.name} changed while it was being read") from None


def next_batch(maker: RecordMaker, rows: Iterator[tuple[int, Cells | Damaged]], size: int) -> Batch | None:
    """Return the next page, or None after the last row. Blank rows count as read, not as records."""
    batch, make = Batch(), maker.make
    for number, cells in rows:
        made = make(number, cells)
        if isinstance(made, Record):
            batch.records.append(made)
        elif made is not None:
            batch.bad.append(made)
        if len(batch.records) + len(batch.bad) >= size:
            return batch
    return batch if batch.records or batch.bad else None


def read_all(files: Sequence[SheetFile], plan: Plan, notes: Notes, *, many: bool) -> Iterator[Batch]:
    """Yield the records of all files, in the order of their names.

    With several files one that can't be read does not keep the others from being read: it is told
    of at the end, so that the poll fails, and the next one reads all of them again.

    Raises:
        SourceError: the first one met.

    """
    failures: list[SourceError] = []
    for file in files:
        try:
            yield from read_file(file, plan, notes, many=many)
        except SourceError as error:
            if not many:
                raise
            failures.append(error)
    if failures:
        raise _all_told(failures)


def _all_told(failures: list[SourceError]) -> SourceError:
    first = failures[0]
    if len(failures) > 1:
        first.args = (f"{first}; and {counted(len(failures) - 1, 'more file')} cannot be read either",)
    return first


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a file found, without reading it all."""

    #: One line for the operator.
    said: str
    fields: Sequence[str]


def look_at(file: SheetFile, plan: Plan, *, many: bool) -> Looked:
    """Find a file's header, hold it against the settings, and tell what is there.

    Raises:
        SourceError: when it can't be read as the settings say.

    """
    notes = Notes()
    with file.open() as handle, _undisturbed(file, handle):
        table = open_table(open_sheet(handle, file.name, plan, notes), plan)
        RecordMaker(
            table.columns, table.sheet.label, plan, notes=notes, file_name=file.name if many else None
        )
        return Looked(described(table), table.field_names())


def described(table: Table) -> str:
    """Return ``walk-ins.xlsx, sheet Leads: 8 columns (Lead ID, Phone, …), header in row 3``."""
    names = table.field_names()
    shown = listed(names[:2]) + (", …" if len(names) > 2 else "")  # noqa: PLR2004
    manner = f"; {table.sheet.manner}" if table.sheet.manner else ""
    columns = counted(len(names), "column")
    return f"{table.sheet.label}: {columns} ({shown}), header in row {table.header_row}{manner}"
