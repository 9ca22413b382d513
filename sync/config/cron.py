"""Cron lines with cron's own meaning, on APScheduler, which differs from it in two ways.

APScheduler counts weekdays from Monday (0) where cron counts from Sunday (0, and 7), and it wants
day of month *and* weekday to hold where cron, when both are restricted, takes either. So a line is
read here, and APScheduler is given plain lists of numbers and names of days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sync.located_yaml import did_you_mean

if TYPE_CHECKING:
    from datetime import tzinfo

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: In cron's order: Sunday is 0, and 7 as well.
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
#: Days that each month has at most.
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PART = re.compile(r"(?:(\*)|(\w+)(?:-(\w+))?)(?:/(\d+))?")


@dataclass(frozen=True, slots=True)
class _Field:
    """One of the five: its name, its numbers, and the names that stand for them."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    def number(self, word: str) -> int:
        """Return the number of a word.

        Raises:
            ValueError: when it is none of this field.

        """
        folded = word.lower()
        if folded in self.names:
            return self.low + self.names.index(folded)
        if folded.isdecimal() and self.low <= int(folded) <= self.high:
            return int(folded)
        names = f" or {self.names[0]} to {self.names[-1]}" if self.names else ""
        close = did_you_mean(word, self.names)
        raise ValueError(f"{self.name} {word!r} must be {self.low} to {self.high}{names}{close}")

    def values(self, text: str) -> frozenset[int]:
        """Return every number that a field's text stands for.

        Raises:
            ValueError: when cron would not take it.

        """
        return frozenset(value for part in text.split(",") for value in self._part(part))

    def _part(self, part: str) -> list[int]:
        match = _PART.fullmatch(part)
        if not match:
            raise ValueError(
                f"{self.name} {part!r} must be *, a number, a range as in 1-5, or one with a step as in */5"
            )
        every, first, last, step = match.groups()
        if step is not None and (int(step) == 0 or not (every or last)):
            raise ValueError(
                f"{self.name} {part!r}: a step follows * or a range, as in */5, and is at least 1"
            )
        low = self.low if every else self.number(first)
        high = self.high if every else self.number(last or first)
        if high < low:
            raise ValueError(
                f"{self.name} {part!r} goes backwards; write it as two ranges with a comma between"
            )
        return list(range(low, high + 1, int(step or 1)))


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("weekday", 0, 7, _DAYS),
)


def check_cron(line: str) -> None:
    """Make sure that a line is one that cron takes and that comes due at some time.

    Raises:
        ValueError: naming the field that is wrong.

    """
    texts, values = _read(line)
    possible = any(day <= _LENGTHS[month - 1] for day in values[2] for month in values[3])
    if not possible and not _either(texts):
        raise ValueError("never comes due: there is no such day in such a month")


def cron_trigger(line: str, timezone: tzinfo, jitter: int | None = None) -> Any:
    """Return the APScheduler trigger of a cron line; jitter in seconds.

    Raises:
        ValueError: when it is no cron line.

    """
    from apscheduler.triggers.combining import OrTrigger
    from apscheduler.triggers.cron import CronTrigger

    texts, (minutes, hours, days, months, weekdays) = _read(line)
    day, weekday = _listed(_FIELDS[2], days), ",".join(sorted({_DAYS[value % 7] for value in weekdays}))
    common = {"minute": _listed(_FIELDS[0], minutes), "hour": _listed(_FIELDS[1], hours)}
    common |= {"month": _listed(_FIELDS[3], months), "second": "0"}
    if not _either(texts):
        return CronTrigger(**common, day=day, day_of_week=weekday, timezone=timezone, jitter=jitter)
    each: list[dict[str, str]] = [{"day": day}, {"day_of_week": weekday}]
    return OrTrigger([CronTrigger(**common, **one, timezone=timezone, jitter=jitter) for one in each])


def _read(line: str) -> tuple[list[str], list[frozenset[int]]]:
    texts = line.split()
    if len(texts) != len(_FIELDS):
        names = ", ".join(field.name for field in _FIELDS)
        raise ValueError(f"has {len(texts)} fields; a cron line has five ({names}), or write every 5m")
    return texts, [field.values(text) for field, text in zip(_FIELDS, texts, strict=True)]


def _either(texts: list[str]) -> bool:
    """Tell whether cron would take a day that fits one of day of month and weekday."""
    return not texts[2].startswith("*") and not texts[4].startswith("*")


def _listed(field: _Field, values: frozenset[int]) -> str:
    whole = len(values) == field.high - field.low + 1
    return "*" if whole else ",".join(map(str, sorted(values)))
