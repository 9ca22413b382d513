"""Guards over whole reads: keys that are places shift when a row goes, and a list may come cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.compare import Kind
from sync.digest import CURRENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.compare import Decision, Evaluates, Rules
    from sync.ledger import Ledger

MOVED = "rows have moved: `key: row` is for a sheet that only grows at the end"
GONE = "rows have gone: `key: row` is for a sheet that only grows at the end"
#: Fewer records than these may come and go as they like.
_MANY = 20

#: Contents that were overwritten and are remembered: rows don't move further than that unnoticed.
_MOST_REMEMBERED = 10_000


def is_many(records: int | None) -> bool:
    """Tell whether a whole read had so many records that another one without most of them is suspicious."""
    return records is not None and records >= _MANY


def shrunk(read: int, before: int) -> str | None:
    """Return why a whole read is suspicious beside the one before; None when it is not.

    Args:
        read: its records.
        before: those of the whole read before.

    """
    if not is_many(before) or read * 2 >= before:
        return None
    return (
        f"{read:,} records were read where the last whole read had {before:,}: was an export cut off, or is "
        "it another sheet, or a filter?"
    )


class PlacesGuard:
    """Tells, page after page of one run, whether rows have moved."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        #: What stood, before this run, under keys that it has staged with something else.
        self._overwritten: dict[bytes, None] = {}

    async def have_moved(self, decisions: Sequence[Decision], rules: Rules) -> bool:
        """Tell whether something that stood under one key now stands under another.

        Raises:
            StoreError: when the ledger can't be used.

        """
        contents = _changed_contents(decisions, rules)
        moved = not contents.isdisjoint(self._overwritten) or (
            bool(contents) and await self._ledger.content_is_known(contents)
        )
        self._remember(decisions)
        return moved

    def _remember(self, decisions: Sequence[Decision]) -> None:
        gone = (d.known.record_digest for d in _changed(decisions) if d.known)
        self._overwritten.update((digest, None) for digest in gone if digest)
        for digest in list(self._overwritten)[:-_MOST_REMEMBERED]:
            del self._overwritten[digest]


def _changed(decisions: Sequence[Decision]) -> list[Decision]:
    return [d for d in decisions if d.known and d.digest and d.kind is not Kind.REBASE]


def _changed_contents(decisions: Sequence[Decision], rules: Rules) -> set[bytes]:
    """Return the digests of what stands now under keys that held something else.

    They are made by each mapping that the ledger's digests may be by: rows may move and the mapping be
    edited between the same two polls.
    """
    changed = _changed(decisions)
    if not changed:
        return set()
    made_by = {(d.known.mapping, d.known.encoding) for d in decisions if d.known}
    digests = {d.digest for d in changed if d.digest}
    for hash_, encoding in made_by - {(rules.mapping.hash, CURRENT)}:
        mapping = rules.mapping if hash_ == rules.mapping.hash else rules.older(hash_)
        if mapping is not None:
            digests |= _by(mapping, changed, encoding)
    return digests


def _by(mapping: Evaluates, decisions: Sequence[Decision], encoding: int) -> set[bytes]:
    try:
        return {mapping.record_digest(d.record, encoding) for d in decisions}
    except KeyError:  # an encoding this program does not know
        return set()
