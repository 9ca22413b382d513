"""Which columns hold phone numbers and e-mail addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.suggesting import lexicon
from sync.suggesting.choice import Field
from sync.suggesting.naming import EMAIL, PHONE
from sync.suggesting.phones import region_of
from sync.suggesting.seen import Seen, best

if TYPE_CHECKING:
    from collections.abc import Sequence

#: More phones of one person than these are not asked for.
_MOST_PHONES, _MOST_EMAILS = 4, 2
#: The share of values that has to look like what the name says.
_LIKELY = 0.5
#: The share from which values speak for themselves.
_CERTAIN = 0.8
#: How good a name has to be: with values to prove it, and without any.
_NAMED, _NAMED_ONLY = 0.4, 0.75
_BY_VALUES = 0.35


def phone_field(seen: Sequence[Seen], hints: Sequence[str]) -> Field | None:
    """Return where phone numbers come from: mobile phones first.

    Args:
        seen: all columns.
        hints: countries that the language of the names speaks for.

    """
    found = best(((_phone_score(each), each) for each in seen), _BY_VALUES)
    if not found:
        return None
    by_name = [each for score, each in found if score > _BY_VALUES]
    chosen = sorted(by_name or [found[0][1]], key=_kind)[:_MOST_PHONES]
    region, why = region_of((value for each in chosen for value in each.column.values), hints)
    doubt = why if by_name else "unsure: only its values look like phone numbers"
    if all(each.empty for each in chosen):
        doubt = "unsure: empty in the sample"
    return Field(tuple(each.column for each in chosen), doubt, region=region)


def _phone_score(seen: Seen) -> float:
    name, facts = seen.named(PHONE), seen.facts
    if seen.empty:
        return name if name >= _NAMED_ONLY else 0.0
    if name >= _NAMED and facts.phone >= _LIKELY:
        return name
    foreign = any(word in PHONE.foreign | lexicon.NOT_IDENTITY for word in seen.words)
    identity = any(word in ("id", "uuid", "number", "no", "nr") for word in seen.words)
    if name < _NAMED and facts.written_phone >= _CERTAIN and not foreign and not identity:
        return _BY_VALUES
    return 0.0


def _kind(seen: Seen) -> int:
    """Return where a kind of phone stands: mobile phones can be texted."""
    words = set(seen.words)
    joined = "".join(seen.words)
    if words & lexicon.MOBILE or any(word in joined for word in ("mobile", "mobil", "handy", "cell")):
        return 0
    if words & lexicon.WORK:
        return 3
    return 2 if words & lexicon.HOME else 1


def email_field(seen: Sequence[Seen], *, other: bool) -> Field | None:
    """Return where e-mail addresses come from; `other`: a lead can do without, it has a phone number."""
    found = best(((_email_score(each), each) for each in seen), _BY_VALUES)
    if not found:
        return None
    by_name = [each for score, each in found if score > _BY_VALUES]
    chosen = (by_name or [found[0][1]])[:_MOST_EMAILS]
    doubt = "" if by_name else "unsure: only its values look like e-mail addresses"
    if all(each.empty for each in chosen):
        doubt = "unsure: empty in the sample"
    return Field(tuple(each.column for each in chosen), doubt, drop=other)


def _email_score(seen: Seen) -> float:
    name, facts = seen.named(EMAIL), seen.facts
    if seen.empty:
        return name if name >= _NAMED_ONLY else 0.0
    if facts.email < _LIKELY:
        return 0.0
    if name >= _NAMED:
        return name
    foreign = any(word in EMAIL.foreign for word in seen.words)
    return _BY_VALUES if facts.email >= _CERTAIN and not foreign else 0.0
