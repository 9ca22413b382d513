"""INSERT … ON CONFLICT for the two databases that can be a state store; both write it alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table


def _insert(connection: Connection, table: Table) -> Any:
    # Imported here: of the two only the one that is connected to is loaded already, and both take time.
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def insert_ignoring(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]], unique: Sequence[str]
) -> None:
    """Insert rows, leaving alone those that are there already."""
    connection.execute(_insert(connection, table).on_conflict_do_nothing(index_elements=unique), rows)


def upsert(connection: Connection, table: Table, row: dict[str, Any], unique: Sequence[str]) -> None:
    """Insert a row, or update the one that is there with the same unique columns."""
    statement = _insert(connection, table).values(row)
    values = {name: statement.excluded[name] for name in row if name not in unique}
    connection.execute(statement.on_conflict_do_update(index_elements=unique, set_=values))
