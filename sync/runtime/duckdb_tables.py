"""The tables of a DuckDB file, asked of DuckDB itself: its dialect can't tell their keys and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_COLUMNS = text(
    "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()"
    " WHERE NOT internal AND database_name = current_database() AND schema_name = current_schema()"
    " GROUP BY table_name ORDER BY table_name"
)
_KEYS = text(
    "SELECT table_name, constraint_column_names FROM duckdb_constraints()"
    " WHERE constraint_type IN ('PRIMARY KEY', 'UNIQUE') AND database_name = current_database()"
    " AND schema_name = current_schema() ORDER BY constraint_type DESC, constraint_index DESC"
)


def duckdb_tables(connection: Connection) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return each table and view with its key, empty where it has none, and its columns."""
    keys: dict[str, Any] = {}
    for name, columns in connection.execute(_KEYS):  # the primary key is the last one told, and stays
        keys[name] = tuple(columns)
    return [(name, keys.get(name, ()), tuple(columns)) for name, columns in connection.execute(_COLUMNS)]
