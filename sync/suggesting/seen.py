"""Columns with their facts and their names' scores, looked at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sync.suggesting.facts import Facts, facts_of
from sync.suggesting.naming import Target, score
from sync.suggesting.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.suggesting.columns import Column

#: What it costs to stand inside of an object.
_INSIDE = 0.02


@dataclass
class Seen:
    """A column while it is being judged."""

    column: Column

    @cached_property
    def facts(self) -> Facts:
        """What its values tell."""
        return facts_of(self.column.values)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of its name."""
        return self.column.words

    @property
    def empty(self) -> bool:
        """Whether it held nothing in the sample."""
        return not self.column.values

    @property
    def path(self) -> str:
        """Its path, as a mapping names it."""
        return self.column.path

    def named(self, target: Target) -> float:
        """Return how surely its name means the target, 0 to 1.

        Inside of an object the name itself counts; what is around it only where it makes it somebody else's.
        """
        inner = [part for part in self.column.parts if isinstance(part, str)]
        if len(inner) < 2:  # noqa: PLR2004 - nothing around it
            return score(self.words, target)
        around = [word for part in inner[:-1] for word in words_of(part) if word in target.foreign]
        return max(score(self.words, target), score((*around, *words_of(inner[-1])), target) - _INSIDE)


def best(seen: Iterable[tuple[float, Seen]], least: float) -> list[tuple[float, Seen]]:
    """Return the candidates that are good enough, the best first; equals in the order of the columns."""
    return sorted((each for each in seen if each[0] >= least), key=lambda each: -each[0])
