"""Change times: which is older, and the one typed text form in which they are kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.position import Cursor


def write_changed(changed: Cursor | None) -> str | None:
    """Return the text form: ``t`` and a UTC time, ``i`` and an integer, or ``s`` and text."""
    if changed is None:
        return None
    if isinstance(changed, datetime):
        return "t" + changed.astimezone(UTC).isoformat()
    return f"i{changed}" if isinstance(changed, int) else f"s{changed}"


def read_changed(text: str | None) -> Cursor | None:
    """Read back what `write_changed` wrote."""
    if text is None:
        return None
    kind, value = text[0], text[1:]
    if kind == "t":
        return datetime.fromisoformat(value)
    return int(value) if kind == "i" else value


def is_older(changed: Cursor | None, known: Cursor | None) -> bool:
    """Tell whether a change time is certainly older than the one known; unlike types can't tell."""
    if changed is None or known is None or type(changed) is not type(known):
        return False
    return changed < known  # type: ignore[operator]
