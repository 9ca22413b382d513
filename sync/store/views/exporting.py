"""The ledger as data, without anything personal: keys, states, times and digests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from sync.store import tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

_lead, _version = tables.lead, tables.version
_accepted = _version.alias("accepted")


def ledger_after(
    connection: Connection, last: int, limit: int, source: str | None = None
) -> Sequence[dict[str, Any]]:
    """Return leads of the ledger with an id beyond ``last``, in the order of their ids.

    Times are seconds since the epoch; digests are in hexadecimal.
    """
    query = (
        select(
            _lead.c.id,
            _lead.c.endpoint,
            _lead.c.source,
            _lead.c.key,
            func.coalesce(_lead.c.state, _version.c.state).label("state"),
            _lead.c.fingerprint,
            tables.mapping_version.c.hash.label("mapping"),
            _lead.c.changed,
            _lead.c.first_seen_at,
            _accepted.c.settled_at.label("accepted_at"),
        )
        .join_from(_lead, _version, _version.c.id == _lead.c.version_id, isouter=True)
        .join(_accepted, _accepted.c.id == _lead.c.accepted_id, isouter=True)
        .join(tables.mapping_version, tables.mapping_version.c.id == _lead.c.mapping_id, isouter=True)
        .where(_lead.c.id > last)
        .order_by(_lead.c.id)
        .limit(limit)
    )
    if source is not None:
        query = query.where(_lead.c.source == source)
    return [_plain(row) for row in connection.execute(query).mappings()]


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row with names that are plain text, as JSON wants them."""
    plain = {str(name): value for name, value in row.items()}
    return {**plain, "fingerprint": plain["fingerprint"].hex() if plain["fingerprint"] else None}
