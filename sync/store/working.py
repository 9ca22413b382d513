"""What delivery does at the moment, kept beside how the endpoint stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.store import tables
from sync.store.upsert import insert_ignoring

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

_table = tables.endpoint_state


def keep_working(connection: Connection, endpoint: str, working: Mapping[str, Any], now: float) -> None:
    """Write down what delivery does; how the endpoint stands is left as it is, up if nothing is known."""
    update = _table.update().where(_table.c.endpoint == endpoint).values(working=dict(working))
    if not connection.execute(update).rowcount:
        row = {"endpoint": endpoint, "state": "up", "since": now, "working": dict(working)}
        insert_ignoring(connection, _table, [row], ["endpoint"])
