"""Lists, guesses and counts for messages that a person reads."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: How many names a message lists before it says how many more there are.
_MOST_NAMES = 40
#: An e-mail address, or seven digits and more with what people put between them: somebody's data.
_PERSONAL = re.compile(r"\S@\S|(?:\d[ ().+-]*){7}")


def looks_personal(text: str) -> bool:
    """Tell whether a text may be somebody's e-mail address or phone number."""
    return bool(_PERSONAL.search(text))


def listed(names: Sequence[str], most: int = _MOST_NAMES) -> str:
    """Return ``Lead ID, Phone, …``, with nobody's e-mail address or phone number among them."""
    shown = [f"(text of {len(name)} characters)" if looks_personal(name) else name for name in names[:most]]
    left = len(names) - len(shown)
    return ", ".join(shown) + (f", … and {left} more" if left else "")


def did_you_mean(word: str, choices: Sequence[str]) -> str:
    """Return ``(did you mean "x"?)`` with a space before it, or nothing when no choice comes close."""
    folded = {choice.casefold(): choice for choice in reversed(choices)}
    close = get_close_matches(word.casefold(), folded, n=1)
    return f' (did you mean "{folded[close[0]]}"?)' if close and not looks_personal(close[0]) else ""


def counted(number: int, noun: str) -> str:
    """Return ``1 column`` or ``8 columns``."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
