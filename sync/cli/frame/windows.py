"""Spans of time as they are typed: ``--since 2026-01-01 --until 2026-02-01T12:00``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sync.cli.frame.failures import Refused

if TYPE_CHECKING:
    from datetime import tzinfo

    from sources.base import Window


def window_of(since: str | None, until: str | None, zone: tzinfo) -> Window:
    """Return the half-open span; a time without an offset is in the source's zone, a day begins at midnight.

    Raises:
        Refused: for what is no time, and for a span that ends before it begins.

    """
    from sources.base import Window

    begin, end = _moment("--since", since, zone), _moment("--until", until, zone)
    if begin and end and begin >= end:
        raise Refused("--until must be later than --since; it is itself not part of the span")
    return Window(begin, end)


def _moment(option: str, text: str | None, zone: tzinfo) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused(f"{option}: expected a date or a time as in 2026-01-31 or 2026-01-31T08:30") from error
    return found if found.tzinfo else found.replace(tzinfo=zone)
