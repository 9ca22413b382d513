"""Files in an object store or on a server: which a path or a glob means, each fetched when it is read.

A file is fetched whole before its first row is read, into a nameless temporary file, and held to the state
that it was found in. So one file at a time is on the disk, and none in memory.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from sources._files.matching import pattern_of
from sources._files.store import NotThere
from sources._files.temporary import Copy
from sources._sheets.temporary_names import temporary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sources._files.matching import Pattern
    from sources._files.place import Place
    from sources._files.store import Entry, FileStore


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it stood when it was found; reading another state of it is refused."""

    #: What messages call it, and row keys where several files make one source.
    name: str
    entry: Entry
    store: FileStore
    #: Where a copy may be kept while it is read.
    cache: Path | None

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Fetch it, and open the copy for reading.

        Raises:
            SourceError: as `FileStore.pieces`; Unavailable too when there is no room for a copy.

        """
        copy = Copy(self.name, self.cache)
        with copy.handle as handle:
            self._fill(copy)
            yield handle

    def verify(self, handle: BinaryIO) -> None:
        """Do nothing: the copy is of one state, and nobody else can write to it."""

    def _fill(self, copy: Copy) -> None:
        with closing(self.store.pieces(self.entry)) as pieces:
            for piece in pieces:
                copy.add(piece)
        copy.rewind()


def find_stored(place: Place, store: FileStore, cache: Path | None) -> tuple[list[StoredFile], bool]:
    """Return the files that a path or a glob means, by name, and whether it was a glob.

    Raises:
        NotThere: when there is none.
        SourceError: when they can't be looked at.

    """
    pattern = pattern_of(place.path)
    if pattern is None:
        return [_alone(store.entry(place.path), store, cache)], False
    return _matching(place, pattern, store, cache)


def _matching(
    place: Place, pattern: Pattern, store: FileStore, cache: Path | None
) -> tuple[list[StoredFile], bool]:
    files: list[StoredFile] = []
    for entry in store.entries(pattern.prefix, deep=pattern.deep):
        if entry.path == place.path:  # "leads [1].csv" is a file when it exists
            return [_alone(entry, store, cache)], False
        if _is_file(entry) and pattern.matches(entry.path):
            files.append(StoredFile(entry.path[len(pattern.base) :], entry, store, cache))
    if not files:
        raise NotThere(f"no file matches {place.scheme}://{place.shown}/{place.path}")
    return sorted(files, key=lambda file: file.name), True


def _alone(entry: Entry, store: FileStore, cache: Path | None) -> StoredFile:
    """Return the one file that a source has, called by its name without the directories before it."""
    return StoredFile(_name_of(entry), entry, store, cache)


def _is_file(entry: Entry) -> bool:
    """Tell a file from what consoles put in the place of a directory, and from what is half uploaded."""
    return not entry.path.endswith("/") and not temporary(_name_of(entry))


def _name_of(entry: Entry) -> str:
    return entry.path.rpartition("/")[2]
