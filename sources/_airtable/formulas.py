"""Formulas that choose records: changed since a moment, or of these ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_SECOND: Final = timedelta(seconds=1)


def changed_since(field: str, since: datetime) -> str:
    """Return the formula for what changed at a moment or later.

    IS_AFTER compares whole seconds and leaves out the one that is given, so the one before is. A record
    that nobody has changed since it was made may have nothing in the field: it counts by when it was made.
    """
    before = since.astimezone(UTC).replace(microsecond=0) - _SECOND
    text = f"'{before:%Y-%m-%dT%H:%M:%S}.000Z'"
    return f"OR(IS_AFTER({_field(field)},{text}),IS_AFTER(CREATED_TIME(),{text}))"


def among(ids: Iterable[str]) -> str:
    """Return the formula for the records with these ids, which hold letters and digits only."""
    return f"OR({','.join([f'RECORD_ID()={each!r}' for each in ids])})"


def both(one: str | None, other: str | None) -> str | None:
    """Return the formula for what fits both; None: all."""
    return f"AND({one},{other})" if one and other else one or other


def _field(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("}", "\\}")
    return f"{{{escaped}}}"
