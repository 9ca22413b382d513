"""A table of leads that changes between the syncs: new rows, new versions, ties, rows that commit late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lead_rows import LeadTable, at, lead

if TYPE_CHECKING:
    import random

#: Seconds between two rounds of changes; the look-back of ten minutes holds several.
_ROUND = 30
#: How far back in time a row that commits late stands.
_LATE = 60


class ChangingTable:
    """The table, and what its newest versions are.

    Args:
        url: of the database to make it in.
        draws: what decides the changes.

    """

    def __init__(self, url: str, draws: random.Random) -> None:
        self._table = LeadTable(url)
        self._draws = draws
        self._now = 1000
        self._changed: dict[int, int] = {}
        #: The newest version of each lead, by its id.
        self.newest: dict[str, int] = {}

    def grow(self, count: int) -> None:
        """Add so many rows; some of them have been written earlier and are committed only now."""
        self._now += _ROUND
        first = len(self.newest) + 1
        rows = []
        for number in range(first, first + count):
            late = self._draws.random() < 0.2
            moment = self._now - (self._draws.randrange(_LATE) if late else self._draws.randrange(3))
            self._changed[number] = moment
            self.newest[str(number)] = 1
            rows.append(lead(number, plan="1", updated_at=at(moment)))
        self._table.insert(*rows)

    def change(self, count: int) -> None:
        """Give so many rows, some of them twice, a new version; several of them in the same second."""
        self._now += _ROUND
        known = [int(identity) for identity in self.newest]
        for number in self._draws.choices(known, k=count):
            version = self.newest[str(number)] + 1
            moment = max(self._now + self._draws.randrange(3), self._changed[number] + 1)
            self._table.update(number, plan=str(version), updated_at=at(moment))
            self._changed[number] = moment
            self.newest[str(number)] = version

    def close(self) -> None:
        """Let the database go."""
        self._table.close()
