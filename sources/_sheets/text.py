"""Delimited text, streamed: one row in memory at a time, whatever the size of the file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, BinaryIO

from sources._sheets.cells import ERROR_CELL, ERRORS
from sources._sheets.dialects import dialect_of
from sources._sheets.encodings import encoding_of
from sources._sheets.sheet import Damaged
from sources._sheets.wording import letters
from sources.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources._sheets.notes import Notes
    from sources._sheets.settings import SpreadsheetSettings
    from sources._sheets.sheet import Cells

#: Characters that are looked at to find the delimiter.
_SAMPLE = 1 << 16


class TextSheet:
    """A csv or tsv file.

    Args:
        handle: the open file; it is closed with this object.
        name: what messages call the file.
        settings: with encoding and delimiter, where the user states them.
        notes: where remarks about cells go.

    Raises:
        BadConfig: when it is in no one encoding.
        Unavailable: when it ends in the middle of a character.

    """

    def __init__(self, handle: BinaryIO, name: str, settings: SpreadsheetSettings, notes: Notes) -> None:
        self.label = name
        self.advice = ""
        self._notes = notes
        self._encoding = encoding_of(handle, name, settings.encoding)
        if self._encoding.guessed:
            guess = f"it is read as {self._encoding.name}; state `encoding` if letters come out wrong"
            notes.say(f"{name} is not UTF-8: {guess}")
        self._stream = io.TextIOWrapper(handle, encoding=self._encoding.name, newline="")
        tabbed = settings.format == "tsv" or name.lower().endswith((".tsv", ".tab"))
        sample, usual = self._stream.read(_SAMPLE), "\t" if tabbed else ","
        self._dialect = dialect_of(sample, settings.delimiter, usual, settings.key_columns)
        self.manner = f"{self._encoding.name.removesuffix('-sig')}, {self._dialect}"

    def rows(self) -> Iterator[Cells | Damaged]:
        """Yield every row; a row with a quote out of place, or a NUL character, is damaged.

        Raises:
            Unavailable: when a quote is never closed, so that rows run into each other.

        """
        self._stream.seek(0)
        self._stream.read(self._dialect.skip)
        rows = self._split(_Lines(self._stream))
        return self._without_nul(rows) if self._encoding.has_nul else rows

    def _split(self, lines: _Lines) -> Iterator[Cells | Damaged]:
        reader = csv.reader(iter(lines), **self._dialect.options)
        number = begun = 0
        while True:
            try:
                for raw in reader:
                    number += 1
                    begun = reader.line_num
                    if ERRORS.isdisjoint(raw):
                        yield [cell if cell and not cell.isspace() else None for cell in raw]
                    else:
                        yield [self._cell(cell, number, at) for at, cell in enumerate(raw)]
            except csv.Error as error:
                number += 1
                yield self._damaged(error, lines.last, number, reader.line_num - begun)
                begun = reader.line_num
            else:
                return

    def _cell(self, cell: str, number: int, index: int) -> str | None:
        if cell in ERRORS:
            self._notes.count(ERROR_CELL, f"{self.label}, {letters(index)}{number}")
            return None
        return cell if cell and not cell.isspace() else None

    def _damaged(self, error: csv.Error, line: str, number: int, span: int) -> Damaged:
        """Set one line aside; refuse to go on where the next row can't be told from this one.

        A line whose quotes come in pairs ends where it seems to end, however odd it is inside.
        """
        if span == 1 and line.count('"') % 2 == 0:
            return Damaged(f"its quotes cannot be made sense of ({error})", line)
        text = f"{self.label}, row {number}: a quoted cell begins there"
        if "unexpected end" in str(error):
            raise Unavailable(
                f"{text} and the file ends inside it: it is being written, or a quote is missing"
            )
        raise Unavailable(f"{text} that does not end properly {_after(span)}; look at its quotes")

    def _without_nul(self, rows: Iterator[Cells | Damaged]) -> Iterator[Cells | Damaged]:
        for row in rows:
            if isinstance(row, list) and any(cell and "\0" in cell for cell in row):
                text = "\t".join(cell or "" for cell in row).replace("\0", "")
                yield Damaged("it holds a NUL character; the file is damaged there", text)
            else:
                yield row


def _after(span: int) -> str:
    return "on its line" if span == 1 else f"after {span} lines"


class _Lines:
    """The lines of a text, the last one kept to look at when the csv module refuses it."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        for line in self._stream:
            self.last = line
            yield line
