"""What the experiments found, as a table for a terminal and for docs/guarantees.md."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.torture.experiment import Experiment, Tally

PAGE = Path(__file__).resolve().parents[2] / "docs" / "guarantees.md"
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
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    old, _, after = rest.partition(END)
    lines = {name_in(line): line for line in rows_in(old)}
    lines |= {row.experiment.name: f"| {' | '.join(row.cells)} |" for row in rows}
    head = f"| {' | '.join(_HEADS)} |\n|{'|'.join('--:' if each in _NUMBERS else '---' for each in _HEADS)}|"
    body = "\n".join(lines[name] for name in sorted(lines))
    page.write_text(f"{before}{BEGIN}\n{head}\n{body}\n{END}{after}", encoding="utf-8")


def rows_in(text: str) -> list[str]:
    """Return the rows of a table, without its head."""
    return [line for line in text.splitlines() if line.startswith("| ") and name_in(line) != _HEADS[0]]


def name_in(line: str) -> str:
    """Return the name of the experiment that a row is of."""
    return line.split("|")[1].strip(" `")
