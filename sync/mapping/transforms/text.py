"""Text in one form: capitals, spaces, length."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from unicodedata import combining

from pydantic import Field

from sync.mapping.capitals import capital
from sync.mapping.text import clean

_WORD = re.compile(r"\S+")
_JOINER = "\u200d"
#: They say how the character before them looks: variation selectors, and the tones of skin.
_MODIFIERS = ("\ufe0e", "\ufe0f", *map(chr, range(0x1F3FB, 0x1F400)))


def text(
    value: str,
    *,
    case: Literal["keep", "upper", "lower", "title", "sentence"] = "keep",
    collapse: bool = True,
    max: Annotated[int, Field(ge=1)] | None = None,
) -> str | None:
    r"""Text without surrounding space, and with single spaces inside.

    Args:
        value: any text.
        case: keep, upper, lower, title (a capital for every word), or sentence (one for the first).
        collapse: whether runs of spaces and line breaks become one space.
        max: how many characters are kept.

    Returns:
        The text, None when nothing is left.

    Examples:
        >>> text("  a   leaky\n roof ")
        'a leaky roof'
        >>> text("KITCHEN REMODEL", case="sentence"), text("o'brien & sons", case="title")
        ('Kitchen remodel', "O'brien & Sons")
        >>> text("Call after five", max=10)
        'Call after'
        >>> text("two\nlines", collapse=False)
        'two\nlines'

    """
    found = clean(value)
    if collapse:
        found = " ".join(found.split())
    found = _cased(found, case)
    if max is not None:
        found = _cut(found, max)
    return found or None


def _cased(value: str, case: str) -> str:
    if case == "upper":
        return value.upper()
    if case == "lower":
        return value.lower()
    if case == "sentence":
        return capital(value)
    return _WORD.sub(lambda word: capital(word[0]), value) if case == "title" else value


def _cut(value: str, most: int) -> str:
    """Cut text off, though never within a character that is made of several, as an e with its accent."""
    end = most
    while 0 < end < len(value) and (_continues(value[end]) or value[end - 1] == _JOINER):
        end -= 1
    return clean(value[: end or most])


def _continues(char: str) -> bool:
    return char == _JOINER or char in _MODIFIERS or bool(combining(char))
