"""The versions that are due, with what the gates judge them by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from sync.states import Asked, Lane
from sync.store import tables
from sync.store.among import among
from sync.store.digests import contacts
from sync.store.encode import read_lead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from sync.lead import Lead

_version, _lead, _job = tables.version, tables.lead, tables.job


@dataclass(frozen=True, slots=True)
class Candidate:
    """One version that is due."""

    version_id: int
    lead_id: int
    source: str
    key: str
    lead: Lead
    #: The keyed digests of its own phone and e-mail, by ``phone`` and ``email``.
    contacts: dict[str, bytes] = field(repr=False)
    staged_at: float
    #: Whether the endpoint has ever taken a version of its lead.
    is_known: bool
    #: Whether a person asked for it, among others or by itself.
    is_asked: bool
    #: Whether a person asked for this very lead by its id.
    is_named: bool


def candidates(connection: Connection, due: Sequence[Any], digest_key: bytes) -> list[Candidate]:
    """Return rows that are due as candidates, in their order; one without a payload is left out.

    Args:
        connection: the transaction that claims.
        due: rows with ``id``, ``lead_id``, ``source``, ``key``, ``body``, ``lane`` and ``job_id``.
        digest_key: the store's.

    """
    facts = {row.id: row for row in connection.execute(_FACTS, {"versions": [row.id for row in due]})}
    named = _jobs_by_name(connection, {row.job_id for row in due if row.job_id is not None})
    return [_candidate(row, facts[row.id], named, digest_key) for row in due if row.body is not None]


def _candidate(row: Any, facts: Any, named: set[int], digest_key: bytes) -> Candidate:
    lead = read_lead(row.body)
    backfilled = row.job_id is not None or row.lane == Lane.BACKFILL.value
    return Candidate(
        version_id=row.id,
        lead_id=row.lead_id,
        source=row.source,
        key=row.key,
        lead=lead,
        contacts=contacts(lead, digest_key),
        staged_at=facts.staged_at,
        is_known=facts.accepted_id is not None,
        is_asked=backfilled or facts.asked != Asked.NO,
        is_named=facts.asked == Asked.BY_NAME or row.job_id in named,
    )


def _jobs_by_name(connection: Connection, jobs: set[int]) -> set[int]:
    """Return those of these jobs in which a person named the leads one by one."""
    rows = connection.execute(_REQUESTS, {"jobs": sorted(jobs)}) if jobs else ()
    return {row.id for row in rows if row.request.get("ids")}


_FACTS = (
    select(_version.c.id, _version.c.staged_at, _version.c.asked, _lead.c.accepted_id)
    .join(_lead, _lead.c.id == _version.c.lead_id)
    .where(among(_version.c.id, "versions"))
)
_REQUESTS = select(_job.c.id, _job.c.request).where(among(_job.c.id, "jobs"))
