"""`send_window`: at what times of day, and on which days, homeowners may be texted.

Times are those of a wall clock in a zone. Where a clock is moved, the window is never wider than it reads:
an opening that comes twice is the second one, a closing that comes twice the first, and a time that the
clock leaves out is the moment at which it is moved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

_EXPECTED = "expected times as in 8:00-20:00, or with days as in mon-fri 8:00-20:00"
_TIMES = re.compile(r"(?:(.*\S)\s+)?(\d{1,2}:\d\d)\s*[-\u2013]\s*(\d{1,2}:\d\d)")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EVERY_DAY = frozenset(range(len(_DAYS)))
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SendWindow:
    """When it is open; closing at or before the opening means on the next day."""

    #: As it was written.
    text: str
    opens: time
    closes: time
    #: On which it opens; 0 is Monday.
    days: frozenset[int] = _EVERY_DAY

    def __str__(self) -> str:
        """Return it as it was written."""
        return self.text

    def is_open(self, now: float, zone: ZoneInfo) -> bool:
        """Tell whether it is open at a time, in seconds since the epoch."""
        return self.opening(now, zone) <= now

    def opening(self, now: float, zone: ZoneInfo) -> float:
        """Return since when it is open, or when it opens next, in seconds since the epoch."""
        return next(begin for begin, end in self._spans(now, zone) if end > now)

    def closing(self, now: float, zone: ZoneInfo) -> float:
        """Return when it closes next, in seconds since the epoch."""
        return next(end for _, end in self._spans(now, zone) if end > now)

    def _spans(self, now: float, zone: ZoneInfo) -> Iterator[tuple[float, float]]:
        """Yield when it opens and closes, from the day before on; a week has a day in it at least."""
        day = datetime.fromtimestamp(now, zone).date() - _DAY
        while True:
            if day.weekday() in self.days:
                last = day + _DAY if self.closes <= self.opens else day
                begin, end = max(_moments(day, self.opens, zone)), min(_moments(last, self.closes, zone))
                if end > begin:
                    yield begin, end
            day += _DAY


def _moments(day: date, clock: time, zone: ZoneInfo) -> tuple[float, float]:
    """Return the two times that a clock's time may mean; on most days they are the same.

    One that the clock leaves out means the moment at which it is moved.
    """
    local = datetime.combine(day, clock, zone)
    first, second = local.timestamp(), local.replace(fold=1).timestamp()
    if second < first:
        first = second = _transition(second, first, zone)
    return first, second


def _transition(before: float, after: float, zone: ZoneInfo) -> float:
    """Return when a clock is moved, between two times in whole seconds since the epoch."""
    moved = datetime.fromtimestamp(after, zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == moved:
            after = middle
        else:
            before = middle
    return after


def parse_send_window(value: Any) -> SendWindow:
    """Read ``8:00-20:00``, ``mon-fri 8:00-20:00``, ``20:00-6:00``.

    Raises:
        ValueError: when it is none of these, with what was expected.

    """
    if isinstance(value, SendWindow):
        return value
    text = " ".join(value.split()) if isinstance(value, str) else ""
    match = _TIMES.fullmatch(text)
    if not match:
        raise ValueError(_EXPECTED)
    opens, closes = _time(match[2]), _time(match[3])
    if opens == closes and match[3] != "24:00":
        raise ValueError("opens and closes at the same time; 0:00-24:00 is the whole day")
    return SendWindow(text, opens, closes, _days(match[1]) if match[1] else _EVERY_DAY)


def _time(text: str) -> time:
    """Read a time of day; 24:00 is the midnight that ends it."""
    hour, minute = map(int, text.split(":"))
    if (hour, minute) == (24, 0):
        return time(0)
    try:
        return time(hour, minute)
    except ValueError:
        raise ValueError(f"{text} is not a time of day; {_EXPECTED}") from None


def _days(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.lower().split(","):
        names = [name.strip() for name in part.split("-")]
        if len(names) > 2 or any(name not in _DAYS for name in names):  # noqa: PLR2004 - from and to
            raise ValueError(f"days are {', '.join(_DAYS)}, as in mon-fri or mon,wed,fri")
        first, last = _DAYS.index(names[0]), _DAYS.index(names[-1])
        found.update((first + step) % len(_DAYS) for step in range((last - first) % len(_DAYS) + 1))
    return frozenset(found)


SendWindowField = Annotated[
    SendWindow,
    BeforeValidator(parse_send_window),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\s*(\S.*\s)?\d{1,2}:\d\d\s*[-\u2013]\s*\d{1,2}:\d\d\s*$",
            "examples": ["8:00-20:00", "mon-fri 8:00-20:00"],
        }
    ),
]
