"""How the first sync of a source began: what it left out is accounted for by that, for ever after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import bindparam, delete, select

from sync.store import tables
from sync.store.upsert import insert_ignoring

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from sync.store.ledger import Scope

_meta = tables.meta
_VALUE = select(_meta.c.value).where(_meta.c.name == bindparam("of"))


def note_beginning(connection: Connection, scope: Scope, plan: Mapping[str, Any]) -> None:
    """Keep what the first sync of a source was told, unless that is known already."""
    row = {"name": _name(scope), "value": orjson.dumps(dict(plan)).decode()}
    insert_ignoring(connection, _meta, [row], ["name"])


def beginning(connection: Connection, scope: Scope) -> dict[str, Any] | None:
    """Return what the first sync of a source was told, None where it is not known."""
    found = connection.execute(_VALUE, {"of": _name(scope)}).scalar()
    return dict(orjson.loads(found)) if found else None


def forget_beginning(connection: Connection, scope: Scope) -> None:
    """Forget it, with all else that is known of the source."""
    connection.execute(delete(_meta).where(_meta.c.name == _name(scope)))


def _name(scope: Scope) -> str:
    return f"first_sync {scope.endpoint} {scope.source}"
