"""Printing: Rich on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

#: Text with a Rich style, or without one.
Cell: TypeAlias = "str | tuple[str, str]"

#: Where there is no terminal, a line is a line, however long.
_ENDLESS = 100_000


def console_on(stream: TextIO) -> Console:
    """Return a console that styles what it prints on a terminal, and wraps nothing elsewhere."""
    from rich.console import Console

    width = None if stream.isatty() else _ENDLESS
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False, legacy_windows=False)


class Printer:
    """Prints a command's answer on stdout."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        #: Whether nobody looks at a screen: lines for `grep`, and times that do not depend on now.
        self.plain = not self._stream.isatty()
        self._console: Console | None = None

    @property
    def console(self) -> Console:
        """The Rich console behind it."""
        if self._console is None:
            self._console = console_on(self._stream)
        return self._console

    def line(self, text: str = "", style: str = "") -> None:
        """Print one line."""
        text = one_line(text)
        if self.plain:
            print(text, file=self._stream)
        else:
            self.console.print(text, style=style or None)

    def parts(self, *cells: Cell) -> None:
        """Print one line of differently styled parts."""
        if self.plain:
            self.line("".join(map(_text, cells)))
            return
        from rich.text import Text

        self.console.print(Text.assemble(*map(_clean, cells)))

    def table(
        self, columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, numbers: Sequence[str] = ()
    ) -> None:
        """Print rows under headings; the columns named in ``numbers`` are set to the right."""
        if self.plain:
            for line in _aligned(columns, rows, numbers):
                self.line(line)
            return
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold dim")
        for name in columns:
            table.add_column(name, justify="right" if name in numbers else "left", overflow="fold")
        for row in rows:
            table.add_row(*(Text(*_clean(cell)) for cell in row))
        self.console.print(table)


def one_line(text: str) -> str:
    """Return text that moves no cursor, rings no bell and begins no line: keys are others' data."""
    if text.isprintable():
        return text
    text = text.replace("\n", " ")
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def shortened(text: str, most: int) -> str:
    """Cut text that is longer than so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _clean(cell: Cell) -> tuple[str, str]:
    return (one_line(cell), "") if isinstance(cell, str) else (one_line(cell[0]), cell[1])


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell[0]


def _aligned(columns: Sequence[str], rows: Sequence[Sequence[Cell]], numbers: Sequence[str]) -> list[str]:
    texts = [list(columns), *([one_line(_text(cell)) for cell in row] for row in rows)]
    widths = [max(len(row[index]) for row in texts) for index in range(len(columns))]
    right = [name in numbers for name in columns]
    return [
        "  ".join(
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in texts
    ]
