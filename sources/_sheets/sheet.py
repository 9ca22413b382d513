"""What a text file and a workbook's sheet have in common: rows of cells, counted as people see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Damaged:
    """A row that cannot be split into cells."""

    reason: str
    #: What stands there, for the person who mends it. Never part of a message.
    text: str = ""


#: The cells of a row, None where there is nothing.
Cells: TypeAlias = "list[Any]"


class Sheet(Protocol):
    """A table somewhere in a file."""

    #: What messages call it: ``walk-ins.xlsx, sheet Leads``.
    label: str
    #: How it is read, for a check: ``utf-8, separated by commas``. May be empty.
    manner: str
    #: What to look at when there is no header: the other sheets.
    advice: str

    def rows(self) -> Iterator[Cells | Damaged]:
        """Yield every row from the first, blank ones too, so that the count is the row's number."""
