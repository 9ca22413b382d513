"""Yes and no, as people and systems write them."""

from __future__ import annotations

from functools import lru_cache

from sync.mapping.narrowing import narrow_number
from sync.mapping.text import Unfit, shape, text_of

_TRUE = ("true", "t", "yes", "y", "1", "on", "x", "✓", "✔", "checked", "ja", "oui", "sí", "si")
_FALSE = ("false", "f", "no", "n", "0", "off", "unchecked", "nein", "non")


def boolean(value: object, *, true: list[str] | None = None, false: list[str] | None = None) -> bool | None:
    """True or false out of yes, no, 1, 0, x, on, off and the like.

    Args:
        value: anything that says yes or no; capitals don't matter.
        true: the words for true, instead of: true, t, yes, y, 1, on, x, ✓, checked, ja, oui, sí.
        false: the words for false, instead of: false, f, no, n, 0, off, unchecked, nein, non.

    Returns:
        True or false.

    Raises:
        ValueError: when it is neither.

    Examples:
        >>> boolean("Yes"), boolean("off"), boolean(0.0)
        (True, False, False)
        >>> boolean("Opted in", true=["opted in"], false=["opted out"])
        True
        >>> boolean("maybe")
        Traceback (most recent call last):
        ValueError: text of 5 characters: neither true nor false; expected a word as yes or no, ...

    """
    text = text_of(value)
    if text is None:
        return None
    word = _folded(text)
    if word in _words(_TRUE if true is None else tuple(true)):
        return True
    if word in _words(_FALSE if false is None else tuple(false)):
        return False
    raise Unfit(
        f"{shape(value)}: neither true nor false; "
        "expected a word as yes or no, or name yours with true: and false:"
    )


def _folded(text: str) -> str:
    return narrow_number(text).strip().casefold()


@lru_cache(maxsize=64)
def _words(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_folded, words))
