"""Which digits of a phone number belong to its country and not to a person."""

from __future__ import annotations

#: A country's code and what is dialled before an area have together no more.
_MOST_KEPT = 4


def digits_kept(text: str) -> int:
    """Return how many digits at the beginning of a number stay, as of ``+44`` or ``1-``."""
    from phonenumbers import NumberParseException, parse

    try:
        found = parse(text, "US")
    except NumberParseException:
        return 0
    total = sum(map(str.isdigit, text)) - len(found.extension or "")
    kept = total - len(str(found.national_number))
    return kept if 0 < kept <= _MOST_KEPT else 0
