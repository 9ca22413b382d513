"""Which cells are dates: those that are numbers in one reading, and text in another.

Google gives a date as the number of days since 1899-12-30, and does not say that it is one. Asked for the
text of dates, and of nothing else, it gives the same numbers for numbers. So what differs is a date.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from sources._sheets.cells import cell_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

_DAY_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 the zone is that of the sheet
#: 9999-12-31, the last day that a sheet knows; a phone number is far beyond.
_LAST_DAY: Final = 2_958_466
_MS_A_DAY: Final = 86_400_000
#: As in 36:00:00: no time of a day, but how long something took.
_DURATION: Final = re.compile(r"-?\d+:\d\d(?::\d\d(?:\.\d+)?)?")


def may_hold_dates(rows: Iterable[Sequence[Any]]) -> bool:
    """Tell whether any cell is a number that could be a date."""
    return any(_is_number(cell) and abs(cell) < _LAST_DAY for row in rows for cell in row)


def same_cells(numbers: Iterable[Sequence[Any]], texts: Iterable[Sequence[Any]]) -> bool:
    """Tell whether two readings are of the same rows: all text is the same.

    Numbers may differ: some formulas give another one each time.
    """
    rows = zip_longest(numbers, texts)
    return all(one is not None and other is not None and _same_row(one, other) for one, other in rows)


def _same_row(numbers: Sequence[Any], texts: Sequence[Any]) -> bool:
    if len(numbers) != len(texts):
        return False
    return all(one == other or _is_number(one) for one, other in zip(numbers, texts, strict=True))


def with_dates(numbers: Sequence[Any], texts: Sequence[Any], zone: tzinfo) -> list[Any]:
    """Return the cells of a row with dates, aware datetimes, and times of day as ``08:30:00``.

    Args:
        numbers: the row with dates as numbers.
        texts: the same row with dates as text.
        zone: of the sheet.

    """
    return [
        _moment(number, text, zone) if _is_number(number) and isinstance(text, str) else number
        for number, text in zip(numbers, texts, strict=True)
    ]


def _moment(number: float, text: str, zone: tzinfo) -> date | datetime | str:
    # To the millisecond: a serial is a float, and 10:30 would be 10:29:59.999997.
    since = timedelta(milliseconds=round(number * _MS_A_DAY))
    if 0 <= number < 1 or _DURATION.fullmatch(text.strip()):
        return str(cell_value(since))
    try:
        moment = _DAY_ZERO + since
    except OverflowError:
        return text
    if not since % timedelta(days=1) and ":" not in text:
        return moment.date()
    return moment.replace(tzinfo=zone)


def _is_number(cell: Any) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)
