"""Repeats are compared lead by lead and version by version: one too many here is not made good elsewhere."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.torture.good_endpoint import Sent


def repeats(log: Iterable[Sent]) -> Counter[Sent]:
    """Return the requests beyond the first for each version of each lead."""
    return Counter({sent: times - 1 for sent, times in Counter(log).items() if times > 1})


def not_allowed(log: Iterable[Sent], allowed: Mapping[Sent, int], excused: int = 0) -> list[str]:
    """Return a sentence for each version that came in more often than what happened to it allows.

    Args:
        log: what came in.
        allowed: how often each may be repeated.
        excused: so many repeats in all that the machine, not the program, is to blame for.

    """
    found = repeats(log) - Counter(allowed)
    if found.total() <= excused:
        return []
    return [
        f"P3: version {sent.version} of {sent.id} was repeated {more} times more than is allowed"
        for sent, more in sorted(found.items(), key=lambda each: (each[0].id, each[0].version))
    ]
