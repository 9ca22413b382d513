"""How much of the organisation's API calls is used up, as every answer tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sources.http import Answer

_HEADER: Final = "sforce-limit-info"
_USAGE = re.compile(r"(?<![\w-])api-usage=(\d+)/(\d+)")
#: From this share on, the operator hears of it.
_MUCH: Final = 0.9


def told_of(answer: Answer) -> str:
    """Return what to add to a line about an answer, with a comma before it; nothing where it isn't told."""
    usage = _usage(answer)
    return f", {usage[0]} of {usage[1]} API calls of 24 hours used" if usage else ""


def note_of(answer: Answer) -> str | None:
    """Return what the operator should hear while there are calls left; None as long as there are many."""
    usage = _usage(answer)
    if usage is None or usage[0] < usage[1] * _MUCH:
        return None
    return (
        f"{usage[0]} of the organisation's {usage[1]} API calls of 24 hours are used; when they are gone, "
        "nothing can be read"
    )


def _usage(answer: Answer) -> tuple[int, int] | None:
    found = _USAGE.search(answer.headers.get(_HEADER, ""))
    return (int(found[1]), int(found[2])) if found else None
