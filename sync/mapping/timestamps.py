"""Points in time as the Standard API's example writes them: ``2020-01-02T15:04:05-0700``, always.

A value that carries an offset keeps it; any other is a time in the field's zone. Fractions of a
second are cut off. A time that a zone leaves out in spring is moved forward by the hour that is
missing; of a time that comes twice in autumn the first is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sync.mapping.narrowing import narrow_number
from sync.mapping.text import Unfit, clean, is_nan, shape
from sync.mapping.time_formats import AMBIGUOUS, Reader, epoch, named_reader, read_text

Normaliser = Callable[[Any], str | None]

#: A year outside of these is a placeholder ("0001-01-01", "9999-12-31") or a slip.
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_MIDNIGHT = time()
_MINUTE = timedelta(minutes=1)
#: Length of an ISO time with whole seconds and an offset in whole minutes.
_WITH_OFFSET = 25


def time_normaliser(zone: tzinfo, formats: Sequence[str] = (), option: str = "format") -> Normaliser:
    """Return a function from any value to a timestamp, None when there is none.

    Args:
        zone: the zone of values that carry no offset.
        formats: how text and numbers are to be read, the first that fits: names
            (see `time_formats.NAMES`) or strptime patterns. Empty: ISO 8601, a date with its year
            first or its month in letters, and seconds or milliseconds since 1970.
        option: what users call `formats`, for messages.

    The function raises `Unfit` when there is something that is not a point in time.

    """
    readers = [named_reader(narrow_number(name)) for name in formats]  # as the text will be
    write = _writer(zone)

    def normalise(value: Any) -> str | None:
        if type(value) is str:
            text = clean(value)
            if not text:
                return None
            if not text.isascii():
                text = narrow_number(text)
            found = _read(text, readers) if readers else read_text(text)
            if found is None:
                raise Unfit(_complaint(text, formats, option))
            return write(found)
        moment = _typed(value, readers)
        return None if moment is None else write(moment)

    return normalise


def _read(value: str | float | Decimal, readers: Sequence[Reader]) -> datetime | None:
    found = (reader(value) for reader in readers)
    return next((moment for moment in found if moment is not None), None)


def _typed(value: Any, readers: Sequence[Reader]) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, _MIDNIGHT)
    if value is None or is_nan(value):
        return None
    if isinstance(value, (list, tuple, dict)) and not value:
        return None
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _number(value, readers)
    raise Unfit(f"{shape(value)}: not a point in time")


def _number(value: float | Decimal, readers: Sequence[Reader]) -> datetime:
    found = _read(value, readers) if readers else epoch(value)
    if found is None:
        raise Unfit(
            f"{shape(value)}: not seconds or milliseconds since 1970"
            if not readers
            else f"{shape(value)}: not a time in the format of this field"
        )
    return found


def _writer(zone: tzinfo) -> Callable[[datetime], str]:
    """Return a function that writes a point in time; the zone is for those without an offset."""
    # Nothing has to be worked out in a zone whose offset never changes.
    always = _suffix(zone.utcoffset(None)) if isinstance(zone, (timezone, ZoneInfo)) else None

    def write(moment: datetime) -> str:
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            raise Unfit(f"the year is not between {_FIRST_YEAR} and {_LAST_YEAR}")
        if moment.tzinfo is not None and moment.utcoffset() is not None:
            return _aware(moment)
        moment = moment.replace(tzinfo=None)
        suffix = always or _certain(moment, zone)
        return moment.isoformat("T", "seconds") + suffix if suffix else _in_zone(moment, zone)

    return write


def _aware(moment: datetime) -> str:
    text = moment.isoformat("T", "seconds")
    if len(text) != _WITH_OFFSET:  # an offset with seconds, as zones had before railways
        text = moment.astimezone(UTC).isoformat("T", "seconds")
    return text[:22] + text[23:]


def _certain(moment: datetime, zone: tzinfo) -> str | None:
    """Return the offset of a time that the zone's clocks show exactly once, None for any other."""
    local = moment.replace(tzinfo=zone, fold=0)
    offset = local.utcoffset()
    return _suffix(offset) if offset == local.replace(fold=1).utcoffset() else None


@lru_cache(maxsize=256)
def _suffix(offset: timedelta | None) -> str | None:
    """Return ``-0500``; None for an offset that isn't in whole minutes."""
    if offset is None or offset % _MINUTE:
        return None
    minutes = offset // _MINUTE
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


def _in_zone(moment: datetime, zone: tzinfo) -> str:
    local = moment.replace(tzinfo=zone, fold=0)
    return _aware(local.astimezone(UTC).astimezone(zone))


def _complaint(text: str, formats: Sequence[str], option: str) -> str:
    if formats:
        return f"{shape(text)}: not a time in the format {' or '.join(formats)}, or no such day"
    if AMBIGUOUS.fullmatch(text):
        return (
            "looks like a date whose order of day and month is not certain; "
            f"add {option}: day_first or month_first"
        )
    return (
        f"{shape(text)}: not a date, or no such day; expected ISO 8601 as in 2024-01-31T09:30:00-05:00, "
        f"or add {option}:"
    )
