"""A mark beside the state store that says how far sending has come.

A store that knows of fewer claims than its mark was restored from a backup: what was sent since is not
in it. The mark is a few bytes in a file of its own, written after the commit that it speaks of, without
waiting for the disk: it may lag behind the store, never the other way round.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Seconds between two writes of a mark.
_PATIENCE = 0.25


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark says."""

    #: The store that it speaks of.
    store: str
    #: How many claims that store knew of.
    reached: int


def store_id(digest_key: bytes) -> str:
    """Return what tells one store from another, and nothing else."""
    return hashlib.blake2b(digest_key, digest_size=8, person=b"mark").hexdigest()


class MarkFile:
    """The file of a mark.

    Args:
        path: where it is. What can't be read or written there is not there.
        store: the store at hand.
        clock: seconds.

    """

    def __init__(self, path: Path, store: str, clock: Callable[[], float]) -> None:
        self._path = path
        self._clock = clock
        self.store = store
        self._reached = 0
        self._written = 0
        self._written_at = float("-inf")

    def read(self) -> Mark | None:
        """Return what it says; None when it is not there or says nothing."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            found = orjson.loads(self._path.read_bytes())
            return Mark(str(found["store"]), int(found["reached"]))
        return None

    def reached(self, claims: int) -> None:
        """Note how many claims the store knows of; it is written now and then."""
        self._reached = max(self._reached, claims)
        if self._clock() - self._written_at >= _PATIENCE:
            self.write()

    def write(self) -> None:
        """Write what was noted, if that is news."""
        if self._reached > self._written:
            self.put(self._reached)

    def put(self, claims: int) -> None:
        """Write that the store at hand knows of so many claims, whatever stood there."""
        self._reached = self._written = claims
        self._written_at = self._clock()
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with suppress(OSError):
            self._path.parent.mkdir(exist_ok=True)
            beside.write_bytes(orjson.dumps({"store": self.store, "reached": claims}))
            beside.replace(self._path)
