"""Rows that no cursor leads to: those without a time, and those whose time can't be compared.

They are read in each poll, along the index on the cursor, and compared by what they hold. What that
costs goes by their number, not by the size of the table.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import or_, select

from sources._sql.cursors import Unlike
from sources._sql.keyset import Order, Walk
from sources._sql.rows import Batch, named
from sources._sql.stored_text import StoredText
from sources._wording import counted
from sources.base import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement

    from sources._sql.cursors import CursorKind
    from sources._sql.database import Database
    from sources._sql.rows import Rows
    from sources._sql.settings import SqlSettings
    from sources._sql.shape import Shape

    #: The kind of the cursor, the raw value that the poll begins from, and the size of a page.
    Beginning: TypeAlias = tuple[CursorKind | None, Any, int]

#: So many rows without a key are shown one by one.
_MOST_KEYLESS = 500


def undated_pages(
    database: Database, settings: SqlSettings, shape: Shape, rows: Rows, beginning: Beginning
) -> Iterator[Page]:
    """Yield the rows without a time, and say how many; then those whose time is odd.

    Raises:
        SourceError: when the database can't be read.

    """
    kind, start, size = beginning
    cursor = shape.columns[settings.cursor or ""]
    keys = shape.sorting(settings.key_columns)
    yield from _without_time(database, settings, (shape, rows, size))
    if not isinstance(kind, StoredText):
        return
    places = tuple(rows.names.index(name) for name in (settings.cursor or "", *settings.key_columns))
    for span in kind.strays(cursor, start):
        walk = Walk(Order(shape.origin, named(rows, shape.columns), (cursor, *keys), places, (span,)), size)
        for found in _walked(database, walk):
            batch = Batch()
            for row in found:
                batch.add(_stray(row, rows, kind, settings.cursor or ""))
            yield Page(batch.records, None, last=False, bad=batch.bad)


def _without_time(database: Database, settings: SqlSettings, what: tuple[Shape, Rows, int]) -> Iterator[Page]:
    shape, rows, _ = what
    missing = shape.columns[settings.cursor or ""].is_(None)
    count, held = 0, None
    for found in chain(
        _walked(database, _walk_of_undated(settings, what)),
        _keyless(database, settings, (shape, rows, missing)),
    ):
        count += len(found)
        if held is not None:
            yield _page(held, rows)
        held = found
    if held is not None:
        said = f"{counted(count, 'row')} without {settings.cursor}: read in each poll, and compared"
        yield replace(_page(held, rows), notes=(said,))


def _walk_of_undated(settings: SqlSettings, what: tuple[Shape, Rows, int]) -> Walk:
    shape, rows, size = what
    cursor = shape.columns[settings.cursor or ""]
    keys = shape.sorting(settings.key_columns)
    places = tuple(rows.names.index(name) for name in settings.key_columns)
    whole = (cursor.is_(None), *(key.is_not(None) for key in keys))
    return Walk(Order(shape.origin, named(rows, shape.columns), keys, places, whole, cursor), size)


def _keyless(
    database: Database, settings: SqlSettings, what: tuple[Shape, Rows, ColumnElement[bool]]
) -> Iterator[list[Any]]:
    """Yield the rows that have neither time nor key, if there are any."""
    shape, rows, missing = what
    no_key = or_(*(shape.columns[name].is_(None) for name in settings.key_columns))
    wanted = select(*named(rows, shape.columns)).select_from(shape.origin).where(missing, no_key)
    with database.reading() as connection:
        found = list(connection.execute(wanted.limit(_MOST_KEYLESS)).all())
    if found:
        yield found


def _walked(database: Database, walk: Walk) -> Iterator[list[Any]]:
    """Yield the rows of each page that has any; each is read in a transaction of its own."""
    done = False
    while not done:
        with database.reading() as connection:
            found, done = walk.page(connection)
        if found:
            yield found


def _page(found: list[Any], rows: Rows) -> Page:
    batch = Batch()
    for row in found:
        batch.add(rows.record(row))
    return Page(batch.records, None, last=False, bad=batch.bad)


def _stray(row: Any, rows: Rows, kind: StoredText, cursor: str) -> Any:
    """Return a record of a time that only sorts oddly, or why the row can't be compared."""
    try:
        earliest, latest = kind.moments(rows.cursor_of(row))
    except Unlike as error:
        return rows.bad(row, f"{cursor} is {error}")
    return rows.record(row, earliest if earliest == latest else None)
