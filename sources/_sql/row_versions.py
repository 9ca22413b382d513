"""Positions by row version: up to which version all has been read, in which table of which database.

A version is a number that the database itself gives to what is written, in the order of writing and not
of committing. So a poll asks for the *horizon* before it reads: the lowest version that something still
uncommitted has, or else the next one. What has a lower version is committed, or never will be, and every
poll begins at the horizon of the one before: nothing that is committed late is jumped over.

Versions are of use only in the database that gave them. A position says which that was, and where it is
another one by now (a fail-over, a restore, a table put in the other's place) all rows are read again, and
compared by what they hold. So they are where the server that gives them was started anew: a disk put back to
an earlier day begins that way, and a crash forgets numbers that were of no use yet, and gives them again. The
ledger knows them all: that is why a source of this kind has no `latest`,
and a first sync from now on takes the whole table over.

A version says nothing to a clock. A record's change is therefore told as the moment at which it was read,
as text, so that it is never taken for a time that a date can be compared with.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from sources._sql.key_values import pack, unpack
from sources.base import Position
from sources.errors import BadConfig

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from sources._sql.settings import SqlSettings

#: How a version is written in a position.
Spelling: TypeAlias = Callable[[int], str]

_TICK = timedelta(microseconds=1)
_ANOTHER = "this is not the database or the table that was read before: all rows are read again, and compared"
_WENT_BACK = "the database was put back to an earlier state: all rows are read again, and compared"
_STARTED_ANEW = (
    "the server was started anew, or recovered from a crash, since the last poll, and may have given the "
    "same versions again: all rows are read again, and compared"
)
_TOO_OLD = "the last poll is too long ago to tell what has changed: all rows are read again, and compared"


@dataclass(frozen=True, slots=True)
class Horizon:
    """What a database says of itself before a poll reads."""

    #: Tells database and table from any other, and from themselves before they were put back.
    of: str
    #: When it said so, by its own clock.
    at: datetime
    #: No lower version is still to be committed.
    lowest: int
    #: No version has been given so far that is higher, or as high.
    upcoming: int
    #: How many versions back a row's own can be told.
    reach: int
    spelled: Spelling = str
    #: Whether it is a replica, which may be behind the server it follows.
    follows: bool = False
    #: Tells the server's present run from those before it; None where nothing is forgotten between them, or
    #: the versions are another server's.
    run: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one poll has to read, and how far it has come."""

    of: str
    #: As of when it reads; later than that of any poll before, whatever the clock does.
    as_of: datetime
    #: The lowest version to read; None: all rows.
    since: int | None
    #: The horizon as the poll began, where the next one begins.
    until: int
    #: The last row read before the poll was broken off, by the values that rows are sorted by.
    place: tuple[Any, ...] = ()
    spelled: Spelling = str
    #: What the operator should hear of it.
    note: str | None = None
    #: The server's run in which the last versions were given.
    run: str | None = None

    @property
    def changed(self) -> str:
        """When a record had changed at the latest."""
        return as_of_text(self.as_of)

    def at(self, place: tuple[Any, ...]) -> Position:
        """Return where to go on behind a row, should the poll be broken off."""
        return self._position(since=self.since, until=self.until, place=place)

    def done(self) -> Position:
        """Return where the next poll begins."""
        return self._position(since=self.until)

    def _position(
        self, *, since: int | None, until: int | None = None, place: tuple[Any, ...] = ()
    ) -> Position:
        said = {
            "of": self.of,
            "run": self.run,
            "as_of": self.as_of.isoformat(),
            "since": None if since is None else self.spelled(since),
            "until": None if until is None else self.spelled(until),
            "place": list(pack(place)),
        }
        token = json.dumps({name: value for name, value in said.items() if value}, sort_keys=True)
        return Position(at=self.as_of, token=token)


def table_name(connection: Connection, settings: SqlSettings) -> str | None:
    """Return the table's name as the database reads it in a text; None for a query."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    return ".".join(quote(part) for part in (settings.schema_, settings.table) if part) or None


def as_of_text(moment: datetime) -> str:
    """Return when a record was read, as text that sorts by time."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC, or before"


def reading(position: Position | None, horizon: Horizon, settings: SqlSettings) -> Reading | None:
    """Work out what to read from a position on.

    Returns:
        None where a replica has not come as far yet as what was read already: there is nothing to do but
        wait for it.

    Raises:
        BadConfig: when the position is of another kind of cursor.

    """
    if position is None:
        return _all_of(horizon, horizon.at)
    reached = _Reached.of_position(position, settings)
    as_of = max(horizon.at, reached.as_of + _TICK)
    if reached.of != horizon.of:
        return _all_of(horizon, as_of, _ANOTHER)
    if horizon.upcoming < max(reached.since or 0, reached.until or 0):
        return None if horizon.follows else _all_of(horizon, as_of, _WENT_BACK)
    if horizon.run not in (None, reached.run):
        return _all_of(horizon, as_of, _STARTED_ANEW)
    if reached.since is not None and horizon.upcoming - reached.since >= horizon.reach:
        return _all_of(horizon, as_of, _TOO_OLD)
    until = horizon.lowest if reached.until is None else reached.until
    run = horizon.run or reached.run  # a replica is read in between, and knows of none
    return Reading(horizon.of, as_of, reached.since, until, reached.place, horizon.spelled, run=run)


def _all_of(horizon: Horizon, as_of: datetime, note: str | None = None) -> Reading:
    return Reading(horizon.of, as_of, None, horizon.lowest, (), horizon.spelled, note, horizon.run)


@dataclass(frozen=True, slots=True)
class _Reached:
    """What a position says."""

    of: str
    as_of: datetime
    since: int | None
    until: int | None
    place: tuple[Any, ...]
    run: str | None

    @classmethod
    def of_position(cls, position: Position, settings: SqlSettings) -> _Reached:
        try:
            said = json.loads(position.token or "")
            as_of = datetime.fromisoformat(said["as_of"])
            since, until = _version(said.get("since")), _version(said.get("until"))
            place = unpack(tuple(said.get("place", ())))
            return cls(said["of"], as_of, since, until, place, said.get("run"))
        except (ValueError, KeyError, TypeError, AttributeError):
            message = (
                f"the position reached so far is not one of row versions, as `cursor: {settings.cursor}` "
                "makes them: if the cursor was changed on purpose, reset the source's state"
            )
            raise BadConfig(message, "cursor") from None


def _version(text: str | None) -> int | None:
    """Return a version from either spelling, decimal or hexadecimal."""
    return None if text is None else int(text, 0)
