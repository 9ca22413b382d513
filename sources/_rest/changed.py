"""The many ways in which APIs write when a record changed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any, Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: Numbers below this are no epoch seconds of any CRM (before 1973) and may well be dates like 20260304.
_SMALLEST: Final = 100_000_000
#: From these magnitudes on a number counts milli-, micro-, nanoseconds: 1e11 s is the year 5138.
_SCALES: Final = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3), (_SMALLEST, 1))
_EPOCH_SCALE: Final = {"epoch_s": 1, "epoch_ms": 1000}
_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d+)?")
_COMPACT = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}
#: As in ``/Date(1700000000000-0500)/``, from older Microsoft software; the offset is for display only.
_MICROSOFT = re.compile(r"/?Date\((-?\d{1,17})(?:[+-]\d{4})?\)/?")
_ZONE_WORD = re.compile(r"\s*(?:UTC|GMT|Z)$", re.IGNORECASE)
_SPACED_OFFSET = re.compile(r"\s+([+-]\d{2}:?\d{2})$")


def read_changed(value: Any, form: str, zone: tzinfo) -> datetime | None:
    """Return a change time as an aware datetime; None when it can't be read.

    Args:
        value: what the record holds: ISO 8601 in any dress, an HTTP date, epoch numbers, ``/Date(…)/``.
        form: auto, epoch_s, epoch_ms, or a strptime pattern.
        zone: of times that carry none.

    """
    try:
        found = _read(value, form)
        if found is None:
            return None
        aware = found if found.tzinfo else found.replace(tzinfo=zone)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError):  # email.utils raises any of them
        return None


def _read(value: Any, form: str) -> datetime | None:
    if isinstance(value, bool) or value is None:
        return None
    if not isinstance(value, (int, float, str)):
        return None
    if form in _EPOCH_SCALE:
        return _from_number(float(value), _EPOCH_SCALE[form])
    if not isinstance(value, str):
        return _from_magnitude(value)
    return _from_text(value.strip()) if form == "auto" else datetime.strptime(value.strip(), form)  # noqa: DTZ007


def _from_magnitude(number: float) -> datetime | None:
    scale = next((scale for smallest, scale in _SCALES if abs(number) >= smallest), None)
    return None if scale is None else _from_number(number, scale)


def _from_number(number: float, scale: int) -> datetime:
    if isinstance(number, int) or float(number).is_integer():
        return _EPOCH + timedelta(microseconds=int(number) * 1_000_000 // scale)
    return _EPOCH + timedelta(seconds=number / scale)


def _from_text(text: str) -> datetime | None:
    if microsoft := _MICROSOFT.fullmatch(text):
        return _from_number(int(microsoft[1]), 1000)
    if _NUMBER.fullmatch(text):
        return _from_digits(text)
    plain = _SPACED_OFFSET.sub(r"\1", _ZONE_WORD.sub("+00:00", text))
    try:
        return datetime.fromisoformat(plain.upper())
    except ValueError:
        return parsedate_to_datetime(text)


def _from_digits(text: str) -> datetime | None:
    """Read digits: 8 or 14 that make a date are one, the rest counts from 1970."""
    pattern = _COMPACT.get(len(text))
    if pattern is not None and text[:2] in {"19", "20"}:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007
        except ValueError:
            pass  # a number after all
    return _from_magnitude(float(text) if "." in text else int(text))


def shape(value: Any) -> str:
    """Describe a JSON value without repeating it, as in ``text of 12 characters``."""
    if value is None or isinstance(value, bool):
        return "empty" if value is None else "yes or no"
    if isinstance(value, (int, float)):
        return f"number of {len(str(abs(value)).partition('.')[0])} digits"
    if isinstance(value, str):
        return f"text of {len(value)} characters" if value else "empty text"
    return f"list of {len(value)}" if isinstance(value, list) else f"object of {len(value)}"
