"""What installed packages register, looked for once: each look reads a file of every package there is."""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path


def registered(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of a group, in the order in which they are found.

    A package that comes or goes while the program runs is noticed: its directory stands in one of those that
    modules are looked for in, whose time changes.
    """
    return _found(group, tuple((place, _changed(place)) for place in sys.path))


@cache
def _found(group: str, _places: tuple[tuple[str, int], ...]) -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group=group))


def _changed(place: str) -> int:
    try:
        return Path(place).stat().st_mtime_ns
    except OSError:
        return 0
