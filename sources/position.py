"""Where to go on reading: typed, JSON-serialisable, ordered where order is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

Cursor: TypeAlias = datetime | int | str

#: Earlier than any change a source can report; what a look-back is clamped to.
_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a source.

    Sources by position use ``at`` and ``key``; sources read whole, and sources with a
    continuation token of their own, use ``token``.
    """

    #: The cursor's value: an aware datetime, an integer, or text that sorts.
    at: Cursor | None = None
    #: The key, as the source sorts it, of the last record read at ``at``; empty: all of ``at`` again.
    key: tuple[Any, ...] = ()
    #: A revision (size and mtime, ETag) or an opaque continuation token.
    token: str | None = None

    def moved_back(self, by: timedelta) -> Position:
        """Return this position earlier by the look-back; only timestamps can be moved."""
        if not isinstance(self.at, datetime):
            return self
        floor = _EARLIEST + by
        at = self.at - by if self.at > floor else _EARLIEST
        return replace(self, at=at, key=())

    def is_before(self, other: Position) -> bool:
        """Tell whether this is known to be an earlier place than the other."""
        if self.at is None or other.at is None or type(self.at) is not type(other.at):
            return False
        if self.at != other.at:
            return self.at < other.at  # type: ignore[operator]
        try:
            return bool(self.key < other.key)
        except TypeError:
            return False

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-serialisable form that `from_json` reads back equal."""
        found: dict[str, Any] = {}
        if isinstance(self.at, datetime):
            found["time"] = self.at.astimezone(UTC).isoformat()
        elif self.at is not None:
            found["at"] = self.at
        if self.key:
            found["key"] = list(self.key)
        if self.token is not None:
            found["token"] = self.token
        return found

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Position:
        """Read back what `to_json` wrote."""
        at = datetime.fromisoformat(data["time"]) if "time" in data else data.get("at")
        return cls(at=at, key=tuple(data.get("key", ())), token=data.get("token"))
