"""Values of a row as a record holds them: JSON-like, or date, datetime, Decimal."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_AS_THEY_ARE = (str, bool, int, float, Decimal, datetime, date, type(None))
_HOUR, _MINUTE = 3600, 60


def plain(value: Any) -> Any:
    """Return a value that a mapping can work with."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, _AS_THEY_ARE):
        return value
    if isinstance(value, dict):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return _written(value)


def plain_json(value: Any) -> Any:
    """Return what JSON text says; text that is none stays text."""
    if isinstance(value, (str, bytes)):
        with suppress(ValueError):
            return json.loads(value)
    return plain(value)


def plain_utc(value: Any) -> Any:
    """Return a timestamp with the zone it is known to be in."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else plain(value)


def reader_of(kind: str, *, json_text: bool) -> Callable[[Any], Any]:
    """Return what makes a column's values plain."""
    if json_text:
        return plain_json
    return plain_utc if kind == "utc" else plain


def _written(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (set, frozenset)):
        return sorted(str(plain(inner)) for inner in value)
    if isinstance(value, timedelta):
        return _duration(value)
    return value.isoformat() if isinstance(value, time) else str(value)


def _duration(value: timedelta) -> str:
    """Return ``08:30:00``: MySQL's TIME, which may be negative and longer than a day."""
    seconds = int(abs(value).total_seconds())
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}{seconds // _HOUR:02}:{seconds % _HOUR // _MINUTE:02}:{seconds % _MINUTE:02}"
