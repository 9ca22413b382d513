"""Deciding what kind of cursor a column is, or saying why it can be none."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from sources._sql.cursors import CursorKind, Dates, Integers, LocalTimes, Texts, UtcTimes, ZonedTimes
from sources._sql.stored_text import StoredText, form_of
from sources._sql.written import Written, WrittenTimes
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from sqlalchemy.engine import Connection

    from sources._sql.settings import SqlSettings
    from sources._sql.shape import Shape

#: How many of the newest values are looked at where the database doesn't say what a column holds.
_SAMPLED = 100
_INTEGERS, _TEXTS = ("integer", "number"), ("text",)


def choose_kind(
    connection: Connection, settings: SqlSettings, shape: Shape, zone: tzinfo
) -> CursorKind | None:
    """Return what the cursor's column holds; None while it holds nothing.

    Raises:
        BadConfig: when it can't be a cursor, or only one that is declared so.

    """
    name = settings.cursor or ""
    native = shape.kinds.get(name, "unknown")
    values: Sequence[Any] = ()
    if native == "unknown":
        values = _sample(connection, shape, name)
        native = _kind_of(values)
    if native == "empty":
        return None
    if settings.cursor_type == "integer":
        return _declared(Integers(), native, _INTEGERS, name)
    if settings.cursor_type == "text":
        return _declared(Texts(), native, _TEXTS, name)
    if isinstance(travels := shape.columns[name].type, Written):
        return WrittenTimes(travels.form, zone)
    if native == "text" and values and (form := form_of(values, name)) is not None:
        return StoredText(form, zone)
    return _timestamps(native, name, zone)


def _timestamps(native: str, name: str, zone: tzinfo) -> CursorKind:
    if native == "zoned":
        return ZonedTimes()
    if native == "utc":
        return UtcTimes()
    if native == "local":
        return LocalTimes(zone)
    if native == "date":
        return Dates(zone)
    raise BadConfig(f"{name} holds {_plainly(native)}, not timestamps{_way_out(native)}", "cursor_type")


def _declared(kind: CursorKind, native: str, wanted: tuple[str, ...], name: str) -> CursorKind:
    if native in wanted:
        return kind
    raise BadConfig(f"{name} holds {_plainly(native)}, not {_plainly(wanted[0])}", "cursor_type")


def _plainly(native: str) -> str:
    return {
        "integer": "integers",
        "number": "numbers",
        "text": "text",
        "json": "JSON",
        "mixed": "values of several types",
    }.get(native, "timestamps" if native in ("zoned", "local", "utc", "date") else "values without an order")


def _way_out(native: str) -> str:
    if native in _INTEGERS:
        return (
            ": if they only ever grow, say `cursor_type: integer`; there is no look-back then, "
            "so a row that is committed late may be missed"
        )
    if native in _TEXTS:
        return ": if it sorts in the order of change, say `cursor_type: text`; there is no look-back then"
    return ": leave `cursor` out to compare all rows in each poll"


def _sample(connection: Connection, shape: Shape, name: str) -> Sequence[Any]:
    """Return some of the newest values and the oldest one."""
    column = shape.columns[name]
    some = select(column).select_from(shape.origin).where(column.is_not(None))
    newest = connection.execute(some.order_by(column.desc()).limit(_SAMPLED)).scalars().all()
    oldest = connection.execute(some.order_by(column).limit(1)).scalars().all()
    return [*newest, *oldest]


def _kind_of(values: Sequence[Any]) -> str:
    """Return what most of the values are."""
    kinds = [_kind_of_one(value) for value in values]
    return max(set(kinds), key=kinds.count) if kinds else "empty"


def _kind_of_one(value: Any) -> str:
    if isinstance(value, datetime):
        return "zoned" if value.tzinfo else "local"
    if isinstance(value, date):
        return "date"
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return "other"
    return "integer" if isinstance(value, int) else "text"
