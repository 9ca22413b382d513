"""What the proxy has seen of each lead, against what the program says came of its requests.

An outcome is unknown where no clear answer came back. To say so of a clear answer would be convenient: the
lead may then be repeated, or need not be there. So every clear answer has to be found again, lead by lead.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sync.endpoints.base import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.torture.good_endpoint import Sent

#: Seconds between two looks at the clock, and how much later than that one may come.
_LOOK, _LATE = 0.02, 0.05
_TAKEN = 200


class Told(NamedTuple):
    """One request by the program's own books."""

    key: str
    outcome: str
    status: int | None


@dataclass
class Seen:
    """What was done to requests whose lead is known."""

    #: Answers that leave nothing open, by lead and status.
    clear: Counter[tuple[str, int]] = field(default_factory=Counter)
    #: Requests after which unknown is right, by lead.
    unclear: Counter[str] = field(default_factory=Counter)
    #: Those of them that the endpoint has taken.
    arrived: Counter[Sent] = field(default_factory=Counter)
    #: Connections that were broken, closed or refused without a look at what came: a request each at most.
    unread: int = 0

    def wrongly_unknown(self, told: Iterable[Told], excused: int = 0) -> list[str]:
        """Return a sentence for each lead of which a clear answer is not in the books.

        Args:
            told: the books.
            excused: so many that the machine was too slow for, in all.

        """
        told = list(told)
        answered = Counter(
            (each.key, each.status) for each in told if each.status and each.outcome != Outcome.UNKNOWN
        )
        missing = self.clear - answered
        # On a slow machine an answer is late, and a late one has no status; a 200 may have been cut short.
        heard = Counter(
            (each.key, each.status) for each in told if each.status and each.outcome == Outcome.UNKNOWN
        )
        misread = any(status != _TAKEN for _key, status in missing & heard)
        unknown = Counter(each.key for each in told if each.outcome == Outcome.UNKNOWN) - self.unclear
        broken = []
        if misread or missing.total() > excused:
            broken += [
                f"P8: lead {key} was answered {status}, and that was not noticed" for key, status in missing
            ]
        if unknown.total() > self.unread + excused:
            broken.append(f"P8: {unknown.total()} are unknown, after {self.unread} that nobody could read")
        return broken


class Stalls:
    """Watches for times in which the machine did not let this process work."""

    def __init__(self) -> None:
        self.count = 0

    async def watch(self) -> None:
        """Look until it is cancelled."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(_LOOK)
            self.count += time.monotonic() - before > _LOOK + _LATE
