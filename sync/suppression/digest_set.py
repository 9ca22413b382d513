"""A set of digests in eight bytes each."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Of a keyed digest's sixteen bytes. With a million entries, one lead in 18 million millions would be
#: taken for one of them by accident.
_SIZE = 8


class DigestSet:
    """Digests, asked for but never listed; they are kept sorted, in one piece of memory."""

    def __init__(self, digests: Iterable[bytes]) -> None:
        unsorted = array("Q", map(_short, digests))
        self._values = array("Q", sorted(unsorted))

    def __contains__(self, digest: bytes) -> bool:
        """Tell whether a digest is one of them."""
        value = _short(digest)
        at = bisect_left(self._values, value)
        return at < len(self._values) and self._values[at] == value

    def __len__(self) -> int:
        """Return how many were given; what was given twice counts twice."""
        return len(self._values)


def _short(digest: bytes) -> int:
    return int.from_bytes(digest[:_SIZE])
