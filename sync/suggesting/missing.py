"""What counts as nothing when a sample is looked at."""

from __future__ import annotations

from typing import Any

_WORDS = frozenset(
    ("n/a", "#n/a", "na", "-", "--", "—", "null", "(null)", "(none)", "none", "nil", "undefined", "nan")
)


def is_missing(value: Any) -> bool:
    """Tell whether a value is null, empty, or a word that people and programs write for nothing."""
    if isinstance(value, str):
        text = value.strip()
        return not text or text.casefold() in _WORDS
    if isinstance(value, float):
        return value != value  # noqa: PLR0124 - NaN is what is not itself
    return value is None or (isinstance(value, (dict, list, tuple)) and not value)
