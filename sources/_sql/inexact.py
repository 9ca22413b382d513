"""Columns of single precision, which no key can be made of.

Their values reach Python as doubles. What goes back to the server to compare with is another number than the
one in the column: rows behind a page border would be passed over, and a key that was read is not found again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sources.errors import BadConfig

if TYPE_CHECKING:
    from sources._sql.settings import SqlSettings

#: What drivers call the type: PostgreSQL's oid of `real`, MySQL's FIELD_TYPE_FLOAT, DuckDB's name.
_SINGLE: Final = {"postgresql": "700", "mysql": "4", "mariadb": "4", "duckdb": "FLOAT"}


def refuse_inexact(dialect: str, natives: dict[str, Any], settings: SqlSettings) -> None:
    """Refuse a key or a cursor of single precision.

    Args:
        dialect: SQLAlchemy's name of the database.
        natives: the columns, each with what the driver calls its type.
        settings: which columns are meant.

    Raises:
        BadConfig: for the setting that names such a column.

    """
    named = [("key", name) for name in settings.key_columns]
    if settings.cursor_column is not None:
        named.append(("cursor", settings.cursor_column))
    for setting, name in named:
        if str(natives[name]) == _SINGLE.get(dialect):
            raise BadConfig(
                f'column "{name}" is a number of single precision, which is not equal to what is read of it: '
                "name another column, or one of a query that casts it (cast(… as decimal(20, 6)))",
                setting,
            )
