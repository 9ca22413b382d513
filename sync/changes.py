"""Change times: which is older, and the one typed text form in which they are kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sync.storable import storable

if TYPE_CHECKING:
    from sources.position import Cursor


def write_changed(changed: Cursor | None) -> str | None:
    """Return the text form: ``t`` and a UTC time, ``i`` and an integer, or ``s`` and text."""
    if changed is None:
        return None
    if isinstance(changed, datetime):
        return "t" + _in_utc(changed).isoformat()
    return f"i{changed}" if isinstance(changed, int) else f"s{storable(changed)}"


def changed_text(changed: Cursor | None) -> str | None:
    """Return the same for people, without the mark of its kind; None for none."""
    return (write_changed(changed) or " ")[1:] or None


def _in_utc(changed: datetime) -> datetime:
    try:
        return changed.astimezone(UTC)
    except OverflowError:  # the first or the last day that there is: it stays in its own zone
        return changed


def read_changed(text: str | None) -> Cursor | None:
    """Read back what `write_changed` wrote."""
    if text is None:
        return None
    kind, value = text[0], text[1:]
    if kind == "t":
        return datetime.fromisoformat(value)
    return int(value) if kind == "i" else value


def is_older(changed: Cursor | None, known: Cursor | None) -> bool:
    """Tell whether a change time is certainly older than the one known; unlike types can't tell.

    A database may sort text otherwise than Python does, so text is older only if it is in any case.
    """
    if changed is None or known is None or type(changed) is not type(known):
        return False
    if isinstance(changed, str) and isinstance(known, str):
        return changed < known and changed.casefold() < known.casefold()
    return changed < known  # type: ignore[operator]


def newest(changed: Cursor | None, known: Cursor | None) -> Cursor | None:
    """Return the newer of two change times: the first, unless it is certainly the older one."""
    return known if changed is None or is_older(changed, known) else changed
