"""``column IN (a list)`` in a text that is the same for a list of any length.

SQLAlchemy's own ``in_`` writes one placeholder per value, at every execution anew, and the database then
prepares a text it has never met. Here the list is one parameter: JSON for SQLite, an array for PostgreSQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import BigInteger, Text, bindparam, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Dialect
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine


class _Ids(TypeDecorator[Any]):
    """A list of ids as one parameter."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return how the database at hand takes the list."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        from sqlalchemy.dialects.postgresql import ARRAY

        return dialect.type_descriptor(ARRAY(BigInteger))

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        """Return the list as it is handed to the driver."""
        ids = list(value or ())
        return orjson.dumps(ids).decode() if dialect.name == "sqlite" else ids


class _Each(FunctionElement[int]):
    """The list as a table: ``json_each`` in SQLite, ``unnest`` in PostgreSQL."""

    inherit_cache = True


def among(column: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """Return the condition that an id is one of a list.

    Args:
        column: what holds the id.
        name: of the parameter that will hold the list.

    """
    # One name for table and column: SQLite calls the column `value`, PostgreSQL what the table is called.
    each = _Each(bindparam(name, type_=_Ids())).table_valued("value", name="value")
    return column.in_(select(each.c.value))


@compiles(_Each, "sqlite")
def _json_each(element: _Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Each)
def _unnest(element: _Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"unnest({compiler.process(element.clauses, **options)})"
