"""What becomes of a page's items before they are compared: duplicates, and items without a usable key.

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
from sync.storable import storable

if TYPE_CHECKING:
    from sources.base import Page
    from sources.errors import BadRecord
    from sync.compare import Evaluates

#: Keys of our own making begin so; no canonical key does by chance in a source people use.
SYNTHETIC = "~leadrelay:"
_BAD = "unread:"
#: Beyond so many set-aside items, those that have gone are not looked for: it would take the memory.
_MOST_REMEMBERED = 10_000
#: Bytes of the longest key: PostgreSQL's index takes 2,700 with the names of endpoint and source.
_LONGEST_KEY = 1_024
#: Characters of a place that are kept where it is part of a key.
_LONGEST_PLACE = 200


@dataclass(frozen=True, slots=True)
class SetAside:
    """An item that can't be a lead of its own."""

    #: Under a key of our own making.
    record: Record
    #: Of all it holds, whatever the mapping.
    digest: bytes
    reason: str


@dataclass(slots=True)
class Screened:
    """A page sorted: what to compare, and what can't be a lead of its own."""

    #: Each record with its digest, by key.
    records: dict[str, tuple[Record, bytes]] = field(default_factory=dict)
    #: Items set aside, by their keys.
    set_aside: dict[str, SetAside] = field(default_factory=dict)
    #: Keys that were met on an earlier page: their records have changed since that was read.
    again: set[str] = field(default_factory=set)
    #: Records met twice with the same content; nothing is to be done about them.
    repeated: int = 0


class Screening:
    """Sorts the pages of one poll. Close it after the poll.

    Args:
        mapping: what reads the records.
        by_change: whether the source is asked for what changed, and may so give a record again that was
            changed meanwhile, also on a page that carries no position.

    """

    def __init__(self, mapping: Evaluates, *, by_change: bool = False) -> None:
        self._mapping = mapping
        self._by_change = by_change
        self._seen = SeenKeys()
        #: Keys of the items set aside in this poll; None when they became too many to remember.
        self.set_aside: set[str] | None = set()

    def close(self) -> None:
        """Give back what it holds."""
        self._seen.close()

    def sort(self, page: Page) -> Screened:
        """Sort a page's records and bad items.

        Raises:
            Unavailable: when the temporary file of the keys can't be used.

        """
        screened = Screened()
        sightings = self._sightings(screened, page)
        firsts = {sighting.key: sighting for _, sighting in reversed(sightings)}
        earlier = self._seen.meet(list(firsts.values()))
        for record, sighting in sightings:
            ordered = self._is_ordered(page, record)
            first = earlier.get(record.key, firsts[record.key])
            # What was met on an earlier page may have changed while the source was being read.
            moved_on = ordered and record.key in earlier and is_older(first.changed, record.changed)
            if first is sighting or (moved_on and record.key not in screened.records):
                screened.records[record.key] = record, sighting.digest
                if moved_on:
                    screened.again.add(record.key)
            elif ordered and first.digest == sighting.digest:
                screened.repeated += 1
            else:
                self._duplicate(screened, record, first)
        for bad in page.bad:
            self._unread(screened, bad)
        return screened

    def _is_ordered(self, page: Page, record: Record) -> bool:
        """Tell whether a record may come again as one that was changed since it was read."""
        if page.position is None:
            return self._by_change and record.changed is not None
        return page.position.at is not None

    def _sightings(self, screened: Screened, page: Page) -> list[tuple[Record, Sighting]]:
        found: list[tuple[Record, Sighting]] = []
        for record in page.records:
            reason = _unusable(record.key)
            mark = None if reason else _digest_of(record, self._mapping)
            if mark is None:
                self._put_aside(screened, record, _nameless(record), reason or "it is nested too deeply")
            else:
                found.append((record, Sighting(record.key, mark, record.changed, storable(record.where))))
        return found

    def _duplicate(self, screened: Screened, record: Record, first: Sighting) -> None:
        there = f" as {first.where}" if first.where else " as an earlier record"
        here = f"{record.where} has" if record.where else "this record has"
        name = f"duplicate:{record.key}:{record.where[:_LONGEST_PLACE]}"
        self._put_aside(screened, record, name, f"{here} the same key{there}")

    def _unread(self, screened: Screened, bad: BadRecord) -> None:
        record = Record("", bad.fields, None, bad.where)
        usable = bad.key is not None and _unusable(bad.key) is None
        self._put_aside(screened, record, f"{_BAD}{bad.key}" if usable else _nameless(record), str(bad))

    def _put_aside(self, screened: Screened, record: Record, name: str, reason: str) -> None:
        key = storable(SYNTHETIC + name)
        screened.set_aside[key] = SetAside(replace(record, key=key), _content(record), reason)
        if self.set_aside is not None:
            self.set_aside.add(key)
            if len(self.set_aside) > _MOST_REMEMBERED:
                self.set_aside = None


def key_of_unread(key: str) -> str | None:
    """Return the source's own key of an item that could not be read, None for any other key."""
    prefix = SYNTHETIC + _BAD
    return key.removeprefix(prefix) if key.startswith(prefix) else None


def _unusable(key: str) -> str | None:
    """Return why a key can't be kept."""
    if not key:
        return "it has no key"
    if storable(key) != key:
        return "its key holds characters that are no text"
    size = len(key) if key.isascii() else len(key.encode())
    if size > _LONGEST_KEY:
        return f"its key is {size:,} bytes long; the longest that can be kept has {_LONGEST_KEY:,}"
    return None


def _digest_of(record: Record, mapping: Evaluates) -> bytes | None:
    """Digest what the mapping reads of a record; None for one that is nested beyond all reason."""
    try:
        return mapping.record_digest(record)
    except RecursionError:
        return None


def _nameless(record: Record) -> str:
    return f"no key:{_content(record).hex()}"


def _content(record: Record) -> bytes:
    try:
        return digest([record.fields] if record.fields else [record.where])
    except (RecursionError, ValueError):  # nested, or a number, beyond all reason
        return digest([record.where])
