"""What a place that keeps files must be able to do, so that a source can read from it.

A store is found by the scheme of a URL (see `schemes`). All of it blocks: it is used in a thread, by one
thread at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sources.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator


@dataclass(frozen=True, slots=True)
class Entry:
    """One file, as it stood when it was listed."""

    #: Where it is, as the store spells it: what `FileStore.entry` takes.
    path: str
    #: Bytes.
    size: int
    #: Changes whenever the content may have.
    revision: str
    #: By what the store holds a read to this state of the file; None where `revision` is enough.
    tag: str | None = None


class FileStore(Protocol):
    """A bucket, a container or a server that files are read from."""

    def entries(self, prefix: str, *, deep: bool) -> Iterator[Entry]:
        """Yield the files whose path begins with a prefix, in any order; none is no error.

        Args:
            prefix: text, not a directory: ``exports/le`` means ``exports/leads.csv`` too.
            deep: whether files below the next ``/`` after the prefix are meant too.

        Raises:
            SourceError: when they can't be listed.

        """
        ...

    def entry(self, path: str) -> Entry:
        """Return one file as it stands now.

        Raises:
            NotThere: when there is no such file.
            SourceError: when it can't be looked at.

        """
        ...

    def pieces(self, entry: Entry) -> Generator[bytes]:
        """Yield the content of a file in pieces, all of it of the state that the entry tells of.

        Who does not read it to its end closes it, before the store is asked for anything else.

        Raises:
            Unavailable: when it is not in that state any more (see `changed`), or is gone.
            SourceError: when it can't be read to its end.

        """
        ...

    def close(self) -> None:
        """Give connections back. The store is not used afterwards; closing twice is no error."""
        ...


class NotThere(Unavailable):
    """No file answers to the path. A poll waits for it; a check says that the setting is wrong."""


def changed(name: str) -> Unavailable:
    """Return the error for a file that is not what it was when it was found."""
    return Unavailable(f"{name} changed while it was being read; it will be read again at the next poll")


def endless(name: str) -> Unavailable:
    """Return the error for a listing that leads back to a part of it which was read already."""
    return Unavailable(f"{name}: the same part of the listing came again and again")
