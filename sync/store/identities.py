"""What sources and endpoints were when their ledger was written, and which of them have one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import bindparam, delete, select, text

from sync.store import tables
from sync.store.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

#: What tells one from another, by the setting's name; None where it is left out.
Facts: TypeAlias = "dict[str, str | None]"
_table, _lead, _version = tables.identity, tables.lead, tables.version


@dataclass(frozen=True, slots=True)
class Identity:
    """What a source or an endpoint was."""

    facts: Facts
    #: Of a source: the ``first_sync`` in force when this was written.
    first_sync: str | None = None


def source_scope(name: str) -> str:
    """Return how a source is called among the identities."""
    return f"source:{name}"


def endpoint_scope(name: str) -> str:
    """Return how an endpoint is called among the identities."""
    return f"endpoint:{name}"


def one_at_a_time(connection: Connection) -> None:
    """Keep out whoever else compares with what is known, to write it, until this transaction ends."""
    connection.execute(_ONE_AT_A_TIME)


def read_identities(connection: Connection) -> dict[str, Identity]:
    """Return all that are known, by scope."""
    rows = connection.execute(select(_table.c.scope, _table.c.facts))
    return {scope: Identity(facts["is"], facts.get("first_sync")) for scope, facts in rows}


def write_identity(connection: Connection, scope: str, identity: Identity, now: float) -> None:
    """Write what a source or an endpoint is from now on."""
    facts = {"is": identity.facts, "first_sync": identity.first_sync}
    upsert(connection, _table, {"scope": scope, "facts": facts, "since": now}, ["scope"])


def forget_identity(connection: Connection, scope: str) -> None:
    """Let a source or an endpoint be something new."""
    connection.execute(delete(_table).where(_table.c.scope == scope))


def with_leads(connection: Connection, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those of these pairs (endpoint, source) of which the ledger knows a lead."""
    found = set()
    for endpoint, source in pairs:
        asked = {"of_endpoint": endpoint, "of_source": source}
        if connection.execute(_ANY_LEAD, asked).first() is not None:
            found.add((endpoint, source))
    return found


def sent_to(connection: Connection, endpoint: str) -> bool:
    """Tell whether an endpoint has taken a lead, or may have."""
    asked = {"of_endpoint": endpoint}
    return any(connection.execute(query, asked).first() is not None for query in _SENT)


#: A row that every store has. PostgreSQL locks it; SQLite's writers are one at a time without it.
_ONE_AT_A_TIME = (
    select(tables.meta.c.value).where(tables.meta.c.name == "digest_key").with_for_update(key_share=True)
)
_SENT = (
    select(_lead.c.id)
    .where(_lead.c.endpoint == bindparam("of_endpoint"), _lead.c.accepted_id.is_not(None))
    .limit(1),
    select(_version.c.id)
    .where(_version.c.endpoint == bindparam("of_endpoint"), text("state IN ('sending', 'unknown')"))
    .limit(1),
)
_ANY_LEAD = (
    select(_lead.c.id)
    .where(_lead.c.endpoint == bindparam("of_endpoint"), _lead.c.source == bindparam("of_source"))
    .limit(1)
)
