"""A list in a text file: one phone or e-mail a line, or in any of the columns of a csv file."""

from __future__ import annotations

import io
import re
import time
from typing import TYPE_CHECKING, TypeAlias

from sources._sheets.encodings import encoding_of
from sources.errors import BadConfig, Denied, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Revision: TypeAlias = tuple[int, int, int]

#: For so many seconds a file must have been left alone before it is read: half of a list is worse than none.
_STILL_SECONDS = 0.5
_ATTEMPTS = 5
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
#: What stands between columns. Neither a phone nor an e-mail has one of these in it.
_BETWEEN = re.compile(r"[,;\t|]")
_QUOTES = " \t\"'"


class File:
    """A file, read as a whole.

    Args:
        path: where it is.
        shown: how messages name it.

    """

    #: Seconds between two looks whether it has changed.
    look_every = 1.0
    retry_every = 1.0

    def __init__(self, path: Path, shown: str) -> None:
        self._path = path
        self.shown = shown

    def revision(self) -> Revision:
        """Return what changes when the file does.

        Raises:
            SourceError: when it is not there, or may not be looked at.

        """
        try:
            found = self._path.stat()
        except FileNotFoundError:
            raise BadConfig(f"there is no such file (looked in {self._path.parent})", "suppress") from None
        except OSError as error:
            raise Denied(f"{error.strerror}") from None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def settle(self) -> Revision:
        """Wait until it is left alone, and return its revision then.

        Raises:
            SourceError: when it can't be looked at, or goes on being written.

        """
        for _ in range(_ATTEMPTS):
            before = self.revision()
            age = time.time() - before[0] / 1e9
            if not 0 <= age < _STILL_SECONDS:  # a time from a clock ahead of ours says nothing
                return before
            time.sleep(_STILL_SECONDS - age)
        raise Unavailable("it is being written")

    def rows(self) -> Iterator[list[str]]:
        """Yield every line in its columns.

        Raises:
            SourceError: when it can't be read.

        """
        try:
            with self._path.open("rb") as handle:
                if handle.read(4) in _WORKBOOKS:
                    raise BadConfig("it is a workbook; save the list as csv", "suppress")
                encoding = encoding_of(handle, self._path.name, None)
                with io.TextIOWrapper(handle, encoding=encoding.name) as lines:
                    for line in lines:
                        yield [cell.strip(_QUOTES) for cell in _BETWEEN.split(line.rstrip("\r\n"))]
        except OSError as error:
            raise Denied(f"{error.strerror}") from None
