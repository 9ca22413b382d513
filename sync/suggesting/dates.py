"""How a column of times is written: whether day or month comes first is decided by its values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sync.mapping.time_formats import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NUMERIC = re.compile(
    r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)(?:(?:[ T]|,\s?)\s*(\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?"
    r"\s?(?:[AaPp]\.?[Mm]\.?)?))?(?:\s*(?:[Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?))?",
    re.ASCII,
)
#: What `format` may have to say, beyond its names.
_PATTERNS = ("%d.%m.%Y %H:%M Uhr", "%d.%m.%Y, %H:%M Uhr", "%m/%d/%Y at %I:%M %p", "%b %d %Y at %I:%M %p")
_DIGITS = re.compile(r"\d{10}|\d{13}", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?", re.ASCII)
#: Spreadsheet days of 1982 to 2064.
_SERIALS = (30_000, 60_000)
#: Seconds of 2001 to 2065.
_EPOCH = (10**9, 3 * 10**9)
#: No month has a higher number.
_MONTHS = 12
DAY_FIRST, MONTH_FIRST, EXCEL = "day_first", "month_first", "excel"


@dataclass(frozen=True, slots=True)
class Times:
    """What there is to say about a column's values as times."""

    #: The share of values that are times, whatever the column is called, 0 to 1.
    share: float = 0.0
    #: The share, numbers since 1970 and spreadsheet days included; only a name makes them times.
    share_with_numbers: float = 0.0
    #: The `format` that reads them; None where none is needed.
    format: str | None = None
    #: Whether the order of day and month could be seen.
    sure: bool = True
    #: Whether some can only be read with the day first, and others only with the month first.
    mixed: bool = False
    #: Whether any carries no offset from UTC.
    naive: bool = False


def times_in(values: Sequence[Any]) -> Times:
    """Look at values as times."""
    if not values:
        return Times()
    kinds = [_kind(value) for value in values]
    plain = kinds.count("plain")
    orders = [_NUMERIC.fullmatch(value.strip()) for value in values if isinstance(value, str)]
    numeric = [match for match in orders if match]
    numbers = kinds.count("epoch") + kinds.count(EXCEL)
    pattern, fitting = _pattern(values) if kinds.count("") else (None, 0)
    share = (plain + len(numeric) + fitting) / len(values)
    form, sure, mixed = _order(numeric) if numeric else (None, True, False)
    if fitting > len(numeric):
        form = pattern
    elif kinds.count(EXCEL) > len(numeric) + plain:
        form = EXCEL
    return Times(
        share,
        share + numbers / len(values),
        form,
        sure,
        mixed=mixed,
        naive=any(_is_naive(value) for value in values),
    )


def _kind(value: Any) -> str:
    """Return ``plain`` for what is read without a format, ``epoch`` and ``excel`` for numbers."""
    if isinstance(value, date):
        return "plain"
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _number(float(value))
    if not isinstance(value, str):
        return ""
    text = value.strip()
    if _DIGITS.fullmatch(text) or _SERIAL.fullmatch(text):
        return _number(float(text.replace(",", ".")))
    if read_text(text) is None:
        return ""
    # 20260131 may be a date, and any other number.
    return "epoch" if text.isdigit() else "plain"


def _number(value: float) -> str:
    if _SERIALS[0] <= value < _SERIALS[1]:
        return EXCEL
    first, last = _EPOCH
    return "epoch" if first <= value < last or first * 1000 <= value < last * 1000 else ""


def _order(found: Iterable[re.Match[str]]) -> tuple[str, bool, bool]:
    """Return which comes first, day or month, whether that could be seen, and whether both are seen."""
    pairs = [(int(match[1]), int(match[3]), match[2]) for match in found]
    first = sum(1 for left, right, _ in pairs if left > _MONTHS >= right)
    second = sum(1 for left, right, _ in pairs if right > _MONTHS >= left)
    if first or second:
        mixed = bool(first and second)
        return (DAY_FIRST if first >= second else MONTH_FIRST), not mixed, mixed
    dotted = any(by == "." for _, _, by in pairs)
    # Nobody writes a month first and dots behind it.
    return (DAY_FIRST if dotted else MONTH_FIRST), dotted, False


def _pattern(values: Sequence[Any]) -> tuple[str | None, int]:
    def fits(text: str, pattern: str) -> bool:
        try:
            return bool(datetime.strptime(text.strip(), pattern))  # noqa: DTZ007 - only whether it is one
        except ValueError:
            return False

    texts = [value for value in values if isinstance(value, str) and (" at " in value or "Uhr" in value)]
    if not texts:
        return None, 0
    counts = {pattern: sum(fits(text, pattern) for text in texts) for pattern in _PATTERNS}
    best = max(counts, key=lambda pattern: counts[pattern])
    return (best, counts[best]) if counts[best] else (None, 0)


def _is_naive(value: Any) -> bool:
    if isinstance(value, date):
        return getattr(value, "tzinfo", None) is None
    if not isinstance(value, str) or _DIGITS.fullmatch(value.strip()):
        return False
    found = _NUMERIC.fullmatch(value.strip())
    if found:
        return not value.strip()[found.end(5) if found[5] else len(value) :]
    moment = read_text(value.strip())
    return moment is not None and moment.tzinfo is None
