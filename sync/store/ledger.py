"""The ledger: what is known of leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, false, func, select

from sync.changes import read_changed
from sync.compare import Known
from sync.states import State
from sync.store import tables
from sync.store.chunks import chunks
from sync.store.unanswered import may_have_arrived

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
_accepted_by = tables.mapping_version.alias("accepted_by")
_tried = _version.alias("tried")
#: Of what was never accepted only: most leads were, and of those nobody asks.
_may_have_arrived = case(
    (
        _lead.c.accepted_id.is_(None),
        select(func.max(_tried.c.id))
        .where(_tried.c.lead_id == _lead.c.id, may_have_arrived(_tried))
        .scalar_subquery()
        .is_not(None),
    ),
    else_=false(),
)
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
        _lead.c.accepted_id,
        _accepted_by.c.hash.label("accepted_mapping"),
        _may_have_arrived,
    )
    .join_from(_lead, _newest, _newest.c.id == _lead.c.version_id, isouter=True)
    .join(_accepted, _accepted.c.id == _lead.c.accepted_id, isouter=True)
    .join(_accepted_by, _accepted_by.c.id == _accepted.c.mapping_id, isouter=True)
    .join(tables.mapping_version, tables.mapping_version.c.id == _lead.c.mapping_id, isouter=True)
    .where(
        _lead.c.endpoint == bindparam("endpoint"),
        _lead.c.source == bindparam("source"),
        _lead.c.key.in_(bindparam("keys", expanding=True)),
    )
)


def known(connection: Connection, scope: Scope, keys: Collection[str]) -> dict[str, Known]:
    """Return what the ledger knows of these keys, by key."""
    found: dict[str, Known] = {}
    for some in chunks(list(keys)):
        asked = {"endpoint": scope.endpoint, "source": scope.source, "keys": some}
        found.update((row[0], _known(row)) for row in connection.execute(_KNOWN, asked))
    return found


def _known(row: Any) -> Known:
    _, id_, state, of_version, mark, digest, mapping, encoding, changed, *about_sending = row
    accepted, accepted_id, by, arrived = about_sending
    stands, moment = State(state or of_version), read_changed(changed)
    return Known(
        id_, stands, mark, digest, mapping, encoding, moment, accepted, accepted_id, by, bool(arrived)
    )


_CONTENT = (
    select(_lead.c.id)
    .where(
        _lead.c.endpoint == bindparam("endpoint"),
        _lead.c.source == bindparam("source"),
        _lead.c.record_digest.in_(bindparam("digests", expanding=True)),
    )
    .limit(1)
)


def content_is_known(connection: Connection, scope: Scope, digests: Collection[bytes]) -> bool:
    """Tell whether any of these contents stands in the ledger: then rows have moved."""
    asked = {"endpoint": scope.endpoint, "source": scope.source}
    return any(
        connection.execute(_CONTENT, {"digests": some, **asked}).first() is not None
        for some in chunks(list(digests))
    )
