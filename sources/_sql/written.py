"""Timestamps finer than Python's: written out by the database with all their digits, and read by it again.

A `datetime` ends at microseconds. SQL Server's DATETIME2, Oracle's TIMESTAMP(9) and Snowflake's timestamps go
on, and SQL Server's DATETIME has steps of its own: a value that was read and is compared with what it was
read from would not be equal, so rows of one moment could be passed over, or be read for ever. So where such a
column is the cursor, it travels as text, both ways.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from sqlalchemy import ColumnElement, String
from sqlalchemy.types import NullType, TypeDecorator

from sources._sql.cursors import Unlike, unlike
from sources._sql.local_time import instants, wall_from, wall_until

if TYPE_CHECKING:
    from datetime import tzinfo

#: Makes one SQL expression of another.
Turned: TypeAlias = Callable[[ColumnElement[Any]], ColumnElement[Any]]

_MICROSECOND = timedelta(microseconds=1)
_DIGITS = 6


def as_it_is(expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the expression: the database takes such a text for a time where it is compared with one."""
    return expression


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """How a database writes the timestamps of a type."""

    #: SQL that writes a column as ISO 8601.
    write: Turned
    #: SQL that makes a time of such a text.
    read: Turned = as_it_is
    #: Whether what is written says its zone.
    zoned: bool = False
    #: The zone of what is written without one, where that is not the source's.
    utc: bool = False
    #: Digits of a second in a text that we make.
    digits: int = _DIGITS
    #: What a time that we make is a multiple of, so that the database need not round it.
    step: timedelta = _MICROSECOND


class Written(TypeDecorator[str]):
    """The type of a column that travels as text; it is sorted and compared as what it is.

    Args:
        form: how the database writes it.

    """

    impl = String
    cache_ok = True

    def __init__(self, form: WrittenForm) -> None:
        super().__init__()
        self.form = form

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return what is selected."""
        return self.form.write(column)

    def bind_expression(self, bindvalue: Any) -> ColumnElement[Any]:
        """Return what a text is compared as."""
        return self.form.read(bindvalue)


class InUtc(TypeDecorator[datetime]):
    """The type of a column with a zone of which the driver gives the wall clock only: selected in UTC.

    Args:
        turn: makes a time without a zone, in UTC, of the column.

    """

    impl = NullType
    cache_ok = True

    def __init__(self, turn: Turned) -> None:
        super().__init__()
        self.turn = turn

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return what is selected."""
        return self.turn(column)


@dataclass(frozen=True, slots=True)
class WrittenTimes:
    """The kind of a cursor whose timestamps travel as text."""

    form: WrittenForm
    zone: tzinfo
    timed: ClassVar[bool] = True
    keeps_raw: ClassVar[bool] = True

    def moments(self, raw: Any) -> tuple[datetime, datetime]:
        """Return what the text may mean, to the microsecond."""
        moment = time_of(raw)
        if not isinstance(moment, datetime):
            raise Unlike(unlike(raw, "a timestamp"))
        try:
            if moment.tzinfo is None:
                return instants(moment, UTC if self.form.utc else self.zone)
            return moment.astimezone(UTC), moment.astimezone(UTC)
        except OverflowError:
            raise Unlike("a time before the year 1") from None

    def exact(self, at: datetime) -> str:
        """Return where the text begins that gave this cursor."""
        return self.lower(at)

    def lower(self, at: datetime) -> str:
        """Return a text that no time from this one on is before."""
        wall = wall_from(at, self._writing_zone)
        return self._text(wall - _over(wall, self.form.step))

    def upper(self, at: datetime) -> str:
        """Return a text that no time before this one reaches."""
        wall = wall_until(at, self._writing_zone)
        over = _over(wall, self.form.step)
        return self._text(wall + (self.form.step - over if over else over))

    @property
    def _writing_zone(self) -> tzinfo:
        return UTC if self.form.zoned or self.form.utc else self.zone

    def _text(self, wall: datetime) -> str:
        whole, fraction = f"{wall:%Y}".zfill(4) + f"{wall:-%m-%dT%H:%M:%S}", f"{wall:%f}"[: self.form.digits]
        return whole + (f".{fraction}" if fraction else "") + ("+00:00" if self.form.zoned else "")


def time_of(raw: Any) -> Any:
    """Return the time that a text says, to the microsecond; what says none stays as it is."""
    if not isinstance(raw, str):
        return raw
    try:
        return datetime.fromisoformat(raw.strip())
    except ValueError:
        return raw


def _over(wall: datetime, step: timedelta) -> timedelta:
    """Return how far a time is past the last multiple of a step; steps divide a day."""
    return (wall - wall.replace(hour=0, minute=0, second=0, microsecond=0)) % step
