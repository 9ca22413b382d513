"""Which column holds the status, and which values it was seen to have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.suggesting.choice import Field
from sync.suggesting.naming import STATUS
from sync.suggesting.seen import Seen, best

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMED, _NAMED_ONLY = 0.5, 0.85
#: A status has few values; a table of more is nobody's help.
_MOST_VALUES = 20
_LONGEST = 40
#: What would be read as a range in a table, and what may be somebody's data.
_NOT_LISTED = re.compile(r"^\s*[<>]|\.\.|@|\d{5}|[\x00-\x1f\x7f]")
_TWO_LETTERS = 2


def status_field(seen: Sequence[Seen]) -> Field | None:
    """Return where the status comes from, with the table of its values."""
    found = best(((_score(each), each) for each in seen), _NAMED)
    if not found:
        return None
    chosen = found[0][1]
    others = [each.path for _, each in found[1:3]]
    doubt = "unsure: empty in the sample" if chosen.empty else ""
    if not doubt and others:
        doubt = f"or {' or '.join(others)}"
    return Field((chosen.column,), doubt, values=_listed(chosen))


def _score(seen: Seen) -> float:
    name, facts = seen.named(STATUS), seen.facts
    if seen.empty:
        return name - 0.1 if name >= _NAMED_ONLY else 0.0
    few = facts.distinct <= max(_MOST_VALUES, facts.count // 5)
    wrong = max(facts.times.share, facts.phone, facts.email, facts.link) > 0.3 or facts.flag >= 0.9  # noqa: PLR2004 - shares
    if not few or wrong or facts.longest > _LONGEST * 2 or _are_places(seen):
        return 0.0
    # The same value in every record says nothing, and one in each record is no status.
    alone = 0.3 if facts.unique and facts.count > _TWO_LETTERS else 0.0
    # A number needs a table to say anything; its label, where there is one, does not.
    return name - alone - (0.1 if facts.number == 1 else 0.0)


def _are_places(seen: Seen) -> bool:
    """Tell whether the values are codes of states: Spanish estado is both."""
    texts = [text for text, _ in seen.facts.common]
    return (
        bool(texts) and all(len(text) == _TWO_LETTERS and text.isupper() for text in texts) and len(texts) > 1
    )


def _listed(seen: Seen) -> tuple[tuple[str, int], ...]:
    """Return the values for a table; none when there are too many, or when they can't be its keys."""
    common = [(text, count) for text, count in seen.facts.common if len(text) <= _LONGEST]
    if len(common) > _MOST_VALUES or any(_NOT_LISTED.search(text) for text, _ in common):
        return ()
    folded: dict[str, tuple[str, int]] = {}
    for text, count in common:
        kept = folded.get(text.casefold())
        folded[text.casefold()] = (kept[0], kept[1] + count) if kept else (text, count)
    return tuple(folded.values())
