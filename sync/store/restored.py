"""A store that was restored from a backup: what was sent since is not known in it, so nothing is sent.

All that waits is held, and what the next run of each source stages is held as well, until a person has
looked at it and says `approve`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import func, select, update

from sync.states import State
from sync.store import tables
from sync.store.claims import claims, claims_for_writing, count_claims
from sync.store.server import has_moved, server_facts
from sync.store.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from sync.store.mark import Mark

_meta, _version, _run = tables.meta, tables.version, tables.run
#: Names of facts in `meta`.
_SERVER, _RESTORED = "server", "restored"
_AT_IT = "the state store was restored from a backup while this was being sent"


def look(connection: Connection, mark: Mark | None, store: str) -> str | None:
    """Return why the store can't be trusted to know all that was sent; None when it can.

    Args:
        connection: to read with.
        mark: what the mark beside the store says, read before this transaction began.
        store: the id of the store at hand.

    """
    known = claims(connection)
    if mark is not None and mark.store != store:
        return "another state store stood here before, and what was sent by it is not known in this one"
    behind = mark is not None and mark.reached > known
    certain = mark is not None and mark.reached == known
    was = _fact(connection, _SERVER)
    if behind or (was and not certain and has_moved(was, server_facts(connection))):
        when = _of(connection)
        return f"the state store was restored from a backup{when}: what was sent since is not known here"
    return None


def begin_holding(connection: Connection, reason: str, sources: Collection[str], mark: Mark | None) -> int:
    """Hold all that waits, and note whose next run is to be held; returns how many claims there have been."""
    known = claims_for_writing(connection)
    if mark is not None and mark.reached > known:
        known = count_claims(connection, mark.reached - known)
    held = {"state": State.HELD.value, "reason": reason}
    connection.execute(update(_version).where(_version.c.state == State.PENDING.value).values(held))
    unknown = {"state": State.UNKNOWN.value, "reason": _AT_IT}
    connection.execute(update(_version).where(_version.c.state == State.SENDING.value).values(unknown))
    _put(connection, _RESTORED, dict.fromkeys(sources, reason))
    note_server(connection)
    return known


def server_is_news(connection: Connection) -> bool:
    """Tell whether the server says something of itself that is not kept."""
    now = server_facts(connection)
    return bool(now) and now != _fact(connection, _SERVER)


def note_server(connection: Connection) -> None:
    """Keep what the server says of itself, where it says anything."""
    now = server_facts(connection)
    if now:
        _put(connection, _SERVER, now)


def hold_reason(connection: Connection, source: str) -> str | None:
    """Return why the next run of a source is held, if it is."""
    return _fact(connection, _RESTORED).get(source)


def was_held(connection: Connection, source: str) -> None:
    """Note that a whole run of a source was held: the next one is not."""
    left = _fact(connection, _RESTORED)
    if left.pop(source, None) is not None:
        _put(connection, _RESTORED, left)


def _of(connection: Connection) -> str:
    """Say of when the backup is: of the last that the store knows."""
    times = connection.execute(select(func.max(_run.c.started_at), func.max(_run.c.finished_at))).one()
    last = max((time for time in times if time is not None), default=None)
    return f" of {datetime.fromtimestamp(last, UTC):%Y-%m-%d %H:%M} UTC" if last is not None else ""


def _fact(connection: Connection, name: str) -> dict[str, str]:
    found = connection.execute(select(_meta.c.value).where(_meta.c.name == name)).scalar()
    return dict(orjson.loads(found)) if found else {}


def _put(connection: Connection, name: str, value: dict[str, str]) -> None:
    upsert(connection, _meta, {"name": name, "value": orjson.dumps(value).decode()}, ["name"])
