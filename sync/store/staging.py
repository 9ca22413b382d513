"""Staging: one transaction writes a page's versions, the ledger, and what they supersede."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from sync.compare import Decision, Kind
from sync.states import Lane
from sync.store import tables
from sync.store.release import hold_unreleased
from sync.store.staged_leads import Row, write_leads
from sync.store.staged_versions import write_contacts, write_versions
from sync.store.superseding import supersede, undo_late_reverts
from sync.store.upsert import insert_ignoring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from sync.store.ledger import Scope

__all__ = ["Batch", "stage", "supersede"]

#: Kinds of decision after which the ledger is as it was.
_NOTHING = frozenset({Kind.SAME, Kind.STALE})
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
    decisions = [d for d in batch.decisions if d.kind not in _NOTHING]
    if decisions:
        supersede(connection, [d.known.id for d in decisions if d.known and d.kind in _REPLACES], now)
        rows = _rows(connection, undo_late_reverts(connection, decisions))
        write_leads(connection, batch.scope, rows, mapping_id, now)
        write_versions(connection, batch, rows, (mapping_id, digest_key, now))
        write_contacts(connection, rows, digest_key)
    if batch.hold:
        hold_unreleased(connection, batch.scope, batch.hold)


_MAPPING = select(tables.mapping_version.c.id).where(tables.mapping_version.c.hash == bindparam("hash"))


def _mapping_id(connection: Connection, mapping: tuple[str, str], now: float) -> int:
    hash_, text = mapping
    found = connection.execute(_MAPPING, {"hash": hash_}).scalar()
    if found is None:
        row = {"hash": hash_, "text": text, "first_used_at": now}
        insert_ignoring(connection, tables.mapping_version, [row], ["hash"])
        found = connection.execute(_MAPPING, {"hash": hash_}).scalar_one()
    return int(found)


def _rows(connection: Connection, decisions: Sequence[Decision]) -> list[Row]:
    """Give ids to what is new."""
    leads = iter(_take_ids(connection, "lead", sum(d.known is None for d in decisions)))
    versions = iter(_take_ids(connection, "version", sum(d.kind in _VERSIONED for d in decisions)))
    return [
        Row(d, d.known.id if d.known else next(leads), next(versions) if d.kind in _VERSIONED else None)
        for d in decisions
    ]


_TAKE = (
    update(tables.counter)
    .where(tables.counter.c.name == bindparam("of"))
    .values(value=tables.counter.c.value + bindparam("count"))
    .returning(tables.counter.c.value)
)


def _take_ids(connection: Connection, name: str, count: int) -> range:
    """Hand out ids; the row stays locked until the transaction ends."""
    if not count:
        return range(0)
    last = connection.execute(_TAKE, {"of": name, "count": count}).scalar_one()
    return range(last - count + 1, last + 1)
