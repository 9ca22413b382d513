"""From a sheet at Google to pages of records, by way of `sources._sheets`."""

from __future__ import annotations

from contextlib import ExitStack, aclosing, asynccontextmanager, closing
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sources._google_sheets.api import moved
from sources._google_sheets.dates import may_hold_dates, same_cells
from sources._google_sheets.kept_rows import KeptRows
from sources._google_sheets.table import Values, ValuesSheet
from sources._sheets.headers import HEAD_ROWS
from sources._sheets.notes import Notes
from sources._sheets.plan import Plan
from sources._sheets.reading import Batch, Table, described, next_batch, open_table
from sources._sheets.records import RecordMaker
from sources._sheets.settings import SpreadsheetSettings
from sources._threads import each_in_thread, in_thread
from sources.base import Page, PollRequest

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence

    from sources._google_sheets.api import Dates, SheetsApi
    from sources._google_sheets.book import Book, Tab
    from sources._google_sheets.settings import GoogleSheetsSettings
    from sources.base import Position, SourceContext

#: A sheet that is edited while it is read is begun anew so often.
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Read:
    """A sheet that was read whole."""

    book: Book
    tab: Tab
    values: Values
    #: In the zone of the sheet.
    plan: Plan

    async def digest(self) -> str:
        """Return what changes with any cell, or with the zone."""
        return await in_thread(lambda: self.values.digest(self.plan.timezone))

    def table(self, notes: Notes) -> Table:
        """Find the header.

        Raises:
            Unavailable: when there is no row at all.
            BadConfig: when no row looks like a header.

        """
        zone = self.plan.timezone
        return open_table(ValuesSheet(self.book, self.tab, self.values, zone=zone, notes=notes), self.plan)

    async def pages(self, position: Position) -> AsyncGenerator[Page, None]:
        """Yield the rows; the last page has the position.

        Raises:
            SourceError: as `table`, and BadConfig when a column that the settings name is not there.

        """
        notes = Notes()
        held = Batch()
        async with aclosing(each_in_thread(self._batches(notes))) as batches:
            async for batch in batches:
                if held.records or held.bad:
                    yield Page(held.records, None, last=False, bad=held.bad)
                held = batch
        yield Page(held.records, position, last=True, bad=held.bad, notes=notes.texts())

    def _batches(self, notes: Notes) -> Iterator[Batch]:
        table = self.table(notes)
        maker = RecordMaker(table.columns, table.sheet.label, self.plan, notes=notes)
        rows = table.numbered()
        while batch := next_batch(maker, rows, self.plan.page_size):
            yield batch


class Reader:
    """Reads one sheet.

    Args:
        api: what asks.
        settings: what is to be read.
        context: with the zone to use where the spreadsheet's own is not known, and where files may be kept.

    """

    def __init__(self, api: SheetsApi, settings: GoogleSheetsSettings, context: SourceContext) -> None:
        self._api = api
        self._settings = settings
        self._zone = context.timezone
        self._cache = context.cache

    def rules(self, request: PollRequest) -> str:
        """Return a digest of what decides what a row means, apart from the sheet itself."""
        return self._plan(request).digest()

    @asynccontextmanager
    async def reading(self, request: PollRequest) -> AsyncGenerator[Read, None]:
        """Read all cells, and give back what holds them in the end.

        Raises:
            SourceError: see `GoogleSheets.poll`.

        """
        book = await self._api.book()
        tab = book.meant(self._settings)
        plan = replace(self._plan(request), timezone=book.zone or self._zone)
        async with self._values(tab) as values:
            yield Read(book, tab, values, plan)

    async def look(self) -> tuple[str, Sequence[str]]:
        """Read the first rows; return a line about them, and the names of the columns.

        Raises:
            SourceError: as `reading`.

        """
        book = await self._api.book()
        tab = book.meant(self._settings)
        head = max(HEAD_ROWS, self._settings.header_row or 0) + 1
        last = head if head < tab.rows else None
        values = Values(await self._api.part(tab, "SERIAL_NUMBER", 1, last))
        plan = replace(self._plan(PollRequest()), timezone=book.zone or self._zone)
        table = Read(book, tab, values, plan).table(notes := Notes())
        RecordMaker(table.columns, table.sheet.label, plan, notes=notes)  # holds the settings against it
        return described(table), table.field_names()

    def _plan(self, request: PollRequest) -> Plan:
        wanted = self._settings
        table: dict[str, Any] = {
            "path": wanted.id,
            "key": wanted.key,
            "sheet": wanted.sheet if wanted.sheet is not None else wanted.gid,
            "header_row": wanted.header_row,
            "changed": wanted.changed,
        }
        return Plan(SpreadsheetSettings(**table), self._zone, request.fields, request.page_size)

    @asynccontextmanager
    async def _values(self, tab: Tab) -> AsyncGenerator[Values, None]:
        """Read all cells, with dates in both forms where there may be any.

        Raises:
            Unavailable: when the sheet was edited between the two, again and again.

        """
        for _ in range(_TRIES):
            with ExitStack() as stack:
                numbers, dated = await self._kept(tab, "SERIAL_NUMBER", stack)
                if not dated:
                    yield Values(numbers)
                    return
                texts, _ = await self._kept(tab, "FORMATTED_STRING", stack)
                if await in_thread(partial(same_cells, numbers, texts)):
                    yield Values(numbers, texts)
                    return
        raise moved(tab)

    async def _kept(self, tab: Tab, dates: Dates, stack: ExitStack) -> tuple[KeptRows, bool]:
        """Return all rows on disk until the stack is closed, and whether any may hold a date."""
        kept = stack.enter_context(closing(KeptRows(f"sheet {tab.title}", self._cache)))
        dated = False
        async with aclosing(self._api.cells(tab, dates)) as parts:
            async for part in parts:
                await in_thread(partial(kept.add, part))
                dated = dated or may_hold_dates(part)
        return kept, dated
