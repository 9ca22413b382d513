"""Key values in a position: numbers and text as they are, the rest as a list of its type and its text."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable

_MICROSECOND = timedelta(microseconds=1)
_WRITERS: dict[type, tuple[str, Callable[[Any], str]]] = {
    Decimal: ("decimal", str),
    UUID: ("uuid", str),
    datetime: ("time", datetime.isoformat),
    date: ("date", date.isoformat),
    timedelta: ("microseconds", lambda value: str(value // _MICROSECOND)),
    bytes: ("bytes", bytes.hex),
    memoryview: ("bytes", lambda value: bytes(value).hex()),
}
_READERS: dict[str, Callable[[str], Any]] = {
    "decimal": Decimal,
    "uuid": UUID,
    "time": datetime.fromisoformat,
    "date": date.fromisoformat,
    "microseconds": lambda text: int(text) * _MICROSECOND,
    "bytes": bytes.fromhex,
    "text": str,
}


def pack(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return values that JSON can hold, and that `unpack` reads back equal."""
    return tuple(_packed(value) for value in values)


def unpack(packed: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the values that `pack` was given."""
    return tuple(_READERS[part[0]](part[1]) if isinstance(part, list) else part for part in packed)


def _packed(value: Any) -> Any:
    if isinstance(value, (bool, int, float, str)):
        return value
    name, write = _WRITERS.get(type(value), ("text", str))
    return [name, write(value)]
