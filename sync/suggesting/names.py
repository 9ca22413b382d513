"""Which columns hold people's names, in parts or whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.suggesting.choice import Field
from sync.suggesting.naming import FIRST, FULL, LAST, Target
from sync.suggesting.seen import Seen, best

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMED = 0.5
#: The share of values that has to be made of letters.
_LETTERS = 0.6
#: The share of values with two words from which a column holds whole names.
_WHOLE = 0.5


def name_fields(seen: Sequence[Seen]) -> dict[str, Field]:
    """Return firstName and lastName, as far as there are any."""
    first, last, whole = _part(seen, FIRST), _part(seen, LAST), _whole(seen)
    if first and last and first.column is last.column:
        last = None
    if whole and not (first and last):
        if not _looks_whole(whole) and not whole.empty:
            # "Name" beside "Vorname" is the rest of the name; alone, it is what people are called.
            if first:
                last = last or whole
            else:
                first = whole
        elif not first:
            return _from_whole(whole, last)
    found = {"firstName": first, "lastName": last}
    return {name: _field(each) for name, each in found.items() if each}


def _part(seen: Sequence[Seen], target: Target) -> Seen | None:
    found = best(((_score(each, target), each) for each in seen), _NAMED)
    return found[0][1] if found else None


def _score(seen: Seen, target: Target) -> float:
    facts = seen.facts
    if not seen.empty and (facts.whole_name + facts.one_name < _LETTERS or facts.flag > 1 - _LETTERS):
        return 0.0
    return seen.named(target) - (0.1 if seen.empty else 0.0)


def _whole(seen: Sequence[Seen]) -> Seen | None:
    found = best(((_score(each, FULL) + (0.1 if _looks_whole(each) else 0), each) for each in seen), _NAMED)
    return found[0][1] if found else None


def _looks_whole(seen: Seen) -> bool:
    return seen.facts.whole_name >= _WHOLE


def _field(seen: Seen) -> Field:
    return Field((seen.column,), "unsure: empty in the sample" if seen.empty else "")


def _from_whole(whole: Seen, last: Seen | None) -> dict[str, Field]:
    doubt = "unsure: empty in the sample" if whole.empty else "from the whole name"
    found = {"firstName": Field((whole.column,), doubt, part="first")}
    found["lastName"] = _field(last) if last else Field((whole.column,), doubt, part="last")
    return found
