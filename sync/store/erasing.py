"""Erasing payloads: what is accepted, superseded or discarded is not kept (P10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from sync.store import tables
from sync.store.among import among

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def erase_payloads(connection: Connection, versions: Sequence[int]) -> None:
    """Erase the payloads of these versions."""
    connection.execute(_ERASE, {"versions": list(versions)})


_ERASE = delete(tables.payload).where(among(tables.payload.c.version_id, "versions"))
