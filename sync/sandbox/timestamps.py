"""The timestamps that each API takes."""

from __future__ import annotations

import re
from calendar import monthrange

_DATE = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_CLOCK = r"([0-9]{2}):([0-9]{2}):([0-9]{2})"
#: The one format in Hatch's documentation of the Standard API: 2020-01-02T15:04:05-0700.
_STANDARD = re.compile(rf"{_DATE}T{_CLOCK}([+-])([0-9]{{2}})([0-9]{{2}})")
_RFC3339 = re.compile(rf"{_DATE}T{_CLOCK}(?:\.[0-9]+)?(?:Z|([+-])([0-9]{{2}}):([0-9]{{2}}))")
#: What Elixir's DateTime.from_iso8601, on which the newer API is built, reads.
_ELIXIR = re.compile(
    rf"[+-]?{_DATE}[T ]{_CLOCK}(?:[.,][0-9]+)?(?:Z|([+-])([0-9]{{2}})(?::?([0-9]{{2}}))?)",
)
_HOURS, _SIXTY = 24, 60


def is_standard(text: str, *, lenient: bool = False) -> bool:
    """Whether the Standard API takes it: the documented format, and RFC 3339 when lenient."""
    return _holds(_STANDARD.fullmatch(text)) or (lenient and _holds(_RFC3339.fullmatch(text)))


def is_iso8601(text: str) -> bool:
    """Whether /v1/contacts takes it as a date-time: seconds and an offset must be there, T may be a space."""
    match = _ELIXIR.fullmatch(text)
    # Elixir refuses the negative zero offset, which ISO 8601 forbids.
    return _holds(match) and not (match is not None and match[7] == "-" and _offset(match) == 0)


def _holds(match: re.Match[str] | None) -> bool:
    """Whether the digits are a real date, time and offset."""
    if match is None:
        return False
    year, month, day, hour, minute, second = (int(match[index]) for index in range(1, 7))
    return (
        _is_date(year, month, day)
        and hour < _HOURS
        and minute < _SIXTY
        and second < _SIXTY
        and int(match[8] or 0) < _HOURS
        and int(match[9] or 0) < _SIXTY
    )


def _is_date(year: int, month: int, day: int) -> bool:
    # The calendar repeats every 400 years, and Python's begins at 1 where Elixir's takes 0.
    return 1 <= month <= 12 and 1 <= day <= monthrange(year % 400 + 2000, month)[1]  # noqa: PLR2004 - months


def _offset(match: re.Match[str]) -> int:
    return int(match[8] or 0) * _SIXTY + int(match[9] or 0)
