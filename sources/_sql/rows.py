"""Rows into records, or into the reason why a row is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sources._sql.values import reader_of
from sources._sql.written import Written, time_of
from sources._wording import listed
from sources.base import Record
from sources.errors import BadRecord
from sources.keys import canonical_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from sources._sql.settings import SqlSettings
    from sources._sql.shape import Shape

_MOST_KEY_CHARACTERS = 40


@dataclass(slots=True)
class Batch:
    """What some rows gave."""

    records: list[Record] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)

    def add(self, item: Record | BadRecord) -> None:
        """Put an item where it belongs."""
        (self.bad if isinstance(item, BadRecord) else self.records).append(item)  # type: ignore[arg-type]


class Rows:
    """Makes records of rows.

    Args:
        settings: the source's settings.
        shape: the columns there are.
        wanted: the fields that a mapping reads; None: all.

    """

    def __init__(self, settings: SqlSettings, shape: Shape, wanted: Collection[str] | None) -> None:
        own = [*settings.key_columns, *([settings.cursor_column] if settings.cursor_column else [])]
        #: The columns to select, in order.
        self.names = [name for name in shape.columns if wanted is None or name in wanted or name in own]
        self._settings = settings
        self._where = f"{settings.what}, {'+'.join(settings.key_columns)} "
        self._keys = [self.names.index(name) for name in settings.key_columns]
        self._cursor = self.names.index(settings.cursor_column) if settings.cursor_column else None
        self._readers: list[Callable[[Any], Any]] = [
            time_of
            if isinstance(shape.columns[name].type, Written)
            else reader_of(shape.kinds.get(name, "unknown"), json_text=name in shape.json)
            for name in self.names
        ]

    def key_of(self, row: Sequence[Any]) -> str | None:
        """Return a row's canonical key; None when it has none."""
        try:
            parts = [row[index] for index in self._keys]
            return canonical_key(parts[0] if len(parts) == 1 else parts)
        except (ValueError, OverflowError):
            return None  # not a number, or infinity

    def cursor_of(self, row: Sequence[Any]) -> Any:
        """Return a row's raw cursor."""
        return row[self._cursor] if self._cursor is not None else None

    def fields_of(self, row: Sequence[Any]) -> dict[str, Any]:
        """Return a row's values by column."""
        return {name: read(value) for name, read, value in zip(self.names, self._readers, row, strict=True)}

    def record(self, row: Sequence[Any], changed: Any = None) -> Record | BadRecord:
        """Return a row's record, or why it has none."""
        key = self.key_of(row)
        if key is None:
            return self._keyless(row)
        return Record(key, self.fields_of(row), changed, self.where(key))

    def bad(self, row: Sequence[Any], reason: str) -> BadRecord:
        """Return a row as one that can't be read."""
        key = self.key_of(row)
        where = self.where(key) if key is not None else self._settings.what
        return BadRecord(reason, where, dict(self.fields_of(row)), key)

    def where(self, key: str) -> str:
        """Return where a person finds a row; a key that is somebody's address or number is left out."""
        if "@" in key or key.startswith("+") or len(key) > _MOST_KEY_CHARACTERS:
            return self._settings.what
        return self._where + key

    def _keyless(self, row: Sequence[Any]) -> BadRecord:
        missing = [self.names[index] for index in self._keys if not canonical(row[index])]
        return self.bad(row, f"the row has no key: nothing usable in {listed(missing)}")


def canonical(value: Any) -> str | None:
    """Return a key part's text, or None when it can't be part of a key."""
    try:
        return canonical_key(value)
    except (ValueError, OverflowError):
        return None


def named(rows: Rows, columns: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the columns to select."""
    return tuple(columns[name] for name in rows.names)
