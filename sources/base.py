"""The whole contract between leadrelay and a source, on one screen.

An adapter is a class with a name, a `Settings` model and two methods, `poll` and `check`. It is
found through the entry-point group ``leadrelay.sources``. Everything optional is a small protocol
further down: implement its method and it is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

from sources.position import Position

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Mapping, Sequence
    from datetime import datetime, timedelta, tzinfo
    from pathlib import Path

    from sources.errors import BadRecord
    from sources.oauth import OAuthFlow

__all__ = [
    "Authorizes",
    "Closes",
    "FetchesByKey",
    "HasIdentity",
    "HasLookback",
    "KeysArePlaces",
    "KnowsFields",
    "KnowsLatest",
    "Page",
    "PollRequest",
    "Position",
    "Record",
    "Source",
    "SourceContext",
    "SourceSettings",
    "TellsOfChanges",
    "Window",
]


@dataclass(frozen=True, slots=True)
class Record:
    """One item as the source gives it."""

    #: Stable and canonical (see `sources.keys.canonical_key`): 7, "7" and 7.0 are one key.
    key: str
    #: What the source holds, flat or nested. Values are JSON-like, or date, datetime, Decimal.
    fields: Mapping[str, Any]
    #: When it changed: an aware datetime, or an integer or text for such a cursor. None: unknown.
    changed: datetime | int | str | None = None
    #: Where a person finds it, as in "row 17". Used in messages only.
    where: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The records of one read, with the position that holds once they are staged."""

    records: Sequence[Record]
    #: Where to go on after this page. None while an unordered source can't say yet.
    position: Position | None
    #: Whether this was the last page of the poll.
    last: bool
    #: Items that could not be made a `Record` of, each with the reason.
    bad: Sequence[BadRecord] = ()
    #: What the operator should hear about this page, as in "3 rows have no updated_at".
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span of change time, for backfills: since <= changed < until, aware datetimes."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PollRequest:
    """What the engine asks of one poll."""

    #: Go on from here (the look-back is already subtracted); None: from the very beginning.
    position: Position | None = None
    #: Only what changed in this span, for a backfill. A snapshot source may ignore it.
    window: Window | None = None
    #: Names of the fields that the mapping reads; None: all of them. Where it reads within a field, the way
    #: stands beside the field's name: `phones` and `phones.0.number`, `Owner` and `Owner.Name`.
    fields: frozenset[str] | None = None
    #: At most about this many records a page.
    page_size: int = 500


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What an adapter is told about where it runs."""

    #: The source's name in connector.yaml.
    name: str
    #: Relative paths in settings are relative to this directory (that of connector.yaml).
    directory: Path
    #: The zone of timestamps that carry none.
    timezone: tzinfo
    #: Where an adapter may keep files that can be thrown away; None: nowhere.
    cache: Path | None = field(default=None)


class SourceSettings(BaseModel):
    """Base of every adapter's settings: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


@runtime_checkable
class Source(Protocol):
    """A place where leads are kept."""

    #: What `type:` in connector.yaml says.
    name: ClassVar[str]
    #: The adapter's own settings. Secrets are `SecretStr`; every field has a description.
    Settings: ClassVar[type[SourceSettings]]

    def __init__(self, settings: Any, context: SourceContext) -> None:
        """Take validated settings. No I/O here: `check` and `poll` connect."""

    def poll(self, request: PollRequest) -> AsyncIterator[Page]:
        """Yield pages of what changed since the request's position, oldest first.

        A source that can only be read whole yields everything, with a position (``token``) only on
        the last page; given that same position and an unchanged source, it yields one empty page.

        Raises:
            SourceError: see `sources.errors`; the class says what happens next.

        """
        ...

    async def check(self) -> str:
        """Connect, look at what the settings name, and say in one line what was found.

        Raises:
            SourceError: when it could not be polled as things stand.

        """
        ...


@runtime_checkable
class Closes(Protocol):
    """A source that holds connections."""

    async def close(self) -> None:
        """Give them back. Called once, also after a failure."""


@runtime_checkable
class HasLookback(Protocol):
    """A source whose records can turn up late, with an older time than what was read already."""

    #: How far the engine moves the position back when the user sets no `lookback`.
    default_lookback: ClassVar[timedelta]


@runtime_checkable
class HasIdentity(Protocol):
    """A source that says which of its settings tell it from another one of its type.

    Without it those are the settings called url, base_url, path, schema, table, query, sheet and key. A
    change of any is refused until the user says what is meant; all others only say how to read.
    """

    #: The settings' names. Never one that holds a secret, apart from an address.
    identity: ClassVar[tuple[str, ...]]


@runtime_checkable
class KnowsLatest(Protocol):
    """A source that can be asked where its newest record stands, for ``first_sync: now``."""

    async def latest(self) -> Position | None:
        """Return the newest position, never past the source's own clock.

        None when there is nothing yet, or when it can only be read whole.
        """


@runtime_checkable
class FetchesByKey(Protocol):
    """A source that can read single records again."""

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the records of these keys that still exist, in any order."""


@runtime_checkable
class KnowsFields(Protocol):
    """A source that can list its columns, so that a mapping is checked before the first record."""

    async def fields(self) -> Sequence[str]:
        """Return the top-level field names that a record has."""


@runtime_checkable
class TellsOfChanges(Protocol):
    """A source that can tell when something has changed, so that `run` need not wait for its schedule."""

    def hints(self) -> AsyncIterator[None]:
        """Yield once as soon as you listen, and then each time that something may have changed.

        A hint says no more than "poll now": many of them, or one too many, do no harm, and the schedule
        makes up for one that is lost. End at once when the settings leave nothing to listen to. Called on
        an adapter of its own, which is asked for nothing else, and closed when nobody wants hints any more.

        Raises:
            SourceError: when listening is not possible, or not any more. It is tried again, with a pause
                that grows to a minute; BadConfig is said, and not tried again.

        """
        ...


@runtime_checkable
class Authorizes(Protocol):
    """A source that a person can let us into with their browser, by ``leadrelay auth``."""

    def authorization(self) -> OAuthFlow:
        """Return how the vendor is asked; no I/O. The token is kept in the flow's store, so read it there.

        Raises:
            BadConfig: when the settings give another way in, or lack something.

        """
        ...


@runtime_checkable
class KeysArePlaces(Protocol):
    """A source whose keys may name places (row numbers) instead of records."""

    @property
    def keys_are_places(self) -> bool:
        """Whether a removed record would shift all that follow; the engine then guards a run."""
