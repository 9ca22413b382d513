"""Rows of cells become records, quickly: this runs once for every row of every file."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from sources._sheets.changed import change_reader
from sources._sheets.sheet import Damaged
from sources._wording import did_you_mean, listed
from sources.base import Record
from sources.errors import BadConfig, BadRecord
from sources.keys import canonical_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sources._sheets.headers import Columns
    from sources._sheets.notes import Notes
    from sources._sheets.plan import Plan
    from sources._sheets.sheet import Cells

_Pick: TypeAlias = "Callable[[Cells], Any]"
_UNTIMED = "row whose change time is no date and not"


class RecordMaker:
    """Makes the records of one sheet.

    Args:
        columns: the sheet's columns.
        label: what messages call the sheet.
        plan: what the source is set to read.
        notes: where remarks about rows go.
        file_name: what row keys begin with, where several files make one source.

    Raises:
        BadConfig: when a column that the settings name is not there.

    """

    def __init__(
        self, columns: Columns, label: str, plan: Plan, *, notes: Notes, file_name: str | None = None
    ) -> None:
        self._columns, self._label, self._notes = columns, label, notes
        self._width = len(columns.names)
        self._fields = plan.fields
        self._file_name = file_name
        self._wide = any(name.startswith("Column ") for name in plan.fields or ())
        wanted = [
            at for at in range(self._width) if at not in columns.blank and self._reads(columns.names[at])
        ]
        self._names = tuple(columns.names[at] for at in wanted)
        self._pick = _all if wanted == list(range(self._width)) else _picker(wanted)
        self._key_at = [self._place(name, "key") for name in plan.settings.key_columns]
        self._key_until = max(self._key_at, default=-1) + 1
        self._key_pick = _picker(self._key_at) if len(self._key_at) != 1 else itemgetter(self._key_at[0])
        form = plan.settings.changed_format
        self._untimed = f"{_UNTIMED} {'ISO 8601 text (state changed_format)' if form == 'auto' else form}"
        self._change_time = change_reader(form, plan.timezone)
        changed = plan.settings.changed
        self._changed_at = None if changed is None else self._place(" ".join(changed.split()), "changed")

    def make(self, number: int, cells: Cells | Damaged) -> Record | BadRecord | None:
        """Return the record of a row, what is wrong with it, or None when the row is blank."""
        where = f"{self._label}, row {number}"
        if isinstance(cells, Damaged):
            return BadRecord(cells.reason, where, {"text": cells.text})
        if not any(cells) and cells.count(None) == len(cells):
            return None
        missing = self._width - len(cells)
        if missing > 0:
            cells = cells + [None] * missing
        fields = dict(zip(self._names, self._pick(cells), strict=False))
        if missing < 0 or self._columns.blank:
            self._add_unnamed(fields, cells)
        key = self._key(number, cells)
        if key is None:
            return BadRecord(self._keyless(), where, fields)
        changed = None if self._changed_at is None else self._changed(cells, self._changed_at, where)
        return Record(key, fields, changed, where)

    def _reads(self, name: str) -> bool:
        return self._fields is None or name in self._fields

    def _place(self, name: str, setting: str) -> int:
        """Return where a column that the settings name stands."""
        found = self._columns.find(name)
        if found is None:
            names = self._columns.named
            guess = did_you_mean(name, names)
            text = f'{self._label} has no column "{name}"{guess}; its columns are {listed(names)}'
            raise BadConfig(text, setting)
        return found

    def _add_unnamed(self, fields: dict[str, Any], cells: Cells) -> None:
        """Add what stands under no header, by the letters of its column."""
        if self._fields is not None and not self._wide:
            return
        for at in [*self._columns.blank, *range(self._width, len(cells))]:
            if cells[at] is not None and self._reads(name := self._columns.name_of(at)):
                fields[name] = cells[at]

    def _key(self, number: int, cells: Cells) -> str | None:
        if not self._key_at:
            return str(number) if self._file_name is None else canonical_key([self._file_name, number])
        missing = self._key_until - len(cells)
        value = self._key_pick(cells + [None] * missing if missing > 0 else cells)
        # A text key, by far the most frequent, is only ever stripped: see `canonical_key`.
        return value.strip() if type(value) is str else canonical_key(value)

    def _keyless(self) -> str:
        names = listed([self._columns.name_of(at) for at in self._key_at])
        return f"it has no key: {'one of ' if len(self._key_at) > 1 else ''}{names} is empty"

    def _changed(self, cells: Cells, at: int, where: str) -> datetime | None:
        value = cells[at] if at < len(cells) else None
        if value is None:
            return None
        moment = self._change_time(value)
        if moment is None:
            self._notes.count(self._untimed, where)
        return moment


def _all(cells: Cells) -> Cells:
    return cells


def _picker(places: list[int]) -> _Pick:
    """Return what takes the cells at these places out of a row, always as a sequence."""
    if not places:
        return lambda _cells: ()
    if len(places) == 1:
        at = places[0]
        return lambda cells: (cells[at],)
    return itemgetter(*places)
