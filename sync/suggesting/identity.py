"""Which column names a record for good, and which one its contact."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.suggesting.choice import Field
from sync.suggesting.naming import CONTACT_ID, IDENTITY
from sync.suggesting.seen import Seen, best

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMED = 0.5
_FUSED = 0.55
#: What it costs to name the contact rather than the record: one person may ask more than once.
_CONTACT_COST = 0.08
_LONGEST = 100
#: One word with a digit in it, and no phone number: F-500, or 3c9a.
_CODE = re.compile(r"(?=.*\d)[A-Za-z]{0,6}[-_]?[A-Za-z0-9]{1,12}(?:[-_][A-Za-z0-9]{1,12})?")


def key_column(seen: Sequence[Seen]) -> tuple[Seen | None, bool]:
    """Return the column that names a record for good, if any, and whether it is named so."""
    found = best(((_key_score(each), each) for each in seen), _NAMED)
    if found:
        return found[0][1], True
    found = best(((_by_values(each), each) for each in seen), 0.1)
    return (found[0][1], False) if found else (None, False)


def _key_score(seen: Seen) -> float:
    if not _names_each(seen) or len(seen.column.parts) > 1:
        return 0.0
    return max(seen.named(IDENTITY), seen.named(CONTACT_ID) - _CONTACT_COST, _FUSED if _is_fused(seen) else 0)


def _is_fused(seen: Seen) -> bool:
    """Tell whether the name is one word that ends in id, as LEID."""
    words = seen.words
    return len(words) == 1 and words[0].endswith("id") and words[0][:-2] not in IDENTITY.foreign


def _names_each(seen: Seen) -> bool:
    """Tell whether every record had a value of its own there."""
    facts = seen.facts
    if not facts.count or facts.count < seen.column.total or seen.column.nested:
        return False
    return facts.unique and not facts.times.share > 0.5 and facts.email < 0.5 and facts.longest <= _LONGEST  # noqa: PLR2004 - half


def _by_values(seen: Seen) -> float:
    """Prefer a code in the first column, then an e-mail address, then a phone number."""
    facts, column = seen.facts, seen.column
    if not facts.unique or facts.count < column.total or not facts.count or len(column.parts) > 1:
        return 0.0
    if seen.column.first and all(_CODE.fullmatch(text) for text, _ in facts.common):
        return 0.45 if facts.phone < 0.5 and facts.times.share < 0.5 else 0.0  # noqa: PLR2004 - half
    if facts.email > 0.9:  # noqa: PLR2004 - nearly all
        return 0.4
    return 0.3 if facts.phone > 0.9 else 0.0  # noqa: PLR2004 - nearly all


def contact_field(seen: Sequence[Seen]) -> Field | None:
    """Return where the contact's identifier comes from."""
    found = best(((_contact_score(each), each) for each in seen), _NAMED)
    if not found:
        return None
    score, chosen = found[0]
    doubt = "unsure: empty in the sample" if chosen.empty else ""
    return Field((chosen.column,), doubt or ("" if score >= 0.7 else "unsure"))  # noqa: PLR2004 - a good name


def _contact_score(seen: Seen) -> float:
    facts = seen.facts
    if seen.column.nested or facts.times.share > 0.5 or facts.email > 0.5:  # noqa: PLR2004 - half
        return 0.0
    return seen.named(CONTACT_ID) - (0.1 if seen.empty else 0.0)
