"""Runs, positions and mapping versions, as the engine uses them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select, update

from sources.position import Position
from sync.ledger import Progress
from sync.states import State
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


def finish_run(connection: Connection, run_id: int, counts: Counts, error: str | None, now: float) -> None:
    """Write how a run ended."""
    ended = {"finished_at": now, "outcome": "failed" if error else "done", "error": error}
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
    """Return raw records of invalid leads that another mapping than this one refused, by lead id."""
    query = (
        select(_lead.c.id, tables.payload.c.record)
        .join(_version, _version.c.id == _lead.c.version_id)
        .join(tables.payload, tables.payload.c.version_id == _version.c.id)
        .join(tables.mapping_version, tables.mapping_version.c.id == _lead.c.mapping_id)
        .where(
            _lead.c.endpoint == scope.endpoint,
            _lead.c.source == scope.source,
            _version.c.state == State.INVALID,
            _version.c.source == scope.source,
            tables.payload.c.record.is_not(None),
            _lead.c.state.is_(None),
            tables.mapping_version.c.hash != mapping,
            _lead.c.id > after,
        )
        .order_by(_lead.c.id)
        .limit(limit)
    )
    return [(id_, read_record(body)) for id_, body in connection.execute(query)]


def clear_gone(connection: Connection, scope: Scope, prefix: str, seen: Collection[str], now: float) -> None:
    """Put away synthetic entries (no key, duplicate) that a whole read did not meet again."""
    gone = select(_lead.c.id).where(
        _lead.c.endpoint == scope.endpoint,
        _lead.c.source == scope.source,
        _lead.c.key.startswith(prefix, autoescape=True),
        or_(_lead.c.state.is_(None), _lead.c.state != State.DISCARDED),
    )
    if seen:
        gone = gone.where(_lead.c.key.not_in(list(seen)))
    supersede(connection, list(connection.scalars(gone)), now)


def upsert_position(connection: Connection, scope: Scope, now: float, **columns: Any) -> None:
    """Write columns of a source's position row, making it where it is not there."""
    row = {"endpoint": scope.endpoint, "source": scope.source, "updated_at": now, **columns}
    upsert(connection, tables.position, row, ["endpoint", "source"])
