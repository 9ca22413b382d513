"""The request log: one entry per complete request, in memory and, if wanted, in a file."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

if TYPE_CHECKING:
    from pathlib import Path

#: Bytes of bodies that are kept in memory, all entries together.
KEEP_BYTES = 256 * 1024 * 1024


@dataclass(slots=True)
class Entry:
    """One request that arrived whole, and what became of it."""

    #: 1 for the first request since the start or the last reset.
    sequence: int
    #: Unix seconds at which its last byte was read.
    time: float
    method: str
    path: str
    #: Department it was for; empty when the path or the key named none.
    department: str
    #: The lead's id (externalID in the newer API); empty when it has none.
    lead: str
    body: bytes
    #: True once the lead was stored, and its text counted: whatever the client was told.
    stored: bool = False
    #: Texts it launched.
    texts: int = 0
    #: Number of the contact it was stored in.
    contact: int | None = None
    #: Status of the answer that was decided on, None until then and for a request that gets none.
    status: int | None = None
    #: Why it was not stored, empty when it was.
    reason: str = ""
    #: The fault that struck, in words; empty for none.
    fault: str = ""
    #: Whether the client was still there when the answer, or the fault, came; None until then.
    stayed: bool | None = None

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {
            "sequence": self.sequence,
            "time": datetime.fromtimestamp(self.time, UTC).isoformat(timespec="milliseconds"),
            "method": self.method,
            "path": self.path,
            "department": self.department,
            "id": self.lead,
            "status": self.status,
            "stored": self.stored,
            "stayed": self.stayed,
            "texts": self.texts,
            "contact": self.contact,
            "reason": self.reason,
            "fault": self.fault,
            "body": self.body.decode("utf-8", "replace"),
        }


class RequestLog:
    """The newest entries, and a file with all of them.

    The file gets a line ``{"event": "request", …}`` per request, written before its answer and as soon
    as it is known whether the lead is stored, and ``{"event": "left", "sequence": n}`` when the client
    was gone before it was answered, ``stopped`` when the sandbox was. Bodies are people's data: only its
    owner may read the file.
    """

    def __init__(self, keep: int, path: Path | None = None) -> None:
        self.entries: deque[Entry] = deque()
        self._keep = keep
        self._bytes = 0
        self._path = path
        self._file = _open(path) if path else None

    def add(self, entry: Entry) -> None:
        """Keep an entry; the oldest go when there are too many, or their bodies too large together."""
        self.entries.append(entry)
        self._bytes += len(entry.body)
        while len(self.entries) > self._keep or (self._bytes > KEEP_BYTES and len(self.entries) > 1):
            self._bytes -= len(self.entries.popleft().body)

    def decided(self, entry: Entry) -> None:
        """Write an entry to the file, now that its answer is known."""
        self._write({"event": "request", **entry.as_data()})

    def event(self, name: str, entry: Entry) -> None:
        """Write what happened to an entry after it was decided: ``left`` or ``stopped``."""
        self._write({"event": name, "sequence": entry.sequence})

    def reset(self) -> None:
        """Forget the entries; the file keeps its lines and gets one that says so."""
        self.entries.clear()
        self._bytes = 0
        self._write({"event": "reset"})

    def close(self) -> None:
        """Close the file; a sandbox that is started again with this log goes on with it."""
        if self._file:
            self._file.close()
            self._file = None

    def _write(self, line: dict[str, Any]) -> None:
        if self._path:
            self._file = self._file or _open(self._path)
            # Unbuffered, in one write: a line is whole or absent after a kill.
            self._file.write(orjson.dumps(line) + b"\n")


def _open(path: Path) -> BinaryIO:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return os.fdopen(descriptor, "wb", buffering=0)
