"""Long lists in pieces: a database takes only so many values in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")

#: Well below what SQLite (32,766) and PostgreSQL (65,535) take, and a size that is planned but once.
_MOST = 1_000


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the values in order, a thousand at a time."""
    for start in range(0, len(values), _MOST):
        yield values[start : start + _MOST]
