"""What the databases call the types of columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection

    from sources._sql.settings import SqlSettings

#: PostgreSQL's type numbers (pg_type.oid).
POSTGRESQL = {
    1184: "zoned",
    1114: "local",
    1082: "date",
    **dict.fromkeys((20, 21, 23), "integer"),
    1700: "number",
    **dict.fromkeys((25, 1042, 1043), "text"),
    **dict.fromkeys((114, 3802), "json"),
}
#: MySQL's column types, as its protocol numbers them.
_MYSQL = {
    7: "utc",
    12: "local",
    10: "date",
    **dict.fromkeys((1, 2, 3, 8, 9, 13), "integer"),
    **dict.fromkeys((0, 246), "number"),
    **dict.fromkeys((253, 254, 252), "text"),
    245: "json",
}
_BY_DIALECT = {"postgresql": POSTGRESQL, "mysql": _MYSQL, "mariadb": _MYSQL}
_JSON_CHECK = re.compile(r"json_valid\(`(.+)`\)", re.IGNORECASE)


def native_kind(dialect: str, code: Any) -> str:
    """Return what a column holds: zoned, local, utc, date, integer, number, text, json; or unknown."""
    known = _BY_DIALECT.get(dialect, {})
    return known.get(code, "other" if known else "unknown") if isinstance(code, int) else "unknown"


def json_columns(connection: Connection, settings: SqlSettings, kinds: Mapping[str, str]) -> frozenset[str]:
    """Return the columns that hold JSON which the driver gives as text."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        return frozenset()
    found = {name for name, kind in kinds.items() if kind == "json"}
    if settings.table is not None and dialect == "sqlite":
        found |= _declared_json(connection, settings)
    if settings.table is not None and getattr(connection.dialect, "is_mariadb", False):
        found |= _checked_json(connection, settings)
    return frozenset(found & set(kinds))


def _declared_json(connection: Connection, settings: SqlSettings) -> set[str]:
    """SQLite keeps what a column was declared as."""
    said = text("SELECT name FROM pragma_table_info(:name, :schema) WHERE upper(type) IN ('JSON', 'JSONB')")
    rows = connection.execute(said, {"name": settings.table, "schema": settings.schema_ or "main"})
    return set(rows.scalars())


def _checked_json(connection: Connection, settings: SqlSettings) -> set[str]:
    """MariaDB makes JSON a text with a check on it."""
    said = text(
        "SELECT check_clause FROM information_schema.check_constraints"
        " WHERE constraint_schema = coalesce(:schema, database()) AND table_name = :name"
    )
    rows = connection.execute(said, {"name": settings.table, "schema": settings.schema_})
    matches = (_JSON_CHECK.fullmatch(clause) for clause in rows.scalars())
    return {match[1] for match in matches if match}
