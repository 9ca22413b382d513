"""A file that came from elsewhere, kept while it is read where no directory lists it."""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

from sources.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: A larger file is refused; no spreadsheet program makes one of this size.
MOST_BYTES = 2 << 30
_DIGEST_BYTES = 16


class Copy:
    """A nameless temporary file that is being filled, so that a kill leaves nobody's data behind.

    Args:
        name: what messages call the file that it is a copy of.
        cache: where it may be kept; where the system keeps such files, by default.

    Raises:
        Unavailable: when there is no room for it.

    """

    def __init__(self, name: str, cache: Path | None) -> None:
        self._name = name
        self._size = 0
        self._digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
        with _room(name):
            place = cache if cache is not None and cache.is_dir() else None
            self.handle = cast("BinaryIO", tempfile.TemporaryFile(dir=place))  # noqa: SIM115 - closed by who asked

    @property
    def digest(self) -> str:
        """The digest of its bytes."""
        return self._digest.hexdigest()

    def add(self, piece: bytes) -> None:
        """Write one piece more.

        Raises:
            Unavailable: when there is no room for it, or the file is too large.

        """
        self._size += len(piece)
        if self._size > MOST_BYTES:
            raise Unavailable(f"{self._name} is larger than {MOST_BYTES >> 30} GiB, which is not read")
        self._digest.update(piece)
        with _room(self._name):
            self.handle.write(piece)

    def rewind(self) -> None:
        """Go back to its beginning, all of it written.

        Raises:
            Unavailable: when there is no room for its end.

        """
        with _room(self._name):
            self.handle.seek(0)


@contextmanager
def _room(name: str) -> Iterator[None]:
    """Say of a disk that is full, or may not be written to, what it was wanted for."""
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Unavailable(f"{name} cannot be put into a temporary file while it is read: {why}") from None
