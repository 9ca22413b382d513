"""How the values of a cursor column become positions, and positions become values to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from sources._sql.local_time import instants, wall_at, wall_from, wall_until
from sources.errors import BadConfig

if TYPE_CHECKING:
    from datetime import tzinfo

    from sources.position import Cursor

_DAY = timedelta(days=1)


class Unlike(ValueError):
    """A value is not of the kind that its column holds; the message says what it is instead."""


class CursorKind(Protocol):
    """What a column holds. A *raw* value is one as the driver takes and gives it."""

    #: Whether positions are instants, which can be compared with a clock and moved back.
    timed: ClassVar[bool]
    #: Whether a position's key begins with the raw value, because `exact` can't tell it.
    keeps_raw: ClassVar[bool]

    def moments(self, raw: Any) -> tuple[Any, Any]:
        """Return the earliest and the latest cursor that a raw value may mean.

        Raises:
            Unlike: when it is not of this kind.

        """
        ...

    def exact(self, at: Any) -> Any:
        """Return the raw value that gave this cursor."""
        ...

    def lower(self, at: Any) -> Any:
        """Return a raw value to read from, inclusive, so that nothing at or after the cursor is missed."""
        ...

    def upper(self, at: Any) -> Any:
        """Return a raw value to read up to, exclusive, so that nothing before the cursor is missed."""
        ...


@dataclass(frozen=True, slots=True)
class ZonedTimes:
    """Timestamps that say their zone."""

    timed: ClassVar[bool] = True
    keeps_raw: ClassVar[bool] = False

    def moments(self, raw: Any) -> tuple[datetime, datetime]:
        """Return the instant twice."""
        if not isinstance(raw, datetime) or raw.tzinfo is None:
            raise Unlike(unlike(raw, "one with a zone"))
        moment = raw.astimezone(UTC)
        return moment, moment

    def exact(self, at: datetime) -> datetime:
        """Return the instant."""
        return at

    lower = exact
    upper = exact


@dataclass(frozen=True, slots=True)
class UtcTimes:
    """Timestamps without a zone that are in UTC, as MySQL's TIMESTAMP in our sessions."""

    timed: ClassVar[bool] = True
    keeps_raw: ClassVar[bool] = False

    def moments(self, raw: Any) -> tuple[datetime, datetime]:
        """Return the instant twice."""
        if not isinstance(raw, datetime):
            raise Unlike(unlike(raw, "a timestamp"))
        moment = raw.replace(tzinfo=UTC) if raw.tzinfo is None else raw.astimezone(UTC)
        return moment, moment

    def exact(self, at: datetime) -> datetime:
        """Return it without its zone."""
        return wall_at(at, UTC)

    lower = exact
    upper = exact


@dataclass(frozen=True, slots=True)
class LocalTimes:
    """Timestamps without a zone, written by clocks of the configured zone."""

    zone: tzinfo
    timed: ClassVar[bool] = True
    keeps_raw: ClassVar[bool] = False

    def moments(self, raw: Any) -> tuple[datetime, datetime]:
        """Return what the time may mean."""
        if not isinstance(raw, datetime) or raw.tzinfo is not None:
            raise Unlike(unlike(raw, "a timestamp without a zone"))
        return instants(raw, self.zone)

    def exact(self, at: datetime) -> datetime:
        """Return what the clock showed."""
        return wall_at(at, self.zone)

    def lower(self, at: datetime) -> datetime:
        """Return what the clock showed, or the time before a repeated hour."""
        return wall_from(at, self.zone)

    def upper(self, at: datetime) -> datetime:
        """Return what the clock showed, or the time after a repeated hour."""
        return wall_until(at, self.zone)


@dataclass(frozen=True, slots=True)
class Dates:
    """Days of the configured zone; each day is read again until it is over."""

    zone: tzinfo
    timed: ClassVar[bool] = True
    keeps_raw: ClassVar[bool] = False

    def moments(self, raw: Any) -> tuple[datetime, datetime]:
        """Return the instant that the day begins."""
        if not isinstance(raw, date) or isinstance(raw, datetime):
            raise Unlike(unlike(raw, "a date"))
        first, _ = instants(datetime.combine(raw, time()), self.zone)
        return first, first

    def exact(self, at: datetime) -> date:
        """Return the day."""
        return wall_at(at, self.zone).date()

    lower = exact

    def upper(self, at: datetime) -> date:
        """Return the day after."""
        return self.exact(at) + _DAY


@dataclass(frozen=True, slots=True)
class Integers:
    """Integers that only grow."""

    timed: ClassVar[bool] = False
    keeps_raw: ClassVar[bool] = False

    def moments(self, raw: Any) -> tuple[int, int]:
        """Return the integer twice."""
        if isinstance(raw, Decimal) and raw.is_finite() and raw == int(raw):
            raw = int(raw)
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise Unlike(unlike(raw, "an integer"))
        return raw, raw

    def exact(self, at: int) -> int:
        """Return the integer."""
        return at

    lower = exact
    upper = exact


@dataclass(frozen=True, slots=True)
class Texts:
    """Text that sorts, in the database, in the order of change."""

    timed: ClassVar[bool] = False
    keeps_raw: ClassVar[bool] = False

    def moments(self, raw: Any) -> tuple[str, str]:
        """Return the text twice."""
        if not isinstance(raw, str):
            raise Unlike(unlike(raw, "text"))
        return raw, raw

    def exact(self, at: str) -> str:
        """Return the text."""
        return at

    lower = exact
    upper = exact


def fitting(kind: CursorKind, at: Cursor, setting: str = "cursor_type") -> Cursor:
    """Return a position's cursor, provided that it is one of this kind.

    Raises:
        BadConfig: when the position comes from another setting of the cursor.

    """
    wanted = datetime if kind.timed else str if isinstance(kind, Texts) else int
    if isinstance(at, wanted) and not isinstance(at, bool):
        return at
    raise BadConfig(
        f"the position reached so far is {_a(at)}, and the cursor holds {_a(wanted)}: "
        "if the cursor was changed on purpose, reset the source's state",
        setting,
    )


def unlike(raw: Any, wanted: str) -> str:
    """Say what a value is instead of what was wanted, without the value."""
    found = {str: "text", bytes: "bytes", float: "a number with a fraction", Decimal: "a number"}
    there = found.get(type(raw)) or _a(raw)
    return f"{there} instead of {wanted}"


def _a(value: Any) -> str:
    names = {datetime: "a timestamp", date: "a date", int: "an integer", str: "text", bool: "true or false"}
    kind = value if isinstance(value, type) else type(value)
    return names.get(kind, f"a {kind.__name__}")
