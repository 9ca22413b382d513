"""When a row changed, from the column that says so."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import tzinfo


def change_time(value: Any, zone: tzinfo) -> datetime | None:
    """Return a date cell, or ISO 8601 text, as a UTC time; None when it is neither.

    A time without a zone is in the given one, a date is its first moment.
    """
    moment = _moment(value)
    if moment is None:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:  # year 1 or 9999 and a zone that leads out of it
        return None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return None
