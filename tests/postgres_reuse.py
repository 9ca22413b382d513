"""PostgreSQL databases used by one test after another.

`CREATE DATABASE` costs a server as much as several tests do, and the tables of a state store cost it more:
so a database is brought back to what it was. What a test makes outside of it (roles) is its own to remove.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

_OTHERS = """
SELECT count(pg_terminate_backend(pid, 60000)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SCHEMAS = """
SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
"""
#: Whatever is made, altered or put in another's place has another oid or other columns than before.
_SHAPE = """
SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
  SELECT oid::text FROM pg_namespace
  UNION ALL SELECT oid || relname || relnamespace FROM pg_class
  UNION ALL SELECT oid || proname FROM pg_proc UNION ALL SELECT oid || typname FROM pg_type
  UNION ALL SELECT oid || conname FROM pg_constraint UNION ALL SELECT oid || tgname FROM pg_trigger
    WHERE NOT tgisinternal
  UNION ALL SELECT attrelid || attname || attnum || atttypid || attnotnull || atthasdef FROM pg_attribute
    WHERE attrelid >= 16384
) AS every(line)
"""
_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def empty(connection: psycopg.Connection) -> None:
    """Leave nothing in a database, and nobody connected to it."""
    connection.execute(_OTHERS)
    for (schema,) in connection.execute(_SCHEMAS).fetchall():
        connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())
    connection.execute("CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO pg_database_owner")
    connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


@dataclass
class StoresKept:
    """State stores in which nothing has happened, each in a database of its own."""

    #: Those that nobody uses at the moment.
    _free: list[str] = field(default_factory=list)
    #: How each was when it was made, and the statements that bring back its rows.
    _made: dict[str, tuple[str, list[bytes]]] = field(default_factory=dict)

    def lend(self) -> str | None:
        """Return a database with an unused store; None when there is none."""
        return self._free.pop() if self._free else None

    def knows(self, name: str) -> bool:
        """Tell whether there is a store in a database already."""
        return name in self._made

    def make(self, name: str, url: str, connection: psycopg.Connection) -> None:
        """Make a store in an empty database, as the program does."""
        from sync.store.store import open_store

        open_store(url).close()
        self._made[name] = _shape(connection), _rows(connection)

    def take_back(self, name: str, connection: psycopg.Connection) -> bool:
        """Make a store unused again; False when a test has changed more than its rows, and it can't be."""
        connection.execute(_OTHERS)
        shape, rows = self._made.get(name, ("", []))
        if _shape(connection) != shape:
            return False
        connection.execute(b"; ".join(rows))
        self._free.append(name)
        return True


def _shape(connection: psycopg.Connection) -> str:
    (found,) = connection.execute(_SHAPE).fetchone() or ("",)
    return str(found)


def _rows(connection: psycopg.Connection) -> list[bytes]:
    """Return the statements that leave just those rows in the tables that are there now."""
    from psycopg import sql

    deleting, inserting = [b"BEGIN", b"SET LOCAL session_replication_role = replica"], []
    for (table,) in connection.execute(_TABLES).fetchall():
        deleting.append(f"DELETE FROM {table}".encode())
        for row in connection.execute(f"SELECT * FROM {table}".encode()).fetchall():
            values = sql.SQL(", ").join(map(sql.Literal, row)).as_bytes(connection)
            inserting.append(f"INSERT INTO {table} VALUES (".encode() + values + b")")
    numbers = [
        f"ALTER SEQUENCE {schema}.{name} RESTART".encode()
        for schema, name in connection.execute("SELECT schemaname, sequencename FROM pg_sequences").fetchall()
    ]
    return [*deleting, *inserting, *numbers, b"COMMIT"]
