"""Which of a vendor's fields to ask for: those that the mapping reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


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
