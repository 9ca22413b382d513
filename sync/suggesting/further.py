"""The columns that no standard field is made of: useful ones become custom properties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.lead import FIELDS
from sync.suggesting.ads import prefix_of
from sync.suggesting.choice import Further
from sync.suggesting.naming import UPDATED, is_sensitive

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sync.suggesting.columns import Parts
    from sync.suggesting.seen import Seen

#: More properties than these are proposed, and not sent.
_MOST = 30
_LONGEST_TEXT = 500
_NAMED = _HALF = 0.5
_LATEST = frozenset(
    ("last", "latest", "recent", "letzte", "letzter", "zuletzt", "ultima", "ultimo", "derniere")
)
_WRAPPERS = frozenset(("properties", "fields", "attributes", "data", "record", "custom", "values"))
_RESERVED = (*FIELDS, "source")


def further_columns(seen: Sequence[Seen], used: Collection[Parts]) -> list[Further]:
    """Return the columns that are left, each with a name of its own."""
    taken: set[str] = {name.casefold() for name in _RESERVED}
    found: list[Further] = []
    kept = 0
    for each in seen:
        if each.column.parts in used:
            continue
        reason = _reason(each) or (f"one of more than {_MOST}" if kept >= _MOST else "")
        kept += not reason
        found.append(Further(each.column, _name(each, taken), reason, prefix_of(each)))
    return found


def _reason(seen: Seen) -> str:
    """Say why a column should not be sent without a thought; nothing: there is no reason."""
    facts = seen.facts
    same = facts.distinct == 1 and facts.count > 1 and seen.column.filled == 1
    reasons = {
        "looks sensitive": is_sensitive(seen.words),
        "empty in the sample": seen.empty,
        "changes often, and each change would send the lead again": _changes_often(seen),
        "a list or an object": seen.column.nested > 0,
        "long texts": facts.longest > _LONGEST_TEXT,
        "the same in every record": same,
        "an address on the web": facts.link > _HALF,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _changes_often(seen: Seen) -> bool:
    """Tell whether it is the time of something that goes on: the last visit, the last change."""
    is_time = seen.facts.times.share > _HALF
    return is_time and (seen.named(UPDATED) >= _NAMED or bool(_LATEST & set(seen.words)))


def _name(seen: Seen, taken: set[str]) -> str:
    """Return a property name: leadSource for "Lead Source", the column's own where that is no help."""
    parts = [part for part in seen.column.parts if isinstance(part, str)]
    inner = [part for part in parts if part.casefold() not in _WRAPPERS] or parts
    name = _camel(inner) or ".".join(inner)
    free, number = name, 2
    while free.casefold() in taken:
        free, number = f"{name}{number}", number + 1
    taken.add(free.casefold())
    return free


def _camel(parts: Iterable[str]) -> str:
    words = [word for part in parts for word in re.findall(r"[A-Za-z0-9]+", part)]
    if not all(part.isascii() for part in parts) or not words:
        return ""
    first = words[0] if not words[0].isupper() else words[0].lower()
    name = first[:1].lower() + first[1:] + "".join(word[:1].upper() + word[1:] for word in words[1:])
    return name if name[0].isalpha() else ""
