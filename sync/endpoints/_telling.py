"""What of a lead and of a request must not be repeated: values, their words, their disguises, and keys."""

from __future__ import annotations

import base64
import binascii
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FEWEST_DIGITS = 4
_FEWEST_LETTERS = 2
_SHORTEST_KEY = 4
#: The endpoint's own, the same on every lead.
_NOT_OF_THE_LEAD = "source"


def values_in(shape: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every value in an object with the name of its property."""
    if isinstance(shape, dict):
        for inner, value in shape.items():
            if inner != _NOT_OF_THE_LEAD:
                yield from values_in(value, inner)
    elif isinstance(shape, str) and shape.strip():
        yield name, shape


def tells(word: str) -> bool:
    """Tell whether one word of several says something: a year, a street, not an initial."""
    return len(word) >= (_FEWEST_DIGITS if word.isdigit() else _FEWEST_LETTERS)


def runs_on(word: str) -> bool:
    """Tell whether a word may stand in a text without a gap around it, as in Chinese."""
    return not word.isascii() and (len(word) > 1 or unicodedata.category(word) == "Lo")


def variants(value: str) -> set[str]:
    """Return a text and what becomes of it where somebody takes one character set for another."""
    if value.isascii():
        return {value}
    known = value.encode("utf-8", "replace")
    return {
        value,
        known.decode("latin-1"),
        known.decode("cp1252", "replace"),
        value.encode("ascii", "ignore").decode(),
        value.encode("ascii", "replace").decode(),
    }


def keys_in(headers: Iterable[str]) -> Iterator[str]:
    """Yield the keys in header values: each whole, without its scheme, and what Basic hides."""
    for header in headers:
        scheme, _, rest = header.strip().partition(" ")
        found = [header.strip(), rest.strip()]
        if scheme.lower() == "basic":
            pair = _decoded(rest.strip())
            found += [pair, *pair.split(":", 1)]
        yield from (key for key in found if len(key) >= _SHORTEST_KEY)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
