"""What delivery to an endpoint does at the moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Delivery that has anything in the air notes that every second; one that is not heard of for so long, in
#: seconds, is suspended, or its machine is.
_SILENT = 60.0


@dataclass(frozen=True, slots=True)
class Working:
    """What the process that delivers noted last. Times are seconds since the epoch."""

    #: So many requests may be in the air at once, as far as has been found.
    window: int
    #: So many the user allows.
    max_in_flight: int
    in_flight: int
    #: Leads accepted a second, of late.
    rate: float
    #: When it is tried whether the endpoint is back; None while it is up.
    next_try: float | None
    at: float

    def is_silent(self, now: float) -> bool:
        """Whether it should have noted more since."""
        return self.in_flight > 0 and now - self.at > _SILENT


def read_working(said: Mapping[str, Any] | None) -> Working | None:
    """Return what was noted, None for nothing, or for what another version wrote."""
    try:
        return Working(**said) if said else None
    except TypeError:
        return None
