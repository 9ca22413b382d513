"""How a text file separates its cells.

`csv.Sniffer` is not used: it takes letters for delimiters, fails on quoted line ends and on one
column, and knows nothing of Excel's ``sep=`` line. Here each delimiter that people use splits the
first rows, and the one that gives rows of one width wins.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import dropwhile, islice
from statistics import mode
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Collection

_DELIMITERS = "\t;|,"
_NAMES = {"\t": "tabs", ";": "semicolons", "|": "pipes", ",": "commas"}
#: The line by which Excel is told the delimiter; it shows no row for it.
_SEP = re.compile(r'"?sep=(?P<delimiter>[^\r\n"])"?[\t;|, ]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_ROWS = 200
#: The share of rows that must have one width for a delimiter to be believed.
_AGREED = 0.5
_NOTHING = (False, 0.0, 0, 0)


class CsvOptions(TypedDict):
    """What `csv.reader` is told."""

    delimiter: str
    skipinitialspace: bool
    strict: bool


@dataclass(frozen=True, slots=True)
class Dialect:
    """How to split lines into cells."""

    delimiter: str
    #: Whether cells look like ``"a", "b"``, with a space that is in no cell.
    spaced: bool = False
    #: Characters of a ``sep=`` line before the first row.
    skip: int = 0

    @property
    def options(self) -> CsvOptions:
        """Return what `csv.reader` is told: strict, so that a stray quote is an error, not a guess."""
        return {"delimiter": self.delimiter, "skipinitialspace": self.spaced, "strict": True}

    def __str__(self) -> str:
        """Return ``separated by semicolons``."""
        return f"separated by {_NAMES.get(self.delimiter, repr(self.delimiter))}"


def dialect_of(sample: str, stated: str | None, usual: str, wanted: Collection[str] = ()) -> Dialect:
    """Return the dialect of a text from its beginning.

    Args:
        sample: the first part of the text; its last line may be cut.
        stated: the delimiter in the settings.
        usual: what the file's name makes likely, taken when no delimiter stands out.
        wanted: names that must be columns; a delimiter that gives a row with them all wins.

    """
    found = _SEP.match(sample)
    skip = found.end() if found else 0
    said = stated or (found["delimiter"] if found else None)
    delimiter = said or _likeliest(sample[skip:], usual, set(wanted))
    return Dialect(delimiter, _is_spaced(sample[skip:], delimiter), skip)


def _split(sample: str, delimiter: str) -> list[list[str]]:
    """Split a few rows, without the last one, which may be cut, and without blank ones."""
    lines = io.StringIO(sample, newline="")
    rows: list[list[str]] = []
    try:
        rows.extend(islice(csv.reader(lines, delimiter=delimiter), _ROWS))
    except csv.Error:  # a cell that never ends: this is not the delimiter, or the reader will say so
        return []
    whole = rows[:-1] if len(rows) > 1 and not sample.endswith(("\n", "\r")) else rows
    return [row for row in whole if any(cell.strip() for cell in row)]


def _likeliest(sample: str, usual: str, wanted: set[str]) -> str:
    order = sorted(_DELIMITERS, key=lambda delimiter: delimiter != usual)
    scores = {delimiter: _score(_split(sample, delimiter), wanted) for delimiter in order}
    best = max(order, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > _NOTHING else usual


def _score(rows: list[list[str]], wanted: set[str]) -> tuple[bool, float, int, int]:
    """Tell how well a delimiter fits, the first thing that differs deciding.

    That some row has the wanted columns; the share of rows that have the commonest width; how few
    rows above them have but one cell, like a title, or like a header that this delimiter does not
    split; that width.
    """
    named = bool(wanted) and any(wanted <= {" ".join(cell.split()) for cell in row} for row in rows)
    table = list(dropwhile(lambda row: sum(1 for cell in row if cell.strip()) == 1, rows))
    widths = [len(row) for row in table]
    width = mode(widths) if widths else 0
    share = widths.count(width) / len(widths) if widths else 0.0
    if width > 1 and share > _AGREED:
        return named, round(share, 1), len(table) - len(rows), width
    return named, *_NOTHING[1:]


def _is_spaced(sample: str, delimiter: str) -> bool:
    return any(cell.startswith(' "') for row in _split(sample, delimiter) for cell in row[1:])
