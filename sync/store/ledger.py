"""The ledger: what is known of leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from sync.changes import read_changed
from sync.compare import Known
from sync.states import State
from sync.store import tables

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

_lead, _version = tables.lead, tables.version


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose leads these are."""

    endpoint: str
    source: str


_newest = _version.alias("newest")
_accepted = _version.alias("accepted")
_KNOWN = (
    select(
        _lead.c.key,
        _lead.c.id,
        _lead.c.state,
        _newest.c.state.label("version_state"),
        _lead.c.fingerprint,
        _lead.c.record_digest,
        tables.mapping_version.c.hash,
        _lead.c.encoding,
        _lead.c.changed,
        _accepted.c.fingerprint.label("accepted"),
    )
    .join_from(_lead, _newest, _newest.c.id == _lead.c.version_id, isouter=True)
    .join(_accepted, _accepted.c.id == _lead.c.accepted_id, isouter=True)
    .join(tables.mapping_version, tables.mapping_version.c.id == _lead.c.mapping_id, isouter=True)
    .where(
        _lead.c.endpoint == bindparam("endpoint"),
        _lead.c.source == bindparam("source"),
        _lead.c.key.in_(bindparam("keys", expanding=True)),
    )
)


def known(connection: Connection, scope: Scope, keys: Collection[str]) -> dict[str, Known]:
    """Return what the ledger knows of these keys, by key."""
    asked = {"endpoint": scope.endpoint, "source": scope.source, "keys": list(keys)}
    found = {}
    for (
        key,
        id_,
        state,
        version_state,
        mark,
        digest,
        mapping,
        encoding,
        changed,
        accepted,
    ) in connection.execute(_KNOWN, asked):
        stands = State(state or version_state)
        found[key] = Known(id_, stands, mark, digest, mapping, encoding, read_changed(changed), accepted)
    return found


def content_is_known(connection: Connection, scope: Scope, digests: Collection[bytes]) -> bool:
    """Tell whether any of these contents stands in the ledger: then rows have moved."""
    query = select(_lead.c.id).where(
        _lead.c.endpoint == scope.endpoint,
        _lead.c.source == scope.source,
        _lead.c.record_digest.in_(list(digests)),
    )
    return connection.execute(query.limit(1)).first() is not None
