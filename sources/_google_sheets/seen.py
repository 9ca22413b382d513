"""Which state of a sheet was read: the token of its position."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sources.position import Position

if TYPE_CHECKING:
    from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read, by which rules."""

    #: Digest of what decides what a row means: see `Plan.digest`.
    rules: str
    #: What Google Drive said before the sheet was read; None when it says nothing.
    edition: str | None = None
    #: With an edition: when it was read, in ISO form.
    at: str | None = None
    #: Without one: a digest of the cells.
    content: str | None = None

    @classmethod
    def edited(cls, rules: str, edition: str, now: datetime) -> Seen:
        """Return the state of a sheet that Drive tells us about."""
        return cls(rules, edition, at=now.astimezone(UTC).isoformat(timespec="seconds"))

    def still_holds(self, rules: str, edition: str | None, until: timedelta, now: datetime) -> bool:
        """Tell whether nothing was edited since, and not so much time has passed that it is read anyway."""
        if edition is None or self.at is None or (self.rules, self.edition) != (rules, edition):
            return False
        passed = now - datetime.fromisoformat(self.at)
        return passed.total_seconds() >= 0 and passed < until

    def position(self) -> Position:
        """Return this as a position."""
        return Position(token=json.dumps({name: value for name, value in asdict(self).items() if value}))

    @classmethod
    def of(cls, position: Position | None) -> Seen | None:
        """Return what a position says, or None when it says nothing that this version understands."""
        try:
            found = json.loads(position.token or "") if position else None
            seen = cls(**found) if isinstance(found, dict) else None
            if seen is not None and seen.at is not None:
                datetime.fromisoformat(seen.at)
        except (ValueError, TypeError):
            return None
        return seen
