"""The ways a date is written: what text and numbers are read as points in time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TypeAlias

#: Reads one way of writing; None when the value is not written like that.
Reader: TypeAlias = Callable[["str | float | Decimal"], datetime | None]

_CLOCK = (
    r"(?:(?:[ T]|,\s?)\s*(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s?(?P<half>[AaPp])?(?(half)\.?[Mm]\.?))?"
    r"\s*(?P<offset>[Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?)?"
)
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS = {name: number for number, full in enumerate(_MONTH_NAMES, 1) for name in (full, full[:3])}
_MONTHS["sept"] = 9
_NAME = r"(?P<name>[A-Za-z]{3,9})\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?"
_YEAR = r"(?P<year>\d{4}|\d\d)"


def _pattern(day: str) -> re.Pattern[str]:
    return re.compile(day + _CLOCK, re.ASCII | re.IGNORECASE)


_YEAR_FIRST = _pattern(r"(?P<year>\d{4})(?P<by>[-/.])(?P<month>\d{1,2})(?P=by)(?P<day>\d{1,2})")
_DAY_FIRST = _pattern(rf"(?P<day>\d{{1,2}})(?P<by>[-/.])(?P<month>\d{{1,2}})(?P=by){_YEAR}")
_MONTH_FIRST = _pattern(rf"(?P<month>\d{{1,2}})(?P<by>[-/.])(?P<day>\d{{1,2}})(?P=by){_YEAR}")
_NAMED = (
    _pattern(rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]{_NAME}[ -](?P<year>\d{{4}})"),
    _pattern(rf"{_WEEKDAY}{_NAME}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}})"),
)
#: A date that says another day in America than elsewhere.
AMBIGUOUS = _DAY_FIRST

#: 1973 to 2100: what is taken for seconds since 1970 when no format says so.
_SECONDS = (10**8, 4_133_980_800)
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial has no zone
#: Two-digit years up to this one are of this century, as in strptime.
_PIVOT = 68
_SAMPLE = datetime(2004, 11, 24, 13, 5, 6, tzinfo=UTC)


def read_text(text: str) -> datetime | None:
    """Read ISO 8601, a date with its year first or its month in letters, or digits since 1970.

    A date with a number for its month and its year last is not read: it is ambiguous.
    """
    if text.isdigit() and text.isascii():
        return _digits(text)
    return _iso(text) or _written(text, *_NAMED)


def _digits(text: str) -> datetime | None:
    if len(text) == len("20240131"):
        return _moment({"year": text[:4], "month": text[4:6], "day": text[6:]})
    # Longer digits are no date to Python only by luck: 1712011200000 reads as 1712-01-12.
    return epoch(int(text)) if len(text) <= len("1712011200000") else None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _written(text, _YEAR_FIRST)


def _iso_only(value: str | float | Decimal) -> datetime | None:
    if not isinstance(value, str):
        return None
    short = value.isdigit() and len(value) != len("20240131")
    return None if short else _iso(value)


def _written(text: str, *patterns: re.Pattern[str]) -> datetime | None:
    for pattern in patterns:
        match = pattern.fullmatch(text)
        if match:
            return _moment(match.groupdict())
    return None


def _moment(parts: dict[str, str | None]) -> datetime | None:
    """Put a date together; None when there is no such day."""
    try:
        return datetime(
            _year(parts["year"] or ""),
            _month(parts),
            int(parts["day"] or 0),
            _hour(parts),
            int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
            tzinfo=_offset(parts.get("offset")),
        )
    except ValueError:
        return None


def _year(text: str) -> int:
    year = int(text)
    if len(text) > 2:  # noqa: PLR2004 - two digits
        return year
    return year + (2000 if year <= _PIVOT else 1900)


def _month(parts: dict[str, str | None]) -> int:
    name = parts.get("name")
    if not name:
        return int(parts["month"] or 0)
    return _MONTHS.get(name.lower(), 0)  # no month 0: it is no date


def _hour(parts: dict[str, str | None]) -> int:
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or "").lower()
    if not half:
        return hour
    if not 1 <= hour <= 12:  # noqa: PLR2004 - a clock face
        raise ValueError(half)
    return hour % 12 + (12 if half == "p" else 0)


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:] if len(text) > 3 else 0)  # noqa: PLR2004 - "+05"
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if text[0] == "-" else span)


def epoch(value: float | Decimal) -> datetime | None:
    """Read seconds or milliseconds since 1970, when they fall between 1973 and 2100."""
    first, last = _SECONDS
    if first <= value < last:
        return _since_1970(value, 1)
    return _since_1970(value, 1000) if first * 1000 <= value < last * 1000 else None


def _since_1970(value: float | Decimal, unit: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(value // unit), UTC)
    except (OverflowError, ValueError, OSError, ArithmeticError):
        return None


def _as_number(value: str | float | Decimal) -> float | Decimal | None:
    if not isinstance(value, str):
        return value
    return Decimal(value) if re.fullmatch(r"-?\d{1,20}(\.\d{1,20})?", value, re.ASCII) else None


def _epoch_in(unit: int) -> Reader:
    def read(value: str | float | Decimal) -> datetime | None:
        number = _as_number(value)
        return None if number is None else _since_1970(number, unit)

    return read


def _excel(value: str | float | Decimal) -> datetime | None:
    """Read a spreadsheet's days since 1899-12-30, to the nearest second: its fractions are inexact."""
    number = _as_number(value)
    try:
        return None if number is None else _EXCEL_EPOCH + timedelta(seconds=round(float(number) * 86400))
    except (OverflowError, ValueError):
        return None


def _in_order(pattern: re.Pattern[str]) -> Reader:
    def read(value: str | float | Decimal) -> datetime | None:
        return (_written(value, pattern) or _iso_only(value)) if isinstance(value, str) else None

    return read


#: What `format` may say besides a strptime pattern. Those with an order also read ISO 8601.
NAMES: dict[str, Reader] = {
    "iso": _iso_only,
    "epoch_s": _epoch_in(1),
    "epoch_ms": _epoch_in(1000),
    "excel": _excel,
    "day_first": _in_order(_DAY_FIRST),
    "month_first": _in_order(_MONTH_FIRST),
}


def named_reader(name: str) -> Reader:
    """Return the reader of a name or a strptime pattern that `check_format` has passed."""
    return NAMES[name] if name in NAMES else _strptime(name)


def _strptime(pattern: str) -> Reader:
    def read(value: str | float | Decimal) -> datetime | None:
        try:
            return datetime.strptime(value, pattern) if isinstance(value, str) else None  # noqa: DTZ007 - the field's zone follows
        except ValueError:
            return None

    return read


def check_format(name: str) -> str:
    """Return a format as it is, when times can be read with it.

    Raises:
        ValueError: when it is neither a name nor a pattern that gives a whole date.

    """
    if name in NAMES:
        return name
    if "%" not in name:
        raise ValueError(
            f"{name!r} is no time format; use {', '.join(NAMES)} or a strptime pattern as %d.%m.%Y"
        )
    try:
        found = datetime.strptime(_SAMPLE.strftime(name), name)  # noqa: DTZ007 - only its day is looked at
    except (ValueError, re.error) as error:
        raise ValueError(f"{name!r} is no strptime pattern: {error}") from error
    if found.date() != _SAMPLE.date():
        raise ValueError(f"{name!r} does not give a year, a month and a day")
    return name
