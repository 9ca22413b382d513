"""What becomes of a page's items before they are compared: duplicates and items without a key.

Such an item still stands in the ledger, as an invalid entry under a key of our own making, so that
it is visible and counted until the source mends it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sources.base import Record
from sync.changes import is_older
from sync.digest import digest
from sync.seen import SeenKeys, Sighting

if TYPE_CHECKING:
    from sources.base import Page
    from sources.errors import BadRecord
    from sync.compare import Evaluates

#: Keys of our own making begin so; no canonical key does by chance in a source people use.
SYNTHETIC = "~leadrelay:"
#: Beyond so many set-aside items, those that have gone are not looked for: it would take the memory.
_MOST_REMEMBERED = 10_000


@dataclass(slots=True)
class Screened:
    """A page sorted: what to compare, and what can't be a lead of its own."""

    #: Each record with its digest, by key.
    records: dict[str, tuple[Record, bytes]] = field(default_factory=dict)
    #: Why, by the key of an item set aside.
    set_aside: dict[str, tuple[Record, str]] = field(default_factory=dict)
    #: Records met twice with the same content; nothing is to be done about them.
    repeated: int = 0


class Screening:
    """Sorts the pages of one poll. Close it after the poll."""

    def __init__(self, mapping: Evaluates) -> None:
        self._mapping = mapping
        self._seen = SeenKeys()
        #: Keys of the items set aside in this poll; None when they became too many to remember.
        self.set_aside: set[str] | None = set()

    def close(self) -> None:
        """Give back what it holds."""
        self._seen.close()

    def sort(self, page: Page) -> Screened:
        """Sort a page's records and bad items."""
        screened = Screened()
        earlier = self._seen.before([record.key for record in page.records])
        ordered = page.position is not None and page.position.at is not None
        for record in page.records:
            sighting = Sighting(record.key, self._mapping.record_digest(record), record.changed, record.where)
            first = earlier.get(record.key)
            if first is None:
                earlier[record.key] = sighting
                screened.records[record.key] = record, sighting.digest
            elif ordered and is_older(first.changed, record.changed):
                screened.records[record.key] = record, sighting.digest  # it changed while it was being read
            elif ordered and first.digest == sighting.digest:
                screened.repeated += 1
            else:
                self._duplicate(screened, record, first)
        self._seen.add([s for key, s in earlier.items() if key in screened.records])
        for bad in page.bad:
            self._keyless(screened, bad)
        return screened

    def _duplicate(self, screened: Screened, record: Record, first: Sighting) -> None:
        there = f" as {first.where}" if first.where else " as an earlier record"
        here = f"{record.where} has" if record.where else "this record has"
        self._put_aside(
            screened, record, f"duplicate:{record.key}:{record.where}", f"{here} the same key{there}"
        )

    def _keyless(self, screened: Screened, bad: BadRecord) -> None:
        content = digest([bad.where] if not bad.fields else [bad.fields]).hex()
        record = Record("", bad.fields, None, bad.where)
        self._put_aside(screened, record, f"no key:{content}", str(bad))

    def _put_aside(self, screened: Screened, record: Record, name: str, reason: str) -> None:
        key = SYNTHETIC + name
        screened.set_aside[key] = (replace(record, key=key), reason)
        if self.set_aside is not None:
            self.set_aside.add(key)
            if len(self.set_aside) > _MOST_REMEMBERED:
                self.set_aside = None
