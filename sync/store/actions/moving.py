"""Leads that go on under another name: of their source, of their endpoint, or of both."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from sync.store import tables
from sync.store.actions.pausing import copy_pause
from sync.store.actions.resetting import LeaseFor
from sync.store.beginnings import beginning, forget_beginning, note_beginning
from sync.store.identities import endpoint_scope, forget_identity, source_scope, write_identity
from sync.store.ledger import Scope
from sync.store.release import hold_waiting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Table

    from sync.store.identities import Identity
    from sync.store.leases import Leases

#: Tables whose rows belong to a source and an endpoint.
_OWNED = (tables.lead, tables.version, tables.position, tables.run, tables.job)


@dataclass(slots=True)
class Changes:
    """All that is to be written, in one transaction, so that the ledger fits the configuration."""

    #: Endpoints under another name: the old one and the new one.
    endpoints: list[tuple[str, str]] = field(default_factory=list)
    #: Sources whose leads go on elsewhere: from where to where.
    sources: list[tuple[Scope, Scope]] = field(default_factory=list)
    #: Sources that begin anew: what they were, and the name under which that is kept.
    put_away: list[tuple[Scope, Scope]] = field(default_factory=list)
    #: Sources without a lead that are something else now: their position means nothing any more.
    begun_anew: list[Scope] = field(default_factory=list)
    #: What sources and endpoints are, by scope.
    identities: dict[str, Identity] = field(default_factory=dict)

    @property
    def moves(self) -> bool:
        """Whether anything is moved, so that nobody may be working on it meanwhile."""
        return bool(self.endpoints or self.sources or self.put_away)


def write_changes(
    connection: Connection, leases: Leases, changes: Changes, now: float
) -> dict[tuple[Scope, Scope], int]:
    """Write them.

    Returns:
        How many leads that waited are held since their source begins anew, where there are any.

    Raises:
        InUse: when another process works on what is to be moved; nothing was written.

    """
    with ExitStack() as held:
        for lease in sorted(_leases_of(changes)):
            held.enter_context(LeaseFor(connection, leases, lease, now))
        for old, new in changes.endpoints:
            _move_endpoint(connection, old, new)
        held_back = {pair: _put_away(connection, *pair) for pair in changes.put_away}
        for from_, to in changes.sources:
            _move_source(connection, from_, to)
        for scope in changes.begun_anew:
            _forget_position(connection, scope)
        for name, identity in changes.identities.items():
            write_identity(connection, name, identity, now)
    return {pair: count for pair, count in held_back.items() if count}


def _leases_of(changes: Changes) -> set[str]:
    wanted = {endpoint_scope(name) for pair in changes.endpoints for name in pair}
    moved = [scope for pair in (*changes.sources, *changes.put_away) for scope in pair]
    wanted |= {source_scope(scope.source) for scope in moved}
    return wanted | {endpoint_scope(scope.endpoint) for scope in moved}


def _move_endpoint(connection: Connection, old: str, new: str) -> None:
    sources = select(tables.position.c.source).where(tables.position.c.endpoint == old)
    for source in connection.scalars(sources).all():
        _move_beginning(connection, Scope(old, source), Scope(new, source))
    for table in _OWNED:
        connection.execute(update(table).where(table.c.endpoint == old).values(endpoint=new))
    _rename(connection, tables.endpoint_state, "endpoint", {old: new})
    _rename(connection, tables.pause, "scope", {endpoint_scope(old): endpoint_scope(new)})
    forget_identity(connection, endpoint_scope(old))


def _move_source(connection: Connection, from_: Scope, to: Scope) -> None:
    _give_to(connection, from_, to)
    if from_.source != to.source:
        _rename(connection, tables.pause, "scope", {source_scope(from_.source): source_scope(to.source)})
        forget_identity(connection, source_scope(from_.source))


def _put_away(connection: Connection, from_: Scope, to: Scope) -> int:
    """Keep what a source was, and hold what of it waits; returns how many that are.

    A person paused the source, and begins it anew: both the old leads and the new ones stay paused.
    """
    _give_to(connection, from_, to)
    copy_pause(connection, source_scope(from_.source), source_scope(to.source))
    return hold_waiting(connection, to, f"it was waiting when {from_.source} began anew")


def _give_to(connection: Connection, from_: Scope, to: Scope) -> None:
    _forget_position(connection, to)
    _move_beginning(connection, from_, to)
    values = {"endpoint": to.endpoint, "source": to.source}
    for table in _OWNED:
        of_it = (table.c.endpoint == from_.endpoint, table.c.source == from_.source)
        connection.execute(update(table).where(*of_it).values(values))


def _forget_position(connection: Connection, scope: Scope) -> None:
    table = tables.position
    of_it = (table.c.endpoint == scope.endpoint, table.c.source == scope.source)
    connection.execute(delete(table).where(*of_it))
    forget_beginning(connection, scope)


def _move_beginning(connection: Connection, from_: Scope, to: Scope) -> None:
    began = beginning(connection, from_)
    if began is not None:
        forget_beginning(connection, from_)
        note_beginning(connection, to, began)


def _rename(connection: Connection, table: Table, column: str, names: Mapping[str, str]) -> None:
    """Give rows another name, in the place of what stands under it."""
    named = table.c[column]
    for old, new in names.items():
        if connection.execute(select(named).where(named == old)).first() is not None:
            connection.execute(delete(table).where(named == new))
            connection.execute(update(table).where(named == old).values({column: new}))
