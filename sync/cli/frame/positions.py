"""Positions as people read them: times and numbers, never a key."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sync.cli.frame.times import clock, span

if TYPE_CHECKING:
    from sources.position import Position


def readable(position: Position | None, written_at: float | None, lag: float | None) -> str:
    """Return where a source has been read to.

    Args:
        position: the stored one.
        written_at: when it was stored, in seconds since the epoch; None: never.
        lag: seconds from the position's own time to now, where it has one.

    """
    if written_at is None:
        return "none yet"
    if position is None:
        return "from the beginning"
    if isinstance(position.at, datetime):
        behind = f" ({span(lag)} ago)" if lag is not None else ""
        return f"all changes up to {clock(position.at)}{behind}"
    if position.at is not None:
        return f"all changes up to {position.at}, at {clock(written_at)}"
    return f"all that was there, at {clock(written_at)}"
