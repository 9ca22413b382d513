"""How surely a column's name means a target."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sync.suggesting import lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.suggesting.lexicon import Phrases

#: What a word costs that means nothing to us, and all such words at most.
_UNKNOWN, _MOST_UNKNOWN = 0.12, 0.5
#: What a word costs that makes the column somebody else's.
_FOREIGN = 0.7
_NEUTRAL = 0.01


@dataclass(frozen=True, slots=True)
class Target:
    """Something that a column may be."""

    phrases: Phrases
    #: Words that, beside the phrase, make it something else.
    foreign: frozenset[str]


FIRST = Target(lexicon.FIRST, lexicon.FOREIGN)
LAST = Target(lexicon.LAST, lexicon.FOREIGN)
FULL = Target(
    lexicon.FULL, lexicon.FOREIGN | {"first", "last", "id", "source", "status", "stage", "user", "since"}
)
PHONE = Target(lexicon.PHONE, lexicon.FOREIGN | {"date", "time", "status", "id", "additional"})
EMAIL = Target(
    lexicon.EMAIL, lexicon.FOREIGN | {"date", "time", "status", "id", "last", "source", "additional"}
)
STATUS = Target(lexicon.STATUS, lexicon.NOT_STATUS)
CREATED = Target(lexicon.CREATED, lexicon.NOT_CREATED)
UPDATED = Target(lexicon.UPDATED, lexicon.NOT_UPDATED)
IDENTITY = Target(lexicon.IDENTITY, lexicon.NOT_IDENTITY)
CONTACT_ID = Target(lexicon.CONTACT_ID, lexicon.NOT_IDENTITY)


def score(words: Sequence[str], target: Target) -> float:
    """Return how surely these words mean the target: 1 for its very name, 0 for anything else."""
    return max(
        (_with_rest(words, found, target) for found in _met(tuple(words), target.phrases)), default=0.0
    )


def _with_rest(words: Sequence[str], found: tuple[float, int, int], target: Target) -> float:
    weight, start, end = found
    rest = [*words[:start], *words[end:]]
    unknown = sum(1 for word in rest if word not in lexicon.NEUTRAL and word not in target.foreign)
    foreign = any(word in target.foreign for word in rest)
    cost = min(_MOST_UNKNOWN, unknown * _UNKNOWN) + (_FOREIGN if foreign else 0) + _NEUTRAL * len(rest)
    return max(0.0, weight - cost)


def _met(words: tuple[str, ...], phrases: Phrases) -> list[tuple[float, int, int]]:
    """Return every phrase that is met, with where it begins and ends among the words."""
    together = _together(tuple(phrases.items()))
    found = []
    for start in range(len(words)):
        joined = ""
        for end in range(start + 1, min(len(words), start + 5) + 1):
            joined += words[end - 1]
            if joined in together:
                found.append((together[joined], start, end))
    return found


@cache
def _together(phrases: tuple[tuple[str, float], ...]) -> dict[str, float]:
    found: dict[str, float] = {}
    for phrase, weight in phrases:
        joined = phrase.replace(" ", "")
        found[joined] = max(weight, found.get(joined, 0.0))
    return found


def says_opt_out(words: Sequence[str]) -> bool:
    """Tell whether a column says who does not want to be written to."""
    return bool(_met(tuple(words), lexicon.OPT_OUT))


def is_sensitive(words: Sequence[str]) -> bool:
    """Tell whether a column's name speaks of what is nobody's business."""
    return any(word in lexicon.SENSITIVE for word in words)
