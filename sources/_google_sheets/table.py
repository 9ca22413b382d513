"""A sheet that was read from Google, in the form that `sources._sheets` makes records of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sources._google_sheets.dates import with_dates
from sources._http.jsontext import stable_bytes
from sources._sheets.cells import ERROR_CELL, ERRORS, cell_value
from sources._sheets.wording import letters
from sources._wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from sources._google_sheets.book import Book, Tab
    from sources._sheets.notes import Notes
    from sources._sheets.sheet import Cells, Damaged

_DIGEST_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Values:
    """All cells of a sheet, as Google gave them, a row at a time and as often as one likes."""

    #: With dates as numbers.
    numbers: Iterable[Sequence[Any]]
    #: With dates as text; None when there can't be any.
    texts: Iterable[Sequence[Any]] | None = None

    def digest(self, zone: tzinfo) -> str:
        """Return what changes with any cell."""
        digest = hashlib.blake2b(str(zone).encode(), digest_size=_DIGEST_BYTES)
        for rows in (self.numbers, self.texts or ()):
            for row in rows:
                digest.update(stable_bytes(row))
            digest.update(b"\n")
        return digest.hexdigest()

    def rows(self, zone: tzinfo) -> Iterator[Sequence[Any]]:
        """Yield the rows, with dates that are dates."""
        if self.texts is None:
            yield from self.numbers
            return
        for numbers, texts in zip(self.numbers, self.texts, strict=True):
            yield with_dates(numbers, texts, zone)


class ValuesSheet:
    """A `sources._sheets.sheet.Sheet` of cells from Google.

    Args:
        book: the spreadsheet,
        tab: its sheet,
        values: and the cells of that.
        zone: of dates and times.
        notes: where remarks about cells go.

    """

    def __init__(self, book: Book, tab: Tab, values: Values, *, zone: tzinfo, notes: Notes) -> None:
        self.label = f"{book.title}, sheet {tab.title}"
        self.manner = f"times are in {zone}"
        self.advice = f"; its sheets are {listed(book.titles())}"
        self._values = values
        self._zone = zone
        self._notes = notes

    def rows(self) -> Iterator[Cells | Damaged]:
        """Yield every row from the first, blank ones too."""
        for at, cells in enumerate(self._values.rows(self._zone)):
            yield [self._cell(cell, at, column) for column, cell in enumerate(cells)]

    def _cell(self, cell: Any, row: int, column: int) -> Any:
        if isinstance(cell, str) and cell in ERRORS:
            self._notes.count(ERROR_CELL, f"{self.label}, {letters(column)}{row + 1}")
            return None
        return cell_value(cell)
