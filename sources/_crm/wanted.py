"""Which of a vendor's fields to ask for: those that the mapping reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

#: Where a way into a field goes on.
_INNER: Final = re.compile(r"[.\[]")


def wanted(
    reads: frozenset[str] | None, *, always: Iterable[str] = (), never: Collection[str] = ()
) -> list[str] | None:
    """Return the names of the fields to ask for, sorted; None when all are needed.

    Args:
        reads: `PollRequest.fields`.
        always: what the adapter itself cannot do without: the id, the time of the change.
        never: names that are made by the adapter and unknown to the vendor.

    """
    if reads is None:
        return None
    return sorted({*always, *reads} - set(never))


def without_ways(reads: frozenset[str] | None) -> frozenset[str] | None:
    """Return the names without ways into fields that are read as well: `emails` of `emails.0.address` too.

    For vendors that give a field as a whole and refuse a name that they do not know.
    """
    return reads and frozenset(name for name in reads if not _leads_below(name, reads))


def has_ways(reads: frozenset[str] | None) -> bool:
    """Tell whether some name may be a way into a field, or the name of one with a dot in it."""
    return any(_INNER.search(name) for name in reads or ())


def _leads_below(name: str, reads: frozenset[str]) -> bool:
    top = _INNER.split(name, maxsplit=1)[0]
    return top != name and top in reads
