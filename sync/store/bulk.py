"""Many rows in one go, past SQLAlchemy's handling of every single value, which costs more than the insert.

Values must be what both drivers take as they are: text, numbers, bytes, None.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table


def insert_many(
    connection: Connection,
    table: Table,
    names: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
    *,
    ignoring: bool = False,
) -> None:
    """Insert rows.

    Args:
        connection: the transaction to write in.
        table: into which.
        names: of the columns, in the order of the values.
        rows: the values.
        ignoring: whether a row that is there already is left alone.

    """
    if rows:
        connection.exec_driver_sql(_text(connection.dialect.name, table, names, ignoring), list(rows))


@lru_cache
def _text(dialect: str, table: Table, names: tuple[str, ...], ignoring: bool) -> str:  # noqa: FBT001 - cached by it
    mark, quote = ("?", sqlite) if dialect == "sqlite" else ("%s", postgresql)
    quoted = quote.dialect().identifier_preparer.quote
    columns = ", ".join(quoted(name) for name in names)
    text = f"INSERT INTO {quoted(table.name)} ({columns}) VALUES ({', '.join([mark] * len(names))})"
    return f"{text} ON CONFLICT DO NOTHING" if ignoring else text
