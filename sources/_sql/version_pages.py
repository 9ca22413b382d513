"""Pages of rows that were found by their versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sources._sql.rows import Batch
from sources.base import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources._sql.row_versions import Reading
    from sources._sql.rows import Rows
    from sources.base import PollRequest, Position

_UNDATED = (
    "row versions are no times: all rows are read, and `updatedAt` or `createdAt` of the lead says which "
    "belong to the span"
)


def notes_of(now: Reading, request: PollRequest) -> tuple[str, ...]:
    """Return what the operator should hear of a poll."""
    window = request.window
    bounded = window is not None and (window.since is not None or window.until is not None)
    return tuple(filter(None, (now.note, _UNDATED if bounded else None)))


@dataclass(slots=True)
class Turning:
    """Turns rows into pages, and remembers how far they have come."""

    rows: Rows
    now: Reading
    #: The columns that rows are sorted by.
    by: tuple[str, ...]
    #: Said once, with the first page.
    notes: tuple[str, ...]
    #: The last row that has all of these.
    _place: tuple[Any, ...] = ()

    @property
    def places(self) -> tuple[int, ...]:
        """Where the columns sorted by stand among those selected."""
        return tuple(self.rows.names.index(name) for name in self.by)

    def page(self, found: Sequence[Any], *, last: bool = False) -> Page:
        """Return rows as a page, with where to go on behind them."""
        batch, changed = Batch(), self.now.changed
        for row in found:
            batch.add(self.rows.record(row, changed))
        notes, self.notes = self.notes, ()
        return Page(batch.records, self._reached(found, last=last), last=last, bad=batch.bad, notes=notes)

    def _reached(self, found: Sequence[Any], *, last: bool) -> Position:
        if last:
            return self.now.done()
        values = (tuple(row[index] for index in self.places) for row in reversed(found))
        self._place = next((each for each in values if None not in each), self._place or self.now.place)
        return self.now.at(self._place)
