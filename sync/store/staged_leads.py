"""What staging writes about leads themselves: the ledger's rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, null, select, update

from sync.changes import newest, write_changed
from sync.compare import Kind
from sync.digest import CURRENT
from sync.states import State
from sync.storable import storable
from sync.store import tables
from sync.store.bulk import insert_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from sync.compare import Decision
    from sync.store.ledger import Scope

_lead, _version = tables.lead, tables.version
#: Where a lead stands that has no version of its own.
_STATES = {Kind.SKIP: State.SKIPPED.value, Kind.ADOPT: State.ADOPTED.value}


@dataclass(frozen=True, slots=True)
class Row:
    """A decision with the ids of its lead and, where it makes one, of its version."""

    decision: Decision
    lead_id: int
    version_id: int | None


def write_leads(
    connection: Connection, scope: Scope, rows: Sequence[Row], mapping_id: int, now: float
) -> None:
    """Insert leads met for the first time, and renew what is known of the others."""
    new = [_new(row, scope, mapping_id, now) for row in rows if row.decision.known is None]
    insert_many(connection, _lead, _NEW, new)
    known = [row for row in rows if row.decision.known is not None]
    for kind, statement in _STATEMENTS.items():
        some = [_renewed(row, mapping_id) for row in known if _statement_of(row.decision) is kind]
        if some:
            connection.execute(statement, some)
    unchanged = [
        {"of_lead": r.lead_id, "says": r.decision.fingerprint, "by_mapping": mapping_id}
        for r in known
        if r.decision.kind in _AS_IT_WAS and r.decision.fingerprint
    ]
    if unchanged:
        connection.execute(_RENEW_VERSION, unchanged)


#: The columns of a lead met for the first time, in the order of `_new`.
_NEW = (
    "id",
    "endpoint",
    "source",
    "key",
    "state",
    "reason",
    "fingerprint",
    "record_digest",
    "mapping_id",
    "encoding",
    "changed",
    "version_id",
    "first_seen_at",
)


def _new(row: Row, scope: Scope, mapping_id: int, now: float) -> tuple[Any, ...]:
    d = row.decision
    return (
        row.lead_id,
        scope.endpoint,
        scope.source,
        d.record.key,
        _STATES.get(d.kind),
        _reason(d),
        d.fingerprint,
        d.digest,
        mapping_id,
        CURRENT,
        write_changed(d.record.changed),
        row.version_id,
        now,
    )


def _renewed(row: Row, mapping_id: int) -> dict[str, Any]:
    """Return the parameters of `_STATEMENTS`; none is called like a column, which would then be set too."""
    d = row.decision
    return {
        "of_lead": row.lead_id,
        "stands": _STATES.get(d.kind),
        "because": _reason(d),
        "says": d.fingerprint,
        "holds": d.digest,
        "by_mapping": mapping_id,
        "as_of": write_changed(newest(d.record.changed, d.known.changed if d.known else None)),
        "by_version": row.version_id,
    }


def _reason(decision: Decision) -> str | None:
    return storable(decision.reason) if decision.reason and decision.kind in _STATES else None


#: After these the record is what a version that stands says, seen by the mapping in force.
_AS_IT_WAS = frozenset({Kind.REBASE, Kind.REVERT})


def _statement_of(decision: Decision) -> Kind:
    return decision.kind if decision.kind in (Kind.REBASE, Kind.REVERT, Kind.TOUCH) else Kind.SEND


_this_lead = _lead.c.id == bindparam("of_lead")
_digests: dict[str, Any] = {
    "fingerprint": bindparam("says"),
    "record_digest": bindparam("holds"),
    "mapping_id": bindparam("by_mapping"),
    "encoding": CURRENT,
    "changed": bindparam("as_of"),
}
_STATEMENTS = {
    Kind.TOUCH: update(_lead).where(_this_lead).values(changed=bindparam("as_of")),
    # The lead stands where it stood; only what it is compared with is renewed.
    Kind.REBASE: update(_lead).where(_this_lead).values(**_digests),
    Kind.REVERT: update(_lead)
    .where(_this_lead)
    .values(**_digests, state=null(), reason=null(), version_id=_lead.c.accepted_id),
    Kind.SEND: update(_lead)
    .where(_this_lead)
    .values(
        **_digests,
        state=bindparam("stands"),
        reason=bindparam("because"),
        version_id=bindparam("by_version"),
    ),
}
#: What stands is the same record, so its version is compared by the new mapping's fingerprint too.
_RENEW_VERSION = (
    update(_version)
    .where(_version.c.id == select(_lead.c.version_id).where(_this_lead).scalar_subquery())
    .values(fingerprint=bindparam("says"), mapping_id=bindparam("by_mapping"))
)
