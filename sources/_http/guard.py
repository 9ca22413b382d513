"""Noticing that pages will never end."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from sources._http.jsontext import stable_bytes
from sources.errors import BadConfig, Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

#: More pages than any poll has reason to read. An account of many millions, in pages of ten, has fewer.
MAX_PAGES: Final = 1_000_000
#: Empty pages in a row, each with a next one. A system that filters after it pages gives some.
MAX_EMPTY: Final = 100
_DIGEST_BYTES: Final = 16


class LoopGuard:
    """Notices a sequence that has begun to repeat, in constant memory.

    It remembers the mark before this one, and one anchor that moves up at every power of two
    (Brent's algorithm), so a cycle of any length is noticed within three times round.
    """

    def __init__(self) -> None:
        self._count = 0
        self._anchor: bytes | None = None
        self._previous: bytes | None = None

    def repeats(self, mark: bytes) -> bool:
        """Take the next mark, and tell whether it has been here before."""
        known = mark in (self._previous, self._anchor)
        self._previous = mark
        self._count += 1
        if self._count & (self._count - 1) == 0:
            self._anchor = mark
        return known


class PageGuard:
    """Ends a read of pages that would have no end, in constant memory.

    What gives such a read away is a request that was made before, a page that holds what one before it
    did, or many empty pages in a row. Against a system that makes up something new for ever, only the number
    of pages helps; so it is high, and no account reaches it.

    Args:
        pages: an error beyond so many.
        empty: an error beyond so many empty ones in a row.
        setting: the setting that `pages` is from, if it is an operator's choice.

    """

    def __init__(self, pages: int = MAX_PAGES, empty: int = MAX_EMPTY, setting: str | None = None) -> None:
        self._most = pages
        self._most_empty = empty
        self._setting = setting
        self._requests = LoopGuard()
        self._contents = LoopGuard()
        self._count = 0
        self._empty = 0

    def ask(self, mark: bytes, where: str) -> None:
        """Take what tells the next request from others: its cursor, or its digest.

        Args:
            mark: that.
            where: the address, for the message.

        Raises:
            Unavailable: when it was asked for before.

        """
        if self._requests.repeats(mark):
            raise Unavailable(f"{where}: it leads to a page that was read already; stopped there")

    def count(self, where: str) -> None:
        """Take note that one more page is about to be read.

        Raises:
            Unavailable: when it is one too many.
            BadConfig: the same, where a setting says how many.

        """
        self._count += 1
        if self._count <= self._most:
            return
        said = f"{where}: still more after {self._most:,} pages; stopped there"
        raise BadConfig(said, self._setting) if self._setting else Unavailable(said)

    def take(self, items: Sequence[Any], where: str) -> None:
        """Take what a page holds, as JSON-like values.

        Raises:
            Unavailable: when a page before it held just the same, or this is one empty page too many.

        """
        self._empty = 0 if items else self._empty + 1
        if self._empty > self._most_empty:
            raise Unavailable(f"{where}: {self._most_empty} empty pages in a row, each with a next one")
        if items and self._contents.repeats(_digest(items)):
            raise Unavailable(f"{where}: it gives the same page again; stopped there")


def _digest(items: Sequence[Any]) -> bytes:
    return hashlib.blake2b(stable_bytes(list(items)), digest_size=_DIGEST_BYTES).digest()
