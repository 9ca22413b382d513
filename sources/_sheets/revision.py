"""Which state of its files a source has been read in: the token of its position."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sources.position import Position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources._sheets.files import LocalFile
    from sources._sheets.stored import StoredFile

_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Revision:
    """What was read, by which rules."""

    #: Digest of what decides what a row means: see `Plan.digest`.
    rules: str
    #: Digest of the names and stamps of local files, or of those in a store, or of the bytes of a download.
    content: str
    #: What the server calls this state of a download, sent back to it as it came.
    etag: str | None = None
    #: The server's Last-Modified, sent back to it as it came.
    modified: str | None = None

    def same_as(self, other: Revision | None) -> bool:
        """Tell whether reading again would give the same records."""
        return other is not None and (self.rules, self.content) == (other.rules, other.content)

    def position(self) -> Position:
        """Return this as a position."""
        return Position(token=json.dumps({key: value for key, value in asdict(self).items() if value}))

    @classmethod
    def of(cls, position: Position | None) -> Revision | None:
        """Return what a position says, or None when it says nothing that this version understands."""
        try:
            found = json.loads(position.token or "") if position else None
            return cls(**found) if isinstance(found, dict) else None
        except (ValueError, TypeError):
            return None


def content_of(files: Sequence[LocalFile]) -> str:
    """Return a digest of which files there are and how they stood."""
    stamps = [(file.name, file.stamp.size, file.stamp.modified, file.stamp.inode) for file in files]
    return _digest(stamps)


def stored_content_of(files: Sequence[StoredFile]) -> str:
    """Return a digest of which files a store has and how they stood."""
    return _digest([(file.name, file.entry.size, file.entry.revision) for file in files])


def _digest(stamps: object) -> str:
    return hashlib.blake2b(json.dumps(stamps).encode(), digest_size=_DIGEST_BYTES).hexdigest()
