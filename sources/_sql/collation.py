"""Keys that a database may hold for one and the same, though their characters differ.

MySQL, MariaDB and SQL Server compare text without regard to case, accents and spaces at the end, unless told
otherwise: what is `>= 'Bob'` there begins with `BOB`, `bób` and `bob `, in any order.
"""

from __future__ import annotations

from typing import Any
from unicodedata import combining, normalize


def may_tie(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Tell whether a database may be unable to say which of two places comes first."""
    return one == other or _folded(one) == _folded(other)


def _folded(place: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(_fold(part) if isinstance(part, str) else part for part in place)


def _fold(text: str) -> str:
    bare = "".join(each for each in normalize("NFKD", text) if not combining(each))
    return bare.casefold().rstrip(" ")
