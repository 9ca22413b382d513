"""Which database of which server a store is in: after a restore it is another one, or on another timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy import Connection

_ASKED = {
    "system": "SELECT system_identifier::text FROM pg_control_system()",
    "timeline": "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)",
    "database": "SELECT oid::text FROM pg_database WHERE datname = current_database()",
}


def server_facts(connection: Connection) -> dict[str, str]:
    """Return what PostgreSQL says of itself, as far as this user may ask; nothing for SQLite."""
    if connection.dialect.name != "postgresql":
        return {}
    found = {name: _answer(connection, query) for name, query in _ASKED.items()}
    return {name: value for name, value in found.items() if value is not None}


def has_moved(was: dict[str, str], now: dict[str, str]) -> bool:
    """Tell whether anything that both say is not alike."""
    return any(was[name] != now[name] for name in was.keys() & now.keys())


def _answer(connection: Connection, query: str) -> str | None:
    try:
        with connection.begin_nested():  # what fails in it leaves the transaction usable
            found = connection.execute(text(query)).scalar()
    except DBAPIError:  # a hosted server may not let its users ask
        return None
    return str(found) if found is not None else None
