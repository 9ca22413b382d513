"""Which paths of a store a glob means, as the glob of local files would.

``*``, ``?`` and ``[…]`` match within one part of a path; ``**`` is any number of directories. Upper and
lower case are two things, and a part that begins with a dot is meant only when the glob says the dot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAGIC = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A glob."""

    #: What every path begins with.
    prefix: str
    #: Whether there may be a ``/`` after that.
    deep: bool
    #: The directory that no part of the glob changes, with its ``/``: what names are told without.
    base: str
    _parts: tuple[str, ...]

    def matches(self, path: str) -> bool:
        """Tell whether a path is meant."""
        return _match(path.split("/"), self._parts)

    def leads_into(self, directory: str) -> bool:
        """Tell whether paths below a directory may be meant: no others need to be listed."""
        return _lead(directory.split("/"), self._parts)


def pattern_of(text: str) -> Pattern | None:
    """Return a glob; None for a text that is just a path."""
    found = _MAGIC.search(text)
    if found is None:
        return None
    prefix, rest, parts = text[: found.start()], text[found.start() :], tuple(text.split("/"))
    return Pattern(prefix, "/" in rest or "**" in parts, prefix[: prefix.rfind("/") + 1], parts)


def _match(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Match part by part; a ``**`` is tried with no directory, one, two, and so on."""
    if not pattern:
        return not parts
    first, rest = pattern[0], pattern[1:]
    if first == "**":
        if not rest:
            return bool(parts) and not any(part.startswith(".") for part in parts)
        below = bool(parts) and not parts[0].startswith(".")
        return _match(parts, rest) or (below and _match(parts[1:], pattern))
    return bool(parts) and _fits(parts[0], first) and _match(parts[1:], rest)


def _lead(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    if not pattern or not parts:
        return bool(pattern)
    first, rest = pattern[0], pattern[1:]
    if first == "**":
        return _lead(parts, rest) or (not parts[0].startswith(".") and _lead(parts[1:], pattern))
    return _fits(parts[0], first) and _lead(parts[1:], rest)


def _fits(part: str, pattern: str) -> bool:
    return fnmatchcase(part, pattern) and (not part.startswith(".") or pattern.startswith("."))
