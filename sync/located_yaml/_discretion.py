"""Keep values that must not be seen out of messages that somebody else has worded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Stands in a message where a value that must not be seen would.
HIDDEN = "(hidden)"

_WITHHELD = "can't be used; why is not shown, since it would show part of a value that is to stay hidden"
#: Shorter parts of a value say nothing about it: a unit, a port.
_TELLING = re.compile(r"\w{6,}")
#: Nor does what kind of URL it is, which messages have to name.
_SCHEME = re.compile(r"^[A-Za-z][\w+.-]*://")


def discreet(message: str, values: Iterable[str]) -> str:
    """Return a message without any of these values, nor a telling part of one."""
    spellings = {spelling for value in values if value.strip() for spelling in (value, repr(value)[1:-1])}
    for spelling in sorted(spellings, key=len, reverse=True):
        message = re.sub(rf"(?<!\w){re.escape(spelling)}(?!\w)", HIDDEN, message)
    folded = message.casefold()
    bare = (_SCHEME.sub("", spelling) for spelling in spellings)
    parts = {part.casefold() for text in bare for part in _TELLING.findall(text)}
    return _WITHHELD if any(part in folded for part in parts) else message
