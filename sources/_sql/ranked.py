"""Columns that are sorted by a rank of their values, and compared by the values' text.

MySQL's and DuckDB's ENUM, and MySQL's SET, are sorted in the order in which their values were declared; `>`
with a text compares letters (dev.mysql.com, "The ENUM Type"; duckdb.org, "Enum Data Type"). As a part of a
key, such a column is sorted as text, or pages would pass rows over. PostgreSQL's is compared by rank as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

#: ENUM_FLAG and SET_FLAG of MySQL's protocol; the type is that of a text.
_RANKED = 0x100 | 0x800
#: Behind the seven parts of the standard's description, MySQL's own connector has one more.
_PLACE_OF_FLAGS = 7


def ranked_columns(dialect: str, cursor: Any) -> list[bool]:
    """Tell which columns of a result are sorted otherwise than their texts are compared.

    Args:
        dialect: SQLAlchemy's name of the database.
        cursor: the driver's cursor, with a result.

    """
    described = cursor.description or ()
    if dialect == "duckdb":
        return [str(part[1]).startswith("ENUM") for part in described]
    if dialect in ("mysql", "mariadb"):
        flags = _flags(cursor, described)
        return [bool(flag & _RANKED) for flag in flags]
    return [False] * len(described)


def _flags(cursor: Any, described: Sequence[Any]) -> list[int]:
    """Return the columns' flags, where PyMySQL, mysqlclient or MySQL's own connector keeps them."""
    fields = getattr(getattr(cursor, "_result", None), "fields", None)
    if fields is not None:
        return [int(field.flags) for field in fields]
    if (given := getattr(cursor, "description_flags", None)) is not None:
        return [int(flag) for flag in given]
    return [int(next(iter(part[_PLACE_OF_FLAGS:]), 0)) for part in described]
