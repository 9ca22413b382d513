"""Many rows in one go, past SQLAlchemy's handling of every single value, which costs more than the writing.

Values must be what both drivers take as they are: text, numbers, bytes, None.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Dialect, Table

#: Rows in one statement. Every step of SQLite's gives the interpreter lock away and wants it back, and with
#: requests in the air beside it that waits; so few steps, of a size whose text is met again.
_TOGETHER = 100


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
    for start in range(0, len(rows), _TOGETHER):
        some = rows[start : start + _TOGETHER]
        values = tuple([value for row in some for value in row])
        connection.exec_driver_sql(_text(connection.dialect, table, names, ignoring, len(some)), values)


@lru_cache
def _text(dialect: Dialect, table: Table, names: tuple[str, ...], ignoring: bool, rows: int) -> str:  # noqa: FBT001 - cached by it
    mark = "?" if dialect.name == "sqlite" else "%s"
    quoted = dialect.identifier_preparer.quote
    columns = ", ".join(quoted(name) for name in names)
    row = f"({', '.join([mark] * len(names))})"
    text = f"INSERT INTO {quoted(table.name)} ({columns}) VALUES {', '.join([row] * rows)}"
    return f"{text} ON CONFLICT DO NOTHING" if ignoring else text
