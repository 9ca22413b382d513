"""What staging writes about versions: the outbox, the payloads, and what `trace` finds leads by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.states import State
from sync.storable import storable
from sync.store import tables
from sync.store.bulk import insert_many
from sync.store.digests import contact_digests, field_digests
from sync.store.encode import write_lead, write_record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from sync.store.staged_leads import Row
    from sync.store.staging import Batch


def write_versions(
    connection: Connection, batch: Batch, rows: Sequence[Row], made: tuple[int, bytes, float]
) -> None:
    """Insert versions with their payloads.

    Args:
        connection: the transaction to write in.
        batch: what is staged.
        rows: its decisions; those without a version are left out.
        made: id of the mapping, key of the digests, and the time.

    """
    rows = [row for row in rows if row.version_id is not None]
    insert_many(connection, tables.version, _VERSION, [_version(row, batch, made) for row in rows])
    insert_many(connection, tables.payload, _PAYLOAD, [_payload(row) for row in rows])


_PAYLOAD = ("version_id", "lead", "record")


def _payload(row: Row) -> tuple[Any, ...]:
    lead = row.decision.lead
    return (
        row.version_id,
        write_lead(lead) if lead else None,
        None if lead else write_record(row.decision.record),
    )


#: The columns of a new version, in the order of `_version`.
_VERSION = (
    "id",
    "lead_id",
    "endpoint",
    "source",
    "run_id",
    "job_id",
    "state",
    "lane",
    "fingerprint",
    "fields",
    "mapping_id",
    "staged_at",
    "due_at",
    "asked",
    "reason",
)


def _version(row: Row, batch: Batch, made: tuple[int, bytes, float]) -> tuple[Any, ...]:
    mapping_id, digest_key, now = made
    d = row.decision
    valid = d.lead is not None
    held = batch.hold if valid else None
    reason = d.reason or held
    return (
        row.version_id,
        row.lead_id,
        batch.scope.endpoint,
        batch.scope.source,
        batch.run_id,
        batch.job_id,
        _state(valid=valid, held=held is not None),
        batch.lane.value,
        d.fingerprint,
        field_digests(d.lead, digest_key) if d.lead else None,
        mapping_id,
        now,
        now if batch.released and valid and not held else None,
        int(batch.asked),
        storable(reason) if reason else None,
    )


def _state(*, valid: bool, held: bool) -> str:
    if not valid:
        return State.INVALID.value
    return State.HELD.value if held else State.PENDING.value


def write_contacts(connection: Connection, rows: Sequence[Row], digest_key: bytes) -> None:
    """Insert the digests of the phones and e-mails of leads, where they are not there yet."""
    contacts = [
        (found, row.lead_id)
        for row in rows
        if row.decision.lead
        for found in contact_digests(row.decision.lead, digest_key)
    ]
    insert_many(connection, tables.contact, ("digest", "lead_id"), contacts, ignoring=True)
