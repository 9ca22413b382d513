"""Which row holds the column names, and what each column is called."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from math import ceil
from statistics import median_high
from typing import TYPE_CHECKING, Any

from sources._sheets.wording import index_of, letters
from sources._wording import looks_personal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sources._sheets.sheet import Cells, Damaged

#: The header is looked for in so many rows; one further down is stated by `header_row`.
HEAD_ROWS = 100
#: The share of a usual row's cells that the header must fill; title rows fill one or two.
_FILLED = 0.75


def clean_name(cell: Any) -> str:
    """Return a header cell as a column name: one line, single spaces, nothing around it."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return " ".join(str(cell).replace("\ufeff", "").replace("\u200b", "").split())


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a sheet by name, in the order in which they stand."""

    #: A name for each column of the header row; "Column C" where the header is blank.
    names: tuple[str, ...]
    #: Where the header is blank.
    blank: frozenset[int]

    @classmethod
    def of(cls, header: Cells) -> Columns:
        """Name the columns: a second "Phone" becomes "Phone (2)", a blank one in column C "Column C"."""
        cells = [clean_name(cell) for cell in header]
        while cells and not cells[-1]:
            cells.pop()
        names = _unique(cells)
        blank = frozenset(at for at, cell in enumerate(cells) if not cell)
        return cls(tuple(names), blank)

    @property
    def named(self) -> list[str]:
        """The names that stand in the header."""
        return [name for at, name in enumerate(self.names) if at not in self.blank]

    def name_of(self, index: int) -> str:
        """Return the name of any column, beyond the header as well."""
        if index < len(self.names):
            return self.names[index]
        return _free(f"Column {letters(index)}", set(self.names))

    def find(self, name: str) -> int | None:
        """Return the index of a column by its name, or None."""
        if name in self.names:
            return self.names.index(name)
        column = name.removeprefix("Column ")
        if column == name or not (column.isascii() and column.isalpha() and column.isupper()):
            return None
        index = index_of(column)
        return index if index >= len(self.names) else None


def _unique(cells: Sequence[str]) -> list[str]:
    """Number repeated names, leaving alone what already stands in the header as it is."""
    taken = set(cells)
    seen: Counter[str] = Counter()
    names = []
    for at, cell in enumerate(cells):
        seen[cell] += 1
        name = cell
        if not cell or seen[cell] > 1:
            name = _free(cell or f"Column {letters(at)}", taken, begin=2 if cell else 1)
            taken.add(name)
        names.append(name)
    return names


def _free(name: str, taken: Collection[str], begin: int = 1) -> str:
    """Return the name, or the name with the first number that nobody has."""
    number, free = begin, name if begin == 1 else f"{name} ({begin})"
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def find_header(head: Sequence[Cells | Damaged], wanted: Collection[str]) -> int | None:
    """Return the index of the header row among the first rows, or None when none looks like one.

    Args:
        head: the first rows.
        wanted: names that must be columns. The first row that has them all is the header, whatever
            it looks like; without such a row it is the first that is filled like the rows below it
            and holds nobody's phone number or e-mail address.

    """
    rows = [row if isinstance(row, list) else [] for row in head]
    if wanted:
        for at, row in enumerate(rows):
            if set(wanted) <= {clean_name(cell) for cell in row}:
                return at
    needed = ceil(_FILLED * _usual_width(rows))
    return next((at for at, row in enumerate(rows) if _like_header(row, needed)), None)


def _usual_width(rows: Sequence[Cells]) -> int:
    widths = [_filled(row) for row in rows]
    many = [width for width in widths if width > 1]
    return median_high(many) if many else 1


def _filled(row: Cells) -> int:
    return len(row) - row.count(None)


def _like_header(row: Cells, needed: int) -> bool:
    if _filled(row) < max(needed, 1):
        return False
    return not any(looks_personal(clean_name(cell)) for cell in row if not isinstance(cell, date))
