"""Forgetting where a source stands, with the ledger kept or with all of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from sources.position import Position
from sync.store import tables
from sync.store.beginnings import forget_beginning
from sync.store.identities import forget_identity, source_scope
from sync.store.runs import upsert_position
from sync.store.views.holders import live_holder

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from sync.first_sync import FirstSync
    from sync.store.leases import Leases
    from sync.store.ledger import Scope

_lead, _version, _position = tables.lead, tables.version, tables.position


class InUse(Exception):
    """Another process works on the source just now."""


def reset_position(
    connection: Connection, leases: Leases, scope: Scope, first_sync: FirstSync, now: float
) -> None:
    """Let the next poll read the source from its very beginning, with the ledger kept.

    What the ledger knows and finds unchanged is not sent. A record that it does not know is taken over
    without sending where the first sync would have done so.

    Raises:
        InUse: when another process polls the source.

    """
    with LeaseFor(connection, leases, f"source:{scope.source}", now):
        row = connection.execute(select(_position).where(*_of(scope, _position))).first()
        if row is None:
            return
        plan = _reading_again(first_sync, row)
        upsert_position(connection, scope, now, position=None, first_sync=plan)


def reset_all(connection: Connection, leases: Leases, scope: Scope, now: float) -> int:
    """Forget a source whole: position, ledger, outbox and payloads. The runs' own history stays.

    Returns:
        How many leads were forgotten.

    Raises:
        InUse: when another process polls the source or sends its leads.

    """
    with (
        LeaseFor(connection, leases, f"source:{scope.source}", now),
        LeaseFor(connection, leases, f"endpoint:{scope.endpoint}", now),
    ):
        versions = select(_version.c.id).where(*_of(scope, _version))
        leads = select(_lead.c.id).where(*_of(scope, _lead))
        connection.execute(delete(tables.payload).where(tables.payload.c.version_id.in_(versions)))
        connection.execute(delete(tables.attempt).where(tables.attempt.c.lead_id.in_(leads)))
        connection.execute(delete(tables.contact).where(tables.contact.c.lead_id.in_(leads)))
        connection.execute(delete(_version).where(*_of(scope, _version)))
        connection.execute(delete(_position).where(*_of(scope, _position)))
        forget_identity(connection, source_scope(scope.source))
        forget_beginning(connection, scope)
        return connection.execute(delete(_lead).where(*_of(scope, _lead))).rowcount


def _reading_again(first_sync: FirstSync, row: Any) -> dict[str, Any] | None:
    """Return what keeps a re-read from sending what the first sync left out."""
    if row.first_sync is not None:
        return dict(row.first_sync)
    if isinstance(first_sync, datetime):
        return {"until": Position(at=first_sync).to_json(), "inclusive": False}
    position = Position.from_json(row.position) if row.position else None
    if first_sync == "now" and position is not None and position.at is not None:
        return {"until": Position(at=position.at).to_json(), "inclusive": True}
    return None


def _of(scope: Scope, table: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.endpoint == scope.endpoint, table.c.source == scope.source


class LeaseFor:
    """A lease for the length of a transaction."""

    def __init__(self, connection: Connection, leases: Leases, name: str, now: float) -> None:
        self._connection, self._leases, self._name, self._now = connection, leases, name, now

    def __enter__(self) -> None:
        """Take it, or raise InUse."""
        if not self._leases.acquire(self._connection, self._name, self._now):
            who = live_holder(self._connection, self._name) or "another process"
            what = "polls" if self._name.startswith("source:") else "delivers to"
            raise InUse(f"{who} {what} {self._name.partition(':')[2]} just now; stop it first")

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self._leases.release(self._connection, self._name)
