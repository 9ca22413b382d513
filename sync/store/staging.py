"""Staging: one transaction writes a page's versions, the ledger, and what they supersede."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, null, select, update

from sync.changes import write_changed
from sync.compare import Decision, Kind
from sync.digest import CURRENT
from sync.states import REPLACEABLE, Lane, State
from sync.store import tables
from sync.store.digests import contact_digests, field_digests
from sync.store.encode import write_lead, write_record
from sync.store.release import hold_unreleased
from sync.store.upsert import insert_ignoring

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from sync.store.ledger import Scope

_lead, _version, _payload = tables.lead, tables.version, tables.payload
#: Kinds of decision that put a newer version, or none, in the place of what was waiting.
_REPLACES = frozenset({Kind.SEND, Kind.SET_ASIDE, Kind.SKIP, Kind.REVERT, Kind.ADOPT})
_VERSIONED = frozenset({Kind.SEND, Kind.SET_ASIDE})


@dataclass(frozen=True, slots=True)
class Batch:
    """All that one transaction stages: a page's decisions and the position after it."""

    scope: Scope
    decisions: Sequence[Decision]
    mapping: tuple[str, str]  #: its hash and its text
    run_id: int | None = None
    job_id: int | None = None
    lane: Lane = Lane.LIVE
    #: Whether versions may be claimed at once, before their run is finished.
    released: bool = True
    #: Whether a person asked for these in so many words, so that `max_sends` does not count them.
    asked: bool = False
    #: Set when a guard holds what this run stages, now and so far.
    hold: str | None = None


def stage(connection: Connection, batch: Batch, digest_key: bytes, now: float) -> None:
    """Write a page's decisions: outbox versions, ledger, and what they supersede."""
    mapping_id = _mapping_id(connection, batch.mapping, now)
    decisions = [d for d in batch.decisions if d.kind not in (Kind.SAME, Kind.STALE)]
    if not decisions:
        _hold_unreleased(connection, batch)
        return
    supersede(connection, [d.known.id for d in decisions if d.known and d.kind in _REPLACES], now)
    decisions = _undo_late_reverts(connection, decisions)
    lead_ids = _lead_ids(connection, decisions)
    version_ids = _version_ids(connection, decisions)
    rows = [_Row(d, lead_ids[d.record.key], version_ids.get(d.record.key)) for d in decisions]
    _write_leads(connection, batch, rows, mapping_id, now)
    _write_versions(connection, batch, rows, (mapping_id, digest_key, now))
    _write_contacts(connection, rows, digest_key)
    _hold_unreleased(connection, batch)


@dataclass(frozen=True, slots=True)
class _Row:
    decision: Decision
    lead_id: int
    version_id: int | None


def _mapping_id(connection: Connection, mapping: tuple[str, str], now: float) -> int:
    hash_, text = mapping
    query = select(tables.mapping_version.c.id).where(tables.mapping_version.c.hash == hash_)
    found = connection.execute(query).scalar()
    if found is None:
        row = {"hash": hash_, "text": text, "first_used_at": now}
        insert_ignoring(connection, tables.mapping_version, [row], ["hash"])
        found = connection.execute(query).scalar_one()
    return int(found)


_REPLACEABLE = sorted(REPLACEABLE)
_SUPERSEDE = (
    update(_version)
    .where(_version.c.lead_id == bindparam("of_lead"), _version.c.state.in_(_REPLACEABLE))
    .values(state=State.SUPERSEDED, settled_at=bindparam("now"))
)
_ERASE_SUPERSEDED = delete(_payload).where(
    _payload.c.version_id.in_(
        select(_version.c.id).where(
            _version.c.lead_id.in_(bindparam("leads", expanding=True)), _version.c.state == State.SUPERSEDED
        )
    )
)


def supersede(connection: Connection, lead_ids: list[int], now: float) -> None:
    """Supersede what waits of these leads, and erase its payload."""
    if not lead_ids:
        return
    connection.execute(_SUPERSEDE, [{"of_lead": id_, "now": now} for id_ in lead_ids])
    connection.execute(_ERASE_SUPERSEDED, {"leads": lead_ids})


def _undo_late_reverts(connection: Connection, decisions: Iterable[Decision]) -> list[Decision]:
    """Turn a revert into a version to send where the version it would undo is already in the air."""
    decisions = list(decisions)
    leads = [d.known.id for d in decisions if d.kind is Kind.REVERT and d.known]
    if not leads:
        return decisions
    query = select(_version.c.lead_id).where(
        _version.c.lead_id.in_(leads), _version.c.state.in_([State.SENDING, State.UNKNOWN])
    )
    flying = set(connection.scalars(query))
    return [
        Decision(Kind.SEND, d.record, d.known, d.digest, d.fingerprint, d.lead)
        if d.kind is Kind.REVERT and d.known and d.known.id in flying
        else d
        for d in decisions
    ]


def _take_ids(connection: Connection, name: str, count: int) -> range:
    """Hand out ids; the row stays locked until the transaction ends."""
    statement = (
        update(tables.counter)
        .where(tables.counter.c.name == name)
        .values(value=tables.counter.c.value + count)
        .returning(tables.counter.c.value)
    )
    last = connection.execute(statement).scalar_one()
    return range(last - count + 1, last + 1)


def _lead_ids(connection: Connection, decisions: Sequence[Decision]) -> dict[str, int]:
    ids = {d.record.key: d.known.id for d in decisions if d.known}
    new = [d.record.key for d in decisions if d.known is None]
    if new:
        ids.update(zip(new, _take_ids(connection, "lead", len(new)), strict=True))
    return ids


def _version_ids(connection: Connection, decisions: Sequence[Decision]) -> dict[str, int]:
    keys = [d.record.key for d in decisions if d.kind in _VERSIONED]
    return dict(zip(keys, _take_ids(connection, "version", len(keys)), strict=True)) if keys else {}


def _write_leads(
    connection: Connection, batch: Batch, rows: Sequence[_Row], mapping_id: int, now: float
) -> None:
    values = [_lead_values(row, mapping_id) for row in rows]
    scope = {"endpoint": batch.scope.endpoint, "source": batch.scope.source, "first_seen_at": now}
    new = [
        {"id": r.lead_id, "key": r.decision.record.key, "accepted_id": None, **scope, **v}
        for r, v in zip(rows, values, strict=True)
        if r.decision.known is None
    ]
    if new:
        connection.execute(insert(_lead), new)
    for kind, statement in _UPDATES.items():
        some = [
            {"lead": r.lead_id, "kept_as": v["state"], **v}
            for r, v in zip(rows, values, strict=True)
            if r.decision.known is not None and _update_of(r.decision) is kind
        ]
        if some:
            connection.execute(statement, some)
    rebased = [
        {"lead": r.lead_id, "now_says": r.decision.fingerprint, "by": mapping_id}
        for r in rows
        if r.decision.kind is Kind.REBASE and r.decision.fingerprint
    ]
    if rebased:
        connection.execute(_REBASE_VERSION, rebased)


def _lead_values(row: _Row, mapping_id: int) -> dict[str, Any]:
    d = row.decision
    states = {Kind.SKIP: State.SKIPPED, Kind.ADOPT: State.ADOPTED}
    return {
        "state": states.get(d.kind),
        "reason": d.reason if d.kind in states else None,
        "fingerprint": d.fingerprint,
        "record_digest": d.digest,
        "mapping_id": mapping_id,
        "encoding": CURRENT,
        "changed": write_changed(d.record.changed),
        "version_id": row.version_id,
    }


def _update_of(decision: Decision) -> Kind:
    return decision.kind if decision.kind in (Kind.REBASE, Kind.REVERT) else Kind.SEND


_digests: dict[str, Any] = {
    name: bindparam(name) for name in ("fingerprint", "record_digest", "mapping_id", "encoding", "changed")
}
_this_lead = _lead.c.id == bindparam("lead")
_UPDATES = {
    # The lead stands where it stood; only what it is compared with is renewed.
    Kind.REBASE: update(_lead).where(_this_lead).values(**_digests),
    Kind.REVERT: update(_lead)
    .where(_this_lead)
    .values(**_digests, state=null(), version_id=_lead.c.accepted_id),
    Kind.SEND: update(_lead)
    .where(_this_lead)
    .values(
        **_digests, state=bindparam("kept_as"), reason=bindparam("reason"), version_id=bindparam("version_id")
    ),
}
#: What stands is the same record, so its version is compared by the new mapping's fingerprint too.
_REBASE_VERSION = (
    update(_version)
    .where(_version.c.id == select(_lead.c.version_id).where(_this_lead).scalar_subquery())
    .values(fingerprint=bindparam("now_says"), mapping_id=bindparam("by"))
)


def _write_versions(
    connection: Connection, batch: Batch, rows: Sequence[_Row], made: tuple[int, bytes, float]
) -> None:
    versions = [_version_values(row, batch, made) for row in rows if row.version_id is not None]
    if not versions:
        return
    connection.execute(insert(_version), versions)
    connection.execute(
        insert(_payload),
        [
            {
                "version_id": r.version_id,
                "lead": write_lead(r.decision.lead) if r.decision.lead else None,
                "record": None if r.decision.lead else write_record(r.decision.record),
            }
            for r in rows
            if r.version_id is not None
        ],
    )


def _version_values(row: _Row, batch: Batch, made: tuple[int, bytes, float]) -> dict[str, Any]:
    mapping_id, key, now = made
    d = row.decision
    valid = d.lead is not None
    held = batch.hold if valid else None
    return {
        "id": row.version_id,
        "lead_id": row.lead_id,
        "endpoint": batch.scope.endpoint,
        "source": batch.scope.source,
        "run_id": batch.run_id,
        "job_id": batch.job_id,
        "state": State.INVALID if not valid else State.HELD if held else State.PENDING,
        "lane": batch.lane,
        "fingerprint": d.fingerprint,
        "fields": field_digests(d.lead, key) if d.lead else None,
        "mapping_id": mapping_id,
        "staged_at": now,
        "due_at": now if batch.released and valid and not held else None,
        "asked": int(batch.asked),
        "reason": d.reason or held,
    }


def _write_contacts(connection: Connection, rows: Sequence[_Row], digest_key: bytes) -> None:
    contacts = [
        {"digest": found, "lead_id": row.lead_id}
        for row in rows
        if row.decision.lead
        for found in contact_digests(row.decision.lead, digest_key)
    ]
    if contacts:
        insert_ignoring(connection, tables.contact, contacts, ["digest", "lead_id"])


def _hold_unreleased(connection: Connection, batch: Batch) -> None:
    if batch.hold:
        hold_unreleased(connection, batch.scope, batch.hold)
