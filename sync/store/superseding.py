"""Superseding what waits of a lead, and telling where that would be too late."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, update

from sync.compare import Decision, Kind
from sync.states import REPLACEABLE, State
from sync.store import tables
from sync.store.among import among
from sync.store.chunks import chunks
from sync.store.erasing import erase_payloads
from sync.store.unanswered import may_have_arrived

if TYPE_CHECKING:
    from sqlalchemy import Connection

_lead, _version = tables.lead, tables.version

_SUPERSEDE = (
    update(_version)
    .where(among(_version.c.lead_id, "leads"), _version.c.state.in_(sorted(REPLACEABLE)))
    .values(state=State.SUPERSEDED.value, settled_at=bindparam("now"))
    .returning(_version.c.id)
)


def supersede(connection: Connection, lead_ids: list[int], now: float) -> None:
    """Supersede what waits of these leads, and erase its payload."""
    for leads in chunks(lead_ids):
        gone = connection.scalars(_SUPERSEDE, {"leads": leads, "now": now}).all()
        for versions in chunks(gone):
            erase_payloads(connection, versions)


_ACCEPTED = select(_lead.c.id, _lead.c.accepted_id).where(among(_lead.c.id, "leads"))
_MAY_HAVE_ARRIVED = (
    select(_version.c.lead_id)
    .join(_lead, _lead.c.id == _version.c.lead_id)
    .where(
        among(_version.c.lead_id, "leads"),
        _version.c.id > func.coalesce(_lead.c.accepted_id, 0),
        may_have_arrived(_version),
    )
)


def undo_late_reverts(connection: Connection, decisions: list[Decision]) -> list[Decision]:
    """Turn reverts into versions to send where the endpoint may have, or get, something newer.

    That is so when a newer version is in the air, was sent without an answer, or was accepted after
    the ledger was read for comparing.
    """
    reverts = {d.known.id: d.known for d in decisions if d.kind is Kind.REVERT and d.known}
    late: set[int] = set()
    for leads in chunks(list(reverts)):
        late.update(connection.scalars(_MAY_HAVE_ARRIVED, {"leads": leads}))
        accepted = connection.execute(_ACCEPTED, {"leads": leads})
        late.update(id_ for id_, version in accepted if version != reverts[id_].accepted_id)
    if not late:
        return decisions
    return [_sent(d) if d.kind is Kind.REVERT and d.known and d.known.id in late else d for d in decisions]


def _sent(decision: Decision) -> Decision:
    return replace(decision, kind=Kind.SEND)
