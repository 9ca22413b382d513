"""The left side of a table: texts, and ranges of numbers as ``<10000``, ``>= 5`` or ``1..5``."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_COMPARED = re.compile(r"\s*(<=?|>=?)\s*(.*?)\s*")
_BETWEEN = re.compile(r"\s*([+-]?[\d.,_ ]*?\d)\s*\.\.\s*([+-]?\.?\d[\d.,_ ]*)\s*", re.ASCII)
#: What can only be meant for a number; ``>50k`` and ``<none>`` are words that somebody chose.
_MEANT = re.compile(r"[\d\s.,_'$€£%+-]*")


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers between two bounds, which may be infinite."""

    low: float = -math.inf
    high: float = math.inf
    with_low: bool = True
    with_high: bool = True

    def __contains__(self, number: float) -> bool:
        """Tell whether a number lies in it."""
        above = number >= self.low if self.with_low else number > self.low
        return above and (number <= self.high if self.with_high else number < self.high)


def range_of(key: str) -> Range | None:
    """Return the range that a key of a table stands for, None when it is just text.

    Raises:
        ValueError: when it can only be meant for a range, and is none.

    """
    compared = _COMPARED.fullmatch(key)
    if compared:
        sign, bound = compared.groups()
        if not _MEANT.fullmatch(bound):
            return None
        number = _bound(key, bound)
        if sign[0] == "<":
            return Range(high=number, with_high="=" in sign)
        return Range(low=number, with_low="=" in sign)
    between = _BETWEEN.fullmatch(key)
    return _between(key, *between.groups()) if between else None


def _between(key: str, first: str, last: str) -> Range:
    low, high = _bound(key, first), _bound(key, last)
    if low > high:
        raise ValueError(f"{key!r} ends before it begins; expected the smaller number first")
    return Range(low, high)


def _bound(key: str, text: str) -> float:
    if not _NUMBER.fullmatch(text):
        what = f"{text!r} is no number" if text else "there is no number"
        raise ValueError(f"{key!r} is no range: {what}; expected digits only, as in <10000, >= 2.5 or 1..5")
    return float(text)


def number_of(text: str) -> float | None:
    """Return the number that a text is, None when it is none."""
    return float(text) if _NUMBER.fullmatch(text) else None
