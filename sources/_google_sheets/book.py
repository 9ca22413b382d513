"""What a spreadsheet says of itself and of its sheets, and which sheet is meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sources._sheets.wording import letters
from sources._wording import did_you_mean, listed
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from sources._google_sheets.settings import GoogleSheetsSettings


@dataclass(frozen=True, slots=True)
class Tab:
    """One sheet of a spreadsheet."""

    id: int
    title: str
    hidden: bool
    #: The size of its grid, blank rows and columns included.
    rows: int
    columns: int

    def part(self, first: int, last: int | None) -> str:
        """Return in A1 notation the rows from one to another, counted from 1; None: to the end.

        A title is quoted always: one like Q1 would else be taken for a cell.
        """
        title = "'" + self.title.replace("'", "''") + "'"
        if last is not None:
            return f"{title}!{first}:{last}"
        return title if first == 1 else f"{title}!A{first}:{letters(max(self.columns, 1) - 1)}"


@dataclass(frozen=True, slots=True)
class Book:
    """A spreadsheet."""

    title: str
    #: The zone that its dates and times are in; None when it is one that nobody knows here.
    zone: tzinfo | None
    tabs: Sequence[Tab]

    @classmethod
    def of(cls, data: Any) -> Book:
        """Read Google's description; raises what `sensible` catches."""
        own = data["properties"]
        tabs = [_tab(each["properties"]) for each in data["sheets"] if _has_cells(each["properties"])]
        return cls(str(own["title"]), _zone(own.get("timeZone")), tabs)

    def meant(self, settings: GoogleSheetsSettings) -> Tab:
        """Return the sheet that the settings mean.

        Raises:
            BadConfig: when it is not there; the message lists those that are.

        """
        if not self.tabs:
            raise BadConfig(f"{self.title} has no sheet with cells", "spreadsheet")
        if settings.sheet is not None:
            return self._named(str(settings.sheet))
        if settings.gid is not None:
            return self._addressed(settings.gid)
        return next((tab for tab in self.tabs if not tab.hidden), self.tabs[0])

    def titles(self) -> list[str]:
        """Return the titles of all sheets."""
        return [tab.title for tab in self.tabs]

    def _named(self, wanted: str) -> Tab:
        found = next((tab for tab in self.tabs if tab.title == wanted), None)
        if found is None and wanted.isdecimal() and 1 <= int(wanted) <= len(self.tabs):
            found = self.tabs[int(wanted) - 1]
        if found is None:
            guess = did_you_mean(wanted, self.titles())
            text = f'{self.title} has no sheet "{wanted}"{guess}; its sheets are {listed(self.titles())}'
            raise BadConfig(text, "sheet")
        return found

    def _addressed(self, gid: int) -> Tab:
        found = next((tab for tab in self.tabs if tab.id == gid), None)
        if found is None:
            text = f"{self.title} has no sheet with the gid of the address; its sheets are"
            raise BadConfig(f"{text} {listed(self.titles())}", "spreadsheet")
        return found


def _has_cells(own: Any) -> bool:
    """Tell a sheet with cells from one that is a chart, or a view of BigQuery."""
    return bool(own.get("sheetType", "GRID") == "GRID")


def _tab(own: Any) -> Tab:
    grid = own.get("gridProperties") or {}
    size = int(grid.get("rowCount", 0)), int(grid.get("columnCount", 0))
    return Tab(int(own.get("sheetId", 0)), str(own["title"]), bool(own.get("hidden")), *size)


def _zone(name: Any) -> tzinfo | None:
    try:
        return ZoneInfo(str(name or ""))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a name that is a directory
        return None
