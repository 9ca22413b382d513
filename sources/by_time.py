"""Helpers for adapters of systems that can be asked for what changed since a time. You call them.

since, until = bounds(request)
records, bad = records_from(answer.data["leads"], self._record)
position = position_after(records, answer.server_time or clock.now())
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sources.errors import BadRecord
from sources.keys import canonical_key
from sources.position import Position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import tzinfo

    from sources.base import PollRequest, Record

__all__ = ["bounds", "key_of", "moment", "position_after", "records_from"]

_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)


def bounds(request: PollRequest) -> tuple[datetime | None, datetime | None]:
    """Return since when to ask, inclusive, and until when, exclusive; None: open to that side.

    A poll goes on at its position, and a backfill that was broken off at the later of position and window.
    """
    window = request.window
    starts = (request.position.at if request.position else None, window.since if window else None)
    since = max((at for at in starts if isinstance(at, datetime)), default=None)
    return since, window.until if window else None


def position_after(records: Sequence[Record], present: datetime) -> Position | None:
    """Return the position after records that came oldest change first; None when none tells its time.

    Args:
        records: what has been read.
        present: the system's own clock. A record from beyond it moves the position no further, so that
            one row dated 2099 does not hide all that changes until then.

    """
    times = [record.changed for record in records if isinstance(record.changed, datetime)]
    return Position(at=min(max(times), present)) if times else None


def records_from(
    items: Iterable[Any], record: Callable[[Any], Record]
) -> tuple[list[Record], list[BadRecord]]:
    """Make a record of each item; those of which none can be made come back with the reason.

    Args:
        items: as the system gave them.
        record: makes a record of one; what it misses or can't read it raises as Python does.

    """
    records, bad = [], list[BadRecord]()
    for number, item in enumerate(items, 1):
        try:
            records.append(record(item))
        except BadRecord as error:
            bad.append(error)
        except _UNREADABLE as error:
            bad.append(BadRecord(_reason(error), f"number {number} of its page", _fields(item)))
    return records, bad


def key_of(value: Any) -> str:
    """Return the canonical key, as `sources.keys.canonical_key`, of an item that has to have one.

    Raises:
        ValueError: when it is empty.

    """
    key = canonical_key(value)
    if key is None:
        raise ValueError("its key is empty")
    return key


def moment(text: str, zone: tzinfo) -> datetime:
    """Read a time in ISO 8601.

    Args:
        text: as in ``2026-03-02T15:00:00Z``.
        zone: of a text that carries none: `SourceContext.timezone`.

    Raises:
        ValueError: when it is no time.

    """
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _reason(error: Exception) -> str:
    """Return what is wrong, without what Python says of a value."""
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]}" if error.args else "a field is missing"
    return f"it can't be read: a field is not as expected ({type(error).__name__})"


def _fields(item: Any) -> dict[str, object] | None:
    return dict(item) if isinstance(item, dict) else None
