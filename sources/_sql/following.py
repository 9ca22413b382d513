"""Reading by position: what has changed since a place, in pages, oldest first."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sources._sql.cursor_choice import choose_kind
from sources._sql.cursors import Unlike, fitting
from sources._sql.dialects import clock_of
from sources._sql.key_values import pack, unpack
from sources._sql.keyset import Order, Walk, bound
from sources._sql.rows import Batch, Rows, named
from sources._sql.shape import look_at
from sources._sql.undated import undated_pages
from sources.base import Page, Position
from sources.errors import BadConfig, BadRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from sqlalchemy import ColumnElement

    from sources._sql.cursors import CursorKind
    from sources._sql.database import Database
    from sources._sql.settings import SqlSettings
    from sources.base import PollRequest, Record, Window

#: How far the clock of a program that writes rows may be ahead of the database's.
_AHEAD = timedelta(minutes=5)


def follow(database: Database, settings: SqlSettings, zone: tzinfo, request: PollRequest) -> Iterator[Page]:
    """Yield pages; each is read in a transaction of its own.

    Raises:
        SourceError: when the database can't be read, or the settings don't fit it.

    """
    with database.reading() as connection:
        shape = look_at(connection, settings)
        kind = choose_kind(connection, settings, shape, zone)
        clock = _Clock(clock_of(connection))
    rows = Rows(settings, shape, request.fields)
    at = request.position.at if request.position else None
    if kind is not None and at is not None:
        fitting(kind, at)
    if request.window is None:
        start = kind.lower(at) if kind is not None and at is not None else None
        yield from undated_pages(database, settings, shape, rows, (kind, start, request.page_size))
    if kind is None:
        yield Page((), request.position, last=True)
        return
    order = Order(
        shape.origin,
        named(rows, shape.columns),
        shape.sorting((settings.cursor or "", *settings.key_columns)),
        tuple(rows.names.index(name) for name in (settings.cursor or "", *settings.key_columns)),
        _limits(kind, shape.columns[settings.cursor or ""], request.window),
    )
    walk = Walk(order, request.page_size, _place(kind, request.position, len(settings.key_columns)))
    yield from _pages(database, walk, _Turning(rows, kind, clock, order, settings, request))


@dataclass(frozen=True, slots=True)
class _Clock:
    """The database's clock, asked once and carried on."""

    asked: datetime
    _since: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        return self.asked + timedelta(seconds=time.monotonic() - self._since)


@dataclass(slots=True)
class _Turning:
    """Turns the rows of pages into records, and remembers how far they have come."""

    rows: Rows
    kind: CursorKind
    clock: _Clock
    order: Order
    settings: SqlSettings
    request: PollRequest
    #: Cursor, raw cursor and row of the last record that may move the position.
    _furthest: tuple[Any, Any, Any] | None = None

    @property
    def reached(self) -> Position | None:
        """Where to go on after the rows turned so far."""
        if self._furthest is None:
            return None
        at, raw, row = self._furthest
        key = self.order.place_of(row)[1:]
        return Position(at, pack((raw, *key) if self.kind.keeps_raw else key))

    def batch(self, found: Sequence[Any]) -> Batch:
        batch, now = Batch(), self.clock.now()
        for row in found:
            item = self._item(row, now)
            if item is not None:
                batch.add(item)
        return batch

    def _item(self, row: Any, now: datetime) -> Record | BadRecord | None:
        raw = self.rows.cursor_of(row)
        try:
            earliest, latest = self.kind.moments(raw)
        except Unlike as error:
            return self.rows.bad(row, f"{self.settings.cursor} is {error}")
        if not _inside(self.request.window, earliest, latest):
            return None
        if self.kind.timed and earliest > now + _AHEAD:
            reason = (
                f"{self.settings.cursor} lies in the future, by the database's clock; "
                "the row is read again once it has come (is `timezone` the zone it was written in?)"
            )
            return self.rows.bad(row, reason)
        item = self.rows.record(row, earliest if earliest == latest else None)
        if not isinstance(item, BadRecord) and not (self.kind.timed and earliest > now):
            self._furthest = earliest, raw, row
        return item


def _pages(database: Database, walk: Walk, turning: _Turning) -> Iterator[Page]:
    done = False
    while not done:
        with database.reading() as connection:
            found, done = walk.page(connection)
        batch = turning.batch(found)
        if done:
            yield Page(batch.records, _final(turning), last=True, bad=batch.bad)
        elif batch.records or batch.bad:
            yield Page(batch.records, turning.reached, last=False, bad=batch.bad)


def _final(turning: _Turning) -> Position | None:
    """Return where the next poll begins: all that shares the newest time is read again then."""
    reached = turning.reached
    return Position(reached.at) if reached is not None else turning.request.position


def _place(kind: CursorKind, position: Position | None, keys: int) -> tuple[Any, ...]:
    """Return the row values to go on from."""
    if position is None or position.at is None:
        return ()
    key = unpack(position.key)
    if len(key) != keys + kind.keeps_raw:
        return (kind.lower(position.at),)
    return key if kind.keeps_raw else (kind.exact(position.at), *key)


def _limits(
    kind: CursorKind, column: ColumnElement[Any], window: Window | None
) -> tuple[ColumnElement[bool], ...]:
    """Return what is true of the rows to read; a little more than the window where hours repeat."""
    if window is None or (window.since is None and window.until is None):
        return (column.is_not(None),)
    if not kind.timed:
        raise BadConfig("a span of time needs a cursor that holds timestamps", "cursor_type")
    limits = [column.is_not(None)]
    if window.since is not None:
        limits.append(column >= bound(kind.lower(window.since)))
    if window.until is not None:
        limits.append(column < bound(kind.upper(window.until)))
    return tuple(limits)


def _inside(window: Window | None, earliest: Any, latest: Any) -> bool:
    """Tell whether one of a row's possible times lies in the window."""
    if window is None:
        return True
    after = window.since is None or latest >= window.since
    before = window.until is None or earliest < window.until
    return bool(after and before)
