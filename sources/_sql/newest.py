"""Where the newest row stands, not counting what lies in the future."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from sources._sql.cursor_choice import choose_kind
from sources._sql.cursors import Unlike
from sources._sql.dialects import clock_of
from sources._sql.keyset import bound
from sources._sql.shape import look_at
from sources.base import Position

if TYPE_CHECKING:
    from datetime import tzinfo

    from sources._sql.database import Database
    from sources._sql.settings import SqlSettings

#: How many of the newest are looked at; more than one only where times are text.
_LOOKED_AT = 200
_TICK = timedelta(microseconds=1)


def newest_position(database: Database, settings: SqlSettings, zone: tzinfo) -> Position | None:
    """Return the newest time that the database's clock has reached, or the greatest cursor.

    Raises:
        SourceError: when the database can't be read, or the settings don't fit it.

    """
    with database.reading() as connection:
        shape = look_at(connection, settings)
        kind = choose_kind(connection, settings, shape, zone)
        if kind is None:
            return None
        now = clock_of(connection)
        column = shape.columns[settings.cursor or ""]
        some = select(column).select_from(shape.origin).where(column.is_not(None))
        if kind.timed:
            some = some.where(column < bound(kind.upper(now + _TICK)))
        raws = connection.execute(some.order_by(column.desc()).limit(_LOOKED_AT)).scalars().all()
    found = []
    for raw in raws:
        with suppress(Unlike):
            earliest, _ = kind.moments(raw)
            found.append(earliest)
    reached = [at for at in found if not kind.timed or at <= now]
    if not reached:
        return None
    return Position(max(reached) if kind.timed else reached[0])
