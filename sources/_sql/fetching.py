"""Reading single rows again by their canonical keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from sources._sql.cursor_choice import choose_kind
from sources._sql.cursors import Unlike
from sources._sql.dialects import clock_of
from sources._sql.keyset import bound
from sources._sql.row_versions import as_of_text
from sources._sql.rows import Rows, named
from sources._sql.shape import look_at
from sources.base import Record

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import tzinfo

    from sqlalchemy import ColumnElement

    from sources._sql.cursors import CursorKind
    from sources._sql.database import Database
    from sources._sql.settings import SqlSettings
    from sources._sql.shape import Shape

#: So many keys are asked for at once.
_AT_ONCE = 100
#: A "|" that stands alone parts a composite key; one inside a part is doubled.
_PART = re.compile(r"(?:[^|]|\|\|)+")
_INTEGER = re.compile(r"-?\d{1,18}")


def fetch_rows(
    database: Database, settings: SqlSettings, zone: tzinfo, keys: Collection[str]
) -> list[Record]:
    """Return the records of these keys that are there.

    Raises:
        SourceError: when the database can't be read.

    """
    wanted, found = sorted(set(keys)), {}
    with database.reading() as connection:
        shape = look_at(connection, settings)
        rows = Rows(settings, shape, None)
        by_time = settings.cursor and not settings.by_row_version
        kind = choose_kind(connection, settings, shape, zone) if by_time else None
        read = as_of_text(clock_of(connection)) if settings.by_row_version else None
        chosen = select(*named(rows, shape.columns)).select_from(shape.origin)
        for start in range(0, len(wanted), _AT_ONCE):
            condition = _any_of(wanted[start : start + _AT_ONCE], settings.key_columns, shape)
            for row in connection.execute(chosen.where(condition)):
                record = rows.record(row, read or _changed(row, rows, kind))
                if isinstance(record, Record) and record.key in keys:
                    found[record.key] = record
    return list(found.values())


def _any_of(keys: Sequence[str], columns: Sequence[str], shape: Shape) -> ColumnElement[bool]:
    return or_(*(_is(key, columns, shape) for key in keys))


def _is(key: str, columns: Sequence[str], shape: Shape) -> ColumnElement[bool]:
    """Return what is true of a row with this key."""
    parts = [key] if len(columns) == 1 else [part.replace("||", "|") for part in _PART.findall(key)]
    if len(parts) != len(columns):
        return or_(*(shape.columns[name].is_(None) & shape.columns[name].is_not(None) for name in columns))
    return and_(
        *(
            or_(*(shape.columns[name] == bound(value) for value in _forms(part, shape.kinds.get(name, ""))))
            for name, part in zip(columns, parts, strict=True)
        )
    )


def _forms(part: str, kind: str) -> list[Any]:
    """Return the values that may be stored for a key's text; SQLite tells 7 from "7"."""
    if kind == "integer":
        return [int(part)] if _INTEGER.fullmatch(part) else [None]
    if kind == "unknown" and _INTEGER.fullmatch(part):
        return [part, int(part)]
    return [part]


def _changed(row: Any, rows: Rows, kind: CursorKind | None) -> Any:
    if kind is None:
        return None
    try:
        earliest, latest = kind.moments(rows.cursor_of(row))
    except Unlike:
        return None
    return earliest if earliest == latest else None
