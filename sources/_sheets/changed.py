"""When a row changed, from the column that says so."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

#: Day 0 of each date system: the first counts from 1900, and has a 29 February too many in that year.
_DAY_ZERO = {"excel": datetime(1899, 12, 30), "excel_1904": datetime(1904, 1, 1)}  # noqa: DTZ001 - of no zone
CHANGE_FORMATS = ("auto", *_DAY_ZERO)
_MS_A_DAY = 86_400_000


def change_reader(form: str, zone: tzinfo) -> Callable[[Any], datetime | None]:
    """Return what reads the cells of a change column as UTC times; None for a cell that is none.

    A date cell is a time whatever the form says. A time without a zone is in the given one, a date is
    its first moment.

    Args:
        form: auto for ISO 8601 text, excel or excel_1904 for date serials, or a strptime pattern.
        zone: of times that carry none.

    """
    if form in _DAY_ZERO:
        return partial(_change_time, zone=zone, read=partial(_of_serial, day_zero=_DAY_ZERO[form]))
    read = _of_iso if form == "auto" else partial(_of_pattern, pattern=form)
    return partial(_change_time, zone=zone, read=read)


def _change_time(value: Any, zone: tzinfo, read: Callable[[Any], datetime | None]) -> datetime | None:
    try:
        moment = _moment(value) if isinstance(value, date) else read(value)
        if moment is None or moment.tzinfo is UTC:
            return moment
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):  # OverflowError: year 1 or 9999 and a zone that leads out of it
        return None


def _moment(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _of_iso(value: Any) -> datetime | None:
    return datetime.fromisoformat(value.strip()) if isinstance(value, str) else None


def _of_pattern(value: Any, pattern: str) -> datetime:
    # A number cell may be meant too, as in 20260301 by %Y%m%d.
    return datetime.strptime(str(value).strip(), pattern)  # noqa: DTZ007 - the zone comes later


def _of_serial(value: Any, day_zero: datetime) -> datetime | None:
    if isinstance(value, bool):
        return None
    # To the millisecond: a serial is a float, and 10:30 would be 10:29:59.999997.
    return day_zero + timedelta(milliseconds=round(float(value) * _MS_A_DAY))
