"""HTML entities: O&#39;Brien is O'Brien. Only complete ones: AT&T, and ?a=1&copy=2, stay as they are."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));")
#: Forms escape what is escaped already, so that &amp;#39; comes along. What is deeper is no accident.
_DEEPEST = 4


def without_entities(value: str, tidied: Callable[[str], str]) -> str:
    """Return text with what its entities stand for.

    Args:
        value: text that `tidied` leaves as it is.
        tidied: is applied to what comes out, since an entity may stand for a space that doesn't break.

    """
    found = value
    for _ in range(_DEEPEST):
        before, found = found, tidied(_ENTITY.sub(_character, found))
        if found == before:
            return found
    # Stopping midway would make another text of it each time.
    return found if tidied(_ENTITY.sub(_character, found)) == found else value


def _character(match: re.Match[str]) -> str:
    known = match[1] is None or f"{match[1]};" in html5  # `unescape` would take &notit; for &not and it;
    return unescape(match[0]) if known else match[0]
