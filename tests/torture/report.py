"""What the experiments found, as a table for a terminal and for docs/guarantees.md."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.torture.experiment import Experiment, Tally

_ROOT = Path(__file__).resolve().parents[2]
PAGE = _ROOT / "docs" / "guarantees.md"
#: Where the figures stand without what explains them.
SHORT_PAGE = _ROOT / "README.md"
BEGIN, END = "<!-- torture -->", "<!-- end -->"
_HEADS = (
    "kind of fault",
    "promises",
    "how",
    "faults",
    "leads",
    "lost",
    "repeated (allowed)",
    "seed",
    "again",
)
_SHORT_HEADS = ("kind of fault", "promises", "faults", "lost", "repeated (allowed)")
_NUMBERS = frozenset({"faults", "leads", "lost", "repeated (allowed)", "seed"})


@dataclass(frozen=True, slots=True)
class Row:
    """One experiment, and what it found."""

    experiment: Experiment
    tally: Tally
    seed: int
    #: How many faults were asked for.
    faults: int

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the table."""
        experiment, tally = self.experiment, self.tally
        counts = (f"{tally.faults:,}", f"{tally.leads:,}", f"{tally.lost:,}")
        repeats = f"{tally.repeated:,} ({tally.allowed:,})"
        told = (f"`{experiment.name}`", ", ".join(experiment.promises), experiment.how)
        return (*told, *counts, repeats, str(self.seed), f"`{self.command}`")

    @property
    def command(self) -> str:
        """The command that does the same again."""
        number = "" if self.faults == self.experiment.whole else f" --faults {self.faults}"
        return f'make torture ARGS="--only {self.experiment.name} --seed {self.seed}{number}"'


def told(rows: Iterable[Row]) -> Table:
    """Return the table for a terminal; how each is done stands in the page."""
    table = Table(box=None)
    shown = [head for head in _HEADS if head not in ("how", "again", "seed")]
    for head in shown:
        table.add_column(head, justify="right" if head in _NUMBERS else "left")
    for row in rows:
        cells = dict(zip(_HEADS, row.cells, strict=True))
        table.add_row(*(cells[head] for head in shown))
    return table


def saved(rows: Sequence[Row], page: Path = PAGE) -> None:
    """Write the rows into the page; rows of experiments that were not run stay as they are."""
    lines = {name_in(line): line for line in rows_in(table_in(page))}
    lines |= {row.experiment.name: _line(row.cells) for row in rows}
    _put(page, "\n".join([*_head(_HEADS), *(lines[name] for name in sorted(lines))]))


def shortened(page: Path = PAGE) -> str:
    """Return the table of a page with its figures alone."""
    rows = (dict(zip(_HEADS, cells_in(line), strict=True)) for line in rows_in(table_in(page)))
    lines = [_line([row[head] for head in _SHORT_HEADS]) for row in rows]
    return "\n".join([*_head(_SHORT_HEADS), *lines])


def save_short(page: Path = PAGE, short_page: Path = SHORT_PAGE) -> None:
    """Write the figures of a page into the short one."""
    _put(short_page, shortened(page))


def table_in(page: Path) -> str:
    """Return what stands between the marks."""
    return page.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()


def _put(page: Path, table: str) -> None:
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def _head(heads: Sequence[str]) -> list[str]:
    return [_line(heads), f"|{'|'.join('--:' if each in _NUMBERS else '---' for each in heads)}|"]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def cells_in(line: str) -> list[str]:
    """Return the cells of a row."""
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]


def rows_in(text: str) -> list[str]:
    """Return the rows of a table, without its head."""
    return [line for line in text.splitlines() if line.startswith("| ") and name_in(line) != _HEADS[0]]


def name_in(line: str) -> str:
    """Return the name of the experiment that a row is of."""
    return line.split("|")[1].strip(" `")
