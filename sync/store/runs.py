"""Runs, positions and mapping versions, as the engine uses them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, insert, select, update

from sources.position import Position
from sync.ledger import Progress
from sync.screening import SYNTHETIC, key_of_unread
from sync.states import State
from sync.storable import storable
from sync.store import tables
from sync.store.encode import read_record
from sync.store.staging import supersede
from sync.store.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from sources.base import Record
    from sync.events import Counts
    from sync.store.ledger import Scope

_lead, _version = tables.lead, tables.version


def progress(connection: Connection, scope: Scope) -> Progress | None:
    """Return how far a source's live poll has come; None when it was never polled."""
    table = tables.position
    query = select(table.c.position, table.c.first_sync, table.c.places).where(
        table.c.endpoint == scope.endpoint, table.c.source == scope.source
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return Progress(Position.from_json(row.position) if row.position else None, row.first_sync, row.places)


def begin_run(connection: Connection, scope: Scope, kind: str, job_id: int | None, now: float) -> int:
    """Write that a run began, and return its id."""
    row = {"endpoint": scope.endpoint, "source": scope.source, "kind": kind, "job_id": job_id}
    made = connection.execute(insert(tables.run).values(started_at=now, **row))
    return int(made.inserted_primary_key[0])  # type: ignore[index]


def finish_run(
    connection: Connection,
    run_id: int,
    counts: Counts,
    error: str | None,
    now: float,
    hold: str | None = None,
) -> None:
    """Write how a run ended: failed, held by a guard that has seen all of it, or done."""
    outcome = "failed" if error else "held" if hold else "done"
    said = error or hold
    ended: dict[str, Any] = {"finished_at": now, "outcome": outcome}
    ended |= {"error": storable(said) if said else None}
    connection.execute(
        update(tables.run).where(tables.run.c.id == run_id).values(counts=asdict(counts), **ended)
    )


def mapping_text(connection: Connection, hash_: str) -> str | None:
    """Return the text of a mapping that once made leads, by its hash."""
    table = tables.mapping_version
    return connection.execute(select(table.c.text).where(table.c.hash == hash_)).scalar()


def invalid_records(
    connection: Connection, scope: Scope, mapping: str, after: int, limit: int
) -> list[tuple[int, Record]]:
    """Return raw records that another mapping than this one refused, with the ids of their versions.

    Items that can't be a lead of their own, like duplicates, are no mapping's doing and not among them.
    """
    asked: dict[str, Any] = {
        "endpoint": scope.endpoint,
        "source": scope.source,
        "after": after,
        "most": limit,
    }
    asked["mapping"] = connection.execute(_MAPPING_ID, {"hash": mapping}).scalar() or 0
    return [(id_, read_record(body)) for id_, body in connection.execute(_INVALID, asked)]


_MAPPING_ID = select(tables.mapping_version.c.id).where(tables.mapping_version.c.hash == bindparam("hash"))
_stands_invalid = and_(
    _version.c.source == bindparam("source"),
    _version.c.endpoint == bindparam("endpoint"),
    _version.c.state == State.INVALID.value,
)
_INVALID = (
    select(_version.c.id, tables.payload.c.record)
    .join(_lead, _lead.c.id == _version.c.lead_id)
    .join(tables.payload, tables.payload.c.version_id == _version.c.id)
    .where(
        _stands_invalid,
        # None: a person asked for another try.
        _version.c.mapping_id.is_distinct_from(bindparam("mapping")),
        ~_lead.c.key.startswith(SYNTHETIC, autoescape=True),
        _lead.c.version_id == _version.c.id,
        _lead.c.state.is_(None),
        tables.payload.c.record.is_not(None),
        _version.c.id > bindparam("after"),
    )
    .order_by(_version.c.id)
    .limit(bindparam("most"))
)
_STAND_INVALID = (
    select(_lead.c.id, _lead.c.key).join(_version, _version.c.lead_id == _lead.c.id).where(_stands_invalid)
)


def unread(connection: Connection, scope: Scope) -> dict[str, int]:
    """Return the leads that stand for items that could not be read, by the source's own key of each."""
    asked = {"endpoint": scope.endpoint, "source": scope.source}
    found = ((key_of_unread(key), id_) for id_, key in connection.execute(_STAND_INVALID, asked))
    return {key: id_ for key, id_ in found if key is not None}


def clear_gone(connection: Connection, scope: Scope, prefix: str, seen: Collection[str], now: float) -> None:
    """Put away synthetic entries (no key, duplicate) that a whole read did not meet again."""
    asked: dict[str, Any] = {"endpoint": scope.endpoint, "source": scope.source}
    there = connection.execute(_STAND_INVALID, asked)
    gone = [id_ for id_, key in there if key.startswith(prefix) and key not in seen]
    supersede(connection, gone, now)


def upsert_position(connection: Connection, scope: Scope, now: float, **columns: Any) -> None:
    """Write columns of a source's position row, making it where it is not there."""
    row = {"endpoint": scope.endpoint, "source": scope.source, "updated_at": now, **columns}
    upsert(connection, tables.position, row, ["endpoint", "source"])
