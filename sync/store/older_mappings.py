"""By which mappings other than the one in force the leads of a source stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from sync.store import tables

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from sync.store.ledger import Scope

_lead, _mapping = tables.lead, tables.mapping_version


@dataclass(frozen=True, slots=True)
class Standing:
    """The leads of a source that were made by other mappings than the one in force."""

    leads: int
    #: When the one in force was first used, in seconds since the epoch; None: never yet.
    since: float | None


def older_hashes(connection: Connection, scope: Scope, current: str) -> list[str]:
    """Return the hashes of the mappings, but for the current one, by which leads of a source stand."""
    # One look into an index for each mapping there is, however many leads there are.
    stands = select(_lead.c.id).where(*_of(scope), _lead.c.mapping_id == _mapping.c.id).exists()
    return list(connection.scalars(select(_mapping.c.hash).where(_mapping.c.hash != current, stands)))


def standing(connection: Connection, scope: Scope, current: str) -> Standing:
    """Return how many leads of a source stand by another mapping than the current one."""
    since = connection.scalar(select(_mapping.c.first_used_at).where(_mapping.c.hash == current))
    others = _others(connection, current)
    if not others:
        return Standing(0, since)
    query = select(func.count()).select_from(_lead).where(*_of(scope), _lead.c.mapping_id.in_(list(others)))
    return Standing(connection.scalar(query) or 0, since)


def _others(connection: Connection, current: str) -> dict[Any, str]:
    query = select(_mapping.c.id, _mapping.c.hash).where(_mapping.c.hash != current)
    return {row.id: row.hash for row in connection.execute(query)}


def _of(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return _lead.c.endpoint == scope.endpoint, _lead.c.source == scope.source
