"""SOQL as text: literals, conditions, whole queries. Nothing here does I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

#: A time and the id of the last record read at it; no id: all of that time.
Place: TypeAlias = "tuple[datetime, str | None]"

_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'")


def quoted(text: str) -> str:
    """Return a text as a SOQL literal."""
    inner = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{inner}'"


def moment(at: datetime) -> str:
    """Return a time as a SOQL literal: in UTC, not quoted, and without a `+` that a URL would eat."""
    utc = at.astimezone(UTC)
    form = "milliseconds" if utc.microsecond >= 1000 else "seconds"  # noqa: PLR2004 - a millisecond
    return utc.replace(tzinfo=None).isoformat(timespec=form) + "Z"


def after(changed: str, place: Place) -> str:
    """Return what is true of the records at and behind a place, in the order of time and id.

    The first comparison stands alone, since it is the one that an index serves.
    """
    at, key = moment(place[0]), place[1]
    if key is None:
        return f"{changed} >= {at}"
    return f"{changed} >= {at} AND ({changed} > {at} OR Id > {quoted(key)})"


def among(field: str, values: Iterable[str]) -> str:
    """Return what is true of the records whose field has one of these values."""
    return f"{field} IN ({', '.join(map(quoted, values))})"


def loose_end(condition: str) -> str | None:
    """Return what keeps a condition from standing in parentheses of its own; None when nothing does."""
    text = _QUOTED.sub("", condition)
    if "'" in text:
        return "a quote is not closed"
    depth = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return "a parenthesis is closed that was not opened"
    return "a parenthesis is not closed" if depth else None


@dataclass(frozen=True, slots=True)
class Query:
    """A query of one object."""

    object: str
    fields: tuple[str, ...]
    conditions: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    limit: int | None = None

    def __str__(self) -> str:
        """Return it as SOQL, which takes AND and OR side by side only in parentheses."""
        parts = [f"SELECT {', '.join(self.fields)} FROM {self.object}"]
        if self.conditions:
            parts.append("WHERE " + " AND ".join(self.conditions))
        if self.order:
            parts.append("ORDER BY " + ", ".join(self.order))
        if self.limit is not None:
            parts.append(f"LIMIT {self.limit}")
        return " ".join(parts)
