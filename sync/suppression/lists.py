"""The list of one endpoint, kept up to date while delivery goes on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from sources.errors import SourceError, Unavailable
from sync.events import Said
from sync.gates.suppress import SUPPRESSION_LIST
from sync.suppression.beside import Beside
from sync.suppression.entries import read_entries
from sync.suppression.files import File

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sync.events import Events
    from sync.gates import Suppress
    from sync.suppression.entries import Entries

_UNREADABLE = "can't be read"
_UNTIL = "nothing is sent until it can be, then it goes on by itself"


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
        self._beside: Beside[tuple[Entries, Any]] | None = None
        #: How many entries it had when there were any; None: it was not read yet.
        self._had: int | None = None
        self._next_look = float("-inf")
        self._looked_at = float("-inf")
        self._why = f"{_UNREADABLE}: it was not read yet; {_UNTIL}"

    @property
    def problem(self) -> str | None:
        """Why it is not known who must not be texted, with what to do; None when it is known."""
        return f"{SUPPRESSION_LIST} {self._origin.shown} {self._why}" if self._entries is None else None

    def __contains__(self, digest: bytes) -> bool:
        """Tell whether a phone or an e-mail is on it; whoever asks must have looked at `problem`."""
        if self._entries is None:
            raise RuntimeError("the suppression list was not read")
        return digest in self._entries.digests

    async def renew(self, now: float) -> None:
        """Read it where that was not done yet, and again when it has changed or may have.

        Where it can't be told whether it has changed, what is known holds while it is read again, and
        this returns at once. It never raises: what can't be read is a `problem`.
        """
        if self._beside is None and self._looked_at <= now < self._next_look:
            return
        try:
            found = self._read_beside(now) if self._holds else await asyncio.to_thread(self._read)
            if found is None:
                return
            self._take(*found)
        except SourceError as error:
            self._know_nothing(str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody knows who must not be texted
            self._know_nothing(f"reading it failed inside of leadrelay ({type(error).__name__})")
        pause = self._origin.look_every if self._entries is not None else self._origin.retry_every
        self._looked_at, self._next_look = now, now + pause

    @property
    def _holds(self) -> bool:
        """Whether what is known holds while it is read again, or that is being done already."""
        return self._beside is not None or (self._entries is not None and self._revision is None)

    def _read_beside(self, now: float) -> tuple[Entries, Any] | None:
        """Return what was read while delivery went on; None: it is still being read.

        Raises:
            SourceError: when it can't be read, or not in the time after which it would be read anew.

        """
        if self._beside is None:
            self._beside = Beside(self._read, now)
        if self._beside.is_over:
            done, self._beside = self._beside, None
            return done.result()
        if now - self._beside.begun > self._origin.look_every:
            raise Unavailable(f"reading it takes longer than {self._origin.look_every:.0f} seconds")
        return None

    def _read(self) -> tuple[Entries, Any]:
        """Return the list with its revision, read if it is not the one that is known."""
        known = self._entries
        if known is not None and self._revision is not None and self._origin.revision() == self._revision:
            return known, self._revision
        revision = self._origin.settle()
        entries = read_entries(self._origin.rows(), self._region, self._digest_key)
        if revision is not None and self._origin.revision() != revision:
            raise Unavailable("it was changed while it was read")
        return entries, revision

    def _take(self, entries: Entries, revision: Any) -> None:
        """Go by what was read, unless everybody has gone from it: then something went wrong elsewhere."""
        known, number = self._entries, len(entries.digests)
        if not number and self._had:
            self._entries, self._why = None, _emptied(self._had)
            return
        is_news = known is None or revision is not None or number != len(known.digests)
        if entries is not known and is_news:
            self._tell_of(entries)
        self._entries, self._revision, self._had = entries, revision, number

    def _know_nothing(self, why: str) -> None:
        self._entries, self._why = None, f"{_UNREADABLE}: {why}; {_UNTIL}"

    def _tell_of(self, entries: Entries) -> None:
        """Say once what could not be read of it, and that it keeps nobody back."""
        named = f"{SUPPRESSION_LIST} {self._origin.shown}"
        if entries.unreadable:
            self._tell(Said(f"{named}: {entries.said}", warning=True))
        if not len(entries.digests) and self._had is None:
            self._tell(Said(f"{named} is empty: it keeps nobody from being texted", warning=True))


def _emptied(had: int) -> str:
    entries = f"{had:,} entries" if had != 1 else "1 entry"
    return (
        f"is empty, and had {entries} before: put them back, or restart leadrelay if it is meant to be empty;"
        " nothing is sent until then"
    )
