"""One line for each target: what was measured, what was asked, and whether it was reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HEAD = ("", "measured", "target", "", "how")


@dataclass(frozen=True)
class Row:
    """One target."""

    name: str
    #: What was measured, in the unit of the target: mostly a ratio.
    measured: float
    #: The bound, and the side of it to be on.
    target: float
    at_least: bool
    #: The numbers behind it.
    how: str
    unit: str = ""

    @property
    def reached(self) -> bool:
        """Whether the target is reached."""
        return self.measured >= self.target if self.at_least else self.measured <= self.target

    def cells(self) -> tuple[str, ...]:
        """Return the texts of one table line."""
        bound = f"{'≥' if self.at_least else '≤'} {self.target:g}{self.unit}"
        verdict = "reached" if self.reached else "MISSED"
        return self.name, f"{self.measured:.2f}{self.unit}", bound, verdict, self.how


def markdown(rows: Iterable[Row]) -> str:
    """Return the rows as an aligned Markdown table."""
    lines = [_HEAD, *(row.cells() for row in rows)]
    widths = [max(3, *(len(line[column]) for line in lines)) for column in range(len(_HEAD))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_line(cells, widths) for cells in (lines[0], rule, *lines[1:]))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"
