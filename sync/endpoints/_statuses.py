"""Which statuses mean that a lead was taken, as users write it: ``2xx``, 200, "201"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ACCEPTED_BY_DEFAULT = ("2xx",)
_CLASS = re.compile(r"2xx", re.IGNORECASE)
_STATUS = re.compile(r"[24]\d\d")
#: These say "not now" or "not you" about every lead alike: to take one for a success would lose leads.
_NEVER = frozenset({"401", "403", "404", "405", "407", "408", "410", "425", "429"})


def status_texts(value: Any) -> Any:
    """Take one status for a list of one, and numbers for their text."""
    items = value if isinstance(value, (list, tuple)) else [value]
    return [str(item) if isinstance(item, int) and not isinstance(item, bool) else item for item in items]


def checked_statuses(values: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse what is no status, or a status that never means that a lead was taken.

    Raises:
        ValueError: names it.

    """
    if not values:
        raise ValueError("is empty, so that no lead would ever count as taken; write 2xx or leave it out")
    return tuple(_checked(value.strip().lower()) for value in values)


def _checked(value: str) -> str:
    if _CLASS.fullmatch(value):
        return value
    if not _STATUS.fullmatch(value):
        raise ValueError(
            f"{value!r} is not a status that can mean success; write 2xx, or one like 200 or 409"
        )
    if value in _NEVER:
        raise ValueError(f"{value} says that no lead was taken, whichever it is; it can't mean success")
    return value


def matcher(values: tuple[str, ...]) -> Callable[[int], bool]:
    """Return a function that tells whether a status is one of these."""
    if values == ACCEPTED_BY_DEFAULT:
        return lambda status: 200 <= status < 300  # noqa: PLR2004 - the class 2xx
    exact = frozenset(int(value) for value in values if not _CLASS.fullmatch(value))
    whole_class = any(_CLASS.fullmatch(value) for value in values)
    return lambda status: status in exact or (whole_class and status // 100 == 2)  # noqa: PLR2004 - the same
