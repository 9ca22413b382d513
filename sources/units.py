"""Durations and rates as people write them: ``30s``, ``5m``, ``1h30m``, ``10/s``, ``500/h``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)\s*")
_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*(\d*)\s*(ms|s|m|h|d|w)\s*")


def parse_duration(value: Any) -> timedelta:
    """Read ``30s``, ``5m``, ``1h30m``, ``2d``, ``250ms``; a plain number is not accepted.

    Raises:
        ValueError: when it is none of these.

    """
    if isinstance(value, timedelta):
        return value
    text = str(value).strip().lower()
    matches = list(_PART.finditer(text))
    if not matches or "".join(match[0] for match in matches) != text:
        message = f"{value!r} is not a duration; write it like 30s, 5m, 1h30m or 2d"
        raise ValueError(message)
    return timedelta(seconds=sum(float(match[1]) * _UNITS[match[2]] for match in matches))


def format_duration(value: timedelta) -> str:
    """Write a duration the way `parse_duration` reads it, largest units first."""
    left = value.total_seconds()
    parts: list[str] = []
    for unit in ("d", "h", "m"):
        count, left = divmod(left, _UNITS[unit])
        if count:
            parts.append(f"{count:g}{unit}")
    if left or not parts:
        parts.append(f"{left:g}s")
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in so long."""

    count: float
    per: timedelta

    @property
    def per_second(self) -> float:
        """How many in one second."""
        return self.count / self.per.total_seconds()

    def __str__(self) -> str:
        """Return the form that `parse_rate` reads."""
        per = format_duration(self.per)
        return f"{self.count:g}/{per.removeprefix('1') if per in ('1s', '1m', '1h', '1d') else per}"


def parse_rate(value: Any) -> Rate:
    """Read ``10/s``, ``500/h``, ``100/10s``.

    Raises:
        ValueError: when it is none of these, or nothing per something.

    """
    if isinstance(value, Rate):
        return value
    match = _RATE.fullmatch(str(value).strip().lower())
    if not match or float(match[1]) <= 0 or match[2] == "0":
        message = f"{value!r} is not a rate; write it like 10/s, 500/h or 100/10s"
        raise ValueError(message)
    return Rate(float(match[1]), timedelta(seconds=int(match[2] or 1) * _UNITS[match[3]]))


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^(\d+(\.\d+)?\s*(ms|s|m|h|d|w)\s*)+$", "examples": ["30s", "5m"]}
    ),
]
RateLimit = Annotated[
    Rate,
    BeforeValidator(parse_rate),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^\d+(\.\d+)?\s*/\s*\d*\s*(ms|s|m|h|d|w)$", "examples": ["10/s"]}
    ),
]


class AsWritten(GenerateJsonSchema):
    """Makes JSON Schemas in which the defaults of durations and rates are as people write them."""

    def encode_default(self, dft: Any) -> Any:
        """Return ``1m`` and ``10/s``, and others as JSON has them."""
        if isinstance(dft, timedelta):
            return format_duration(dft)
        return str(dft) if isinstance(dft, Rate) else super().encode_default(dft)
