"""Everything that ever happened to a lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from sync.changes import read_changed
from sync.states import Lane, State
from sync.store import tables
from sync.store.views.contacts import find_by_contact
from sync.store.views.selection import LeadName, find_leads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from sources.position import Cursor

_lead, _version, _attempt = tables.lead, tables.version, tables.attempt
_mapping, _run = tables.mapping_version, tables.run


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request that was made. Times are seconds since the epoch."""

    at: float
    outcome: str
    status: int | None
    seconds: float | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class TracedVersion:
    """One version of a lead."""

    id: int
    staged_at: float
    #: ``sync``, ``backfill`` and the like; None when its run is not known.
    run_kind: str | None
    run_id: int | None
    job_id: int | None
    #: Hash of the mapping that made it.
    mapping: str | None
    lane: Lane
    state: State
    reason: str | None
    due_at: float | None
    settled_at: float | None
    tries: int
    repeats: int
    #: Names of the fields that differ from the version before; None for the first one, and where
    #: either of the two is no lead.
    changed: tuple[str, ...] | None
    attempts: tuple[Attempt, ...]

    @property
    def possibly_repeated(self) -> bool:
        """Whether the endpoint took it after a request of which nobody knows whether it had arrived."""
        unanswered = any(attempt.outcome == State.UNKNOWN.value for attempt in self.attempts)
        return self.state is State.ACCEPTED and unanswered


@dataclass(frozen=True, slots=True)
class Trace:
    """A lead with its whole history, oldest first."""

    lead: LeadName
    #: Where it stands: as its own row says, or else its newest version.
    state: State | None
    reason: str | None
    first_seen_at: float
    #: The newest change time that the source reported.
    changed: Cursor | None
    versions: tuple[TracedVersion, ...]


def trace(connection: Connection, text: str, digest_key: bytes) -> list[Trace]:
    """Return every lead that an id, a phone or an e-mail means, each with its history.

    Args:
        connection: of the store.
        text: ``key``, ``source:key``, a phone or an e-mail.
        digest_key: the store's.

    """
    found = {name.id: name for name in find_leads(connection, text)}
    found |= {name.id: name for name in find_by_contact(connection, text, digest_key)}
    return [_traced(connection, name) for _, name in sorted(found.items())]


def _traced(connection: Connection, name: LeadName) -> Trace:
    lead = connection.execute(select(_lead).where(_lead.c.id == name.id)).one()
    versions = _versions(connection, name.id)
    newest = next((version for version in versions if version.id == lead.version_id), None)
    if lead.state or newest is None:
        state, reason = State(lead.state) if lead.state else None, lead.reason
    else:
        state, reason = newest.state, newest.reason
    return Trace(name, state, reason, lead.first_seen_at, read_changed(lead.changed), versions)


def _versions(connection: Connection, lead_id: int) -> tuple[TracedVersion, ...]:
    query = (
        select(_version, _mapping.c.hash, _run.c.kind)
        .join_from(_version, _mapping, _mapping.c.id == _version.c.mapping_id, isouter=True)
        .join(_run, _run.c.id == _version.c.run_id, isouter=True)
        .where(_version.c.lead_id == lead_id)
        .order_by(_version.c.id)
    )
    attempts = _attempts(connection, lead_id)
    found: list[TracedVersion] = []
    before: str | None = None
    for row in connection.execute(query):
        found.append(_version_of(row, _differing(before, row.fields), attempts.get(row.id, ())))
        before = row.fields
    return tuple(found)


def _version_of(row: Any, changed: tuple[str, ...] | None, attempts: Sequence[Attempt]) -> TracedVersion:
    return TracedVersion(
        id=row.id,
        staged_at=row.staged_at,
        run_kind=row.kind,
        run_id=row.run_id,
        job_id=row.job_id,
        mapping=row.hash,
        lane=Lane(row.lane),
        state=State(row.state),
        reason=row.reason,
        due_at=row.due_at,
        settled_at=row.settled_at,
        tries=row.tries,
        repeats=row.repeats,
        changed=changed,
        attempts=tuple(attempts),
    )


def _attempts(connection: Connection, lead_id: int) -> dict[int, list[Attempt]]:
    found: dict[int, list[Attempt]] = {}
    query = select(_attempt).where(_attempt.c.lead_id == lead_id).order_by(_attempt.c.id)
    for row in connection.execute(query):
        made = Attempt(row.at, row.outcome, row.status, row.seconds, row.detail)
        found.setdefault(row.version_id, []).append(made)
    return found


def _differing(before: str | None, after: str | None) -> tuple[str, ...] | None:
    if before is None or after is None:
        return None
    old, new = orjson.loads(before), orjson.loads(after)
    return tuple(name for name in {**old, **new} if old.get(name) != new.get(name))
