"""The list of one endpoint, kept up to date while delivery goes on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from sources.errors import SourceError, Unavailable
from sync.events import Said
from sync.gates.suppress import SUPPRESSION_LIST
from sync.suppression.entries import read_entries
from sync.suppression.files import File

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sync.events import Events
    from sync.gates import Suppress
    from sync.suppression.entries import Entries


class Origin(Protocol):
    """Where a list is read from. All methods block, and raise SourceError."""

    #: How messages name it.
    shown: str
    #: Seconds until it is looked at again, after it could be read and after it could not.
    look_every: float
    retry_every: float

    def revision(self) -> Any:
        """Return what differs when it has changed; None where that can't be told."""
        ...

    def settle(self) -> Any:
        """Wait until it may be read, and return its revision."""
        ...

    def rows(self) -> Iterable[Sequence[Any]]:
        """Return all of it."""
        ...


def source_of(settings: Suppress, directory: Path) -> Origin:
    """Return where a list is read from.

    Args:
        settings: as connector.yaml has them.
        directory: what a relative path is relative to.

    """
    if settings.path is not None:
        return File(directory / settings.path, settings.path)
    from sync.suppression.database import Database

    return Database(settings, directory)


class SuppressionList:
    """Those who must not be texted.

    Args:
        origin: where the list is read from.
        region: of phones without a country code.
        digest_key: the store's.
        tell: who is told how it reads.

    """

    def __init__(self, origin: Origin, region: str, digest_key: bytes, tell: Events) -> None:
        self._origin = origin
        self._region = region
        self._digest_key = digest_key
        self._tell = tell
        self._entries: Entries | None = None
        self._revision: Any = None
        self._next_look = float("-inf")
        self._looked_at = float("-inf")
        self._why = "it was not read yet"

    @property
    def problem(self) -> str | None:
        """Why it is not known who must not be texted, with what to do; None when it is known."""
        if self._entries is not None:
            return None
        return (
            f"{SUPPRESSION_LIST} {self._origin.shown} can't be read: {self._why}; "
            "nothing is sent until it can be, then it goes on by itself"
        )

    def __contains__(self, digest: bytes) -> bool:
        """Tell whether a phone or an e-mail is on it; whoever asks must have looked at `problem`."""
        if self._entries is None:
            raise RuntimeError("the suppression list was not read")
        return digest in self._entries.digests

    async def renew(self, now: float) -> None:
        """Read it where that was not done yet, and again when it has changed or may have.

        It never raises: what can't be read is a `problem`.
        """
        if self._looked_at <= now < self._next_look:
            return
        try:
            await asyncio.to_thread(self._look)
        except SourceError as error:
            self._entries, self._why = None, str(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody knows who must not be texted
            self._entries, self._why = None, f"reading it failed inside of leadrelay ({type(error).__name__})"
        pause = self._origin.look_every if self._entries is not None else self._origin.retry_every
        self._looked_at, self._next_look = now, now + pause

    def _look(self) -> None:
        """Read the list if it is not the one that is known."""
        if self._entries is not None and self._revision is not None:
            if self._origin.revision() == self._revision:
                return
            self._entries = None  # from here on it is not known who is on it
            self._why = "it is being read again"
        revision = self._origin.settle()
        entries = read_entries(self._origin.rows(), self._region, self._digest_key)
        if revision is not None and self._origin.revision() != revision:
            raise Unavailable("it was changed while it was read")
        if self._entries is None or len(entries.digests) != len(self._entries.digests):
            self._tell_of(entries)
        self._entries, self._revision = entries, revision

    def _tell_of(self, entries: Entries) -> None:
        """Say once what could not be read of it."""
        if entries.unreadable:
            self._tell(Said(f"{SUPPRESSION_LIST} {self._origin.shown}: {entries.said}", warning=True))
