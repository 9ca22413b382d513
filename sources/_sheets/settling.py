"""A text file without a line end after its last row may be one that is still being written.

Every row that ends with a line end was written whole. A last row without one may be cut anywhere, even
in the middle of a phone number, and looks like any other; so a file like that must have stood still for a
moment before it is read. Programs that end the last row, as nearly all do, never make anybody wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources._files.whole_rows import open_ended

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sources._sheets.files import LocalFile

#: For so many seconds such a file must have been left alone.
_STILL = 1.0
_TAIL = 4


def seconds_to_wait(files: Sequence[LocalFile], now: datetime) -> float:
    """Return for how long to wait before these files are read. Reading tells if one changed meanwhile.

    Raises:
        SourceError: when one can't be opened.

    """
    return max((_wait(file, now) for file in files), default=0.0)


def _wait(file: LocalFile, now: datetime) -> float:
    age = now.timestamp() - file.stamp.modified / 1e9
    # A time from a server whose clock is ahead of ours says nothing.
    return _STILL - age if 0 <= age < _STILL and _open_ended(file) else 0.0


def _open_ended(file: LocalFile) -> bool:
    with file.open() as handle:
        start = handle.read(_TAIL)
        handle.seek(max(0, file.stamp.size - _TAIL))
        return open_ended(start, handle.read())
