"""The rows of one reading of a sheet, on disk: a sheet may have ten million cells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sources._files.temporary import Copy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_BLANK: Final = b"[]\n"


class KeptRows:
    """Rows in a nameless temporary file, to be gone through as often as one likes, one at a time. Blocking.

    Args:
        label: what messages call the sheet.
        cache: where the file may be; where the system keeps such files, by default.

    Raises:
        Unavailable: when there is no room for it.

    """

    def __init__(self, label: str, cache: Path | None) -> None:
        self._copy = Copy(label, cache)
        self._blank = 0

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Put rows at the end; blank ones count once another follows them.

        Raises:
            Unavailable: as for the class.

        """
        lines: list[bytes] = []
        for row in rows:
            if not row:
                self._blank += 1
                continue
            lines += [_BLANK] * self._blank
            self._blank = 0
            lines.append(json.dumps(row, separators=(",", ":")).encode() + b"\n")
        self._copy.add(b"".join(lines))

    def __iter__(self) -> Iterator[list[Any]]:
        """Yield the rows from the first. Nothing else may go through them meanwhile.

        Raises:
            Unavailable: as for the class.

        """
        self._copy.rewind()
        for line in self._copy.handle:
            yield json.loads(line)

    def close(self) -> None:
        """Give the file back."""
        self._copy.handle.close()
