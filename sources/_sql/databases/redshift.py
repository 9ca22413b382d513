"""Redshift, by psycopg2, over TLS with its certificate checked; the session only reads, in UTC.

It speaks PostgreSQL's protocol and numbers its types and its errors as PostgreSQL does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sources._sql.column_types import POSTGRESQL
from sources._sql.databases.kind import DatabaseKind
from sources._sql.pooled import CONNECT_SECONDS, each_connection, pooled, said_once

if TYPE_CHECKING:
    from datetime import timedelta
    from pathlib import Path

    from sqlalchemy.engine import URL, Engine

#: SUPER, which comes as JSON text.
_HOLDS = {**POSTGRESQL, 4000: "json"}


def _engine(url: URL, _directory: Path, timeout: timedelta) -> Engine:
    engine = pooled(url, {"connect_timeout": CONNECT_SECONDS})
    limit = int(timeout.total_seconds() * 1000)
    said_once(engine, "SET timezone TO 'UTC'", f"SET statement_timeout TO {limit}")

    def only_read(connection: Any) -> None:
        connection.set_session(readonly=True)

    if url.get_driver_name() == "psycopg2":
        each_connection(engine, only_read)
    return engine


REDSHIFT = DatabaseKind(
    engine=_engine,
    clock="SELECT GETDATE()",
    holds=lambda native: _HOLDS.get(native, "other"),
    indexed=False,
)
