"""What `leadrelay check` says of a database: what is there, how much, and whether an index helps."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, inspect, literal_column, select, text

from sources._sql.cursor_choice import choose_kind
from sources._sql.kinds import KINDS
from sources._sql.reading_versions import try_versions
from sources._sql.shape import look_at
from sources._sql.urls import dialect_name
from sources._wording import listed

if TYPE_CHECKING:
    from datetime import tzinfo

    from sqlalchemy.engine import Connection

    from sources._sql.database import Database
    from sources._sql.settings import SqlSettings
    from sources._sql.shape import Shape

#: Up to so many rows are counted; beyond, the database's own estimate has to do.
_COUNTED = 10_000
_MOST_NAMES = 12
_ESTIMATES = {
    "postgresql": "SELECT reltuples FROM pg_class WHERE oid = to_regclass(:name)",
    "mysql": "SELECT table_rows FROM information_schema.tables"
    " WHERE table_schema = coalesce(:schema, database()) AND table_name = :table",
}
_ESTIMATES["mariadb"] = _ESTIMATES["mysql"]


def look(database: Database, settings: SqlSettings, zone: tzinfo) -> str:
    """Say in one line what is there.

    Raises:
        SourceError: when it could not be polled as things stand.

    """
    with database.reading() as connection:
        scans = try_versions(connection, settings) if settings.by_row_version else ""
        shape = look_at(connection, settings)
        if settings.cursor is not None and not settings.by_row_version:
            choose_kind(connection, settings, shape, zone)
        rows = _rows(connection, settings, shape)
        missing = scans or _missing_index(connection, settings)
    names = listed(list(shape.columns), _MOST_NAMES)
    return f"{dialect_name(database.url)}, {settings.what}: {rows}, columns {names}{missing}"


def _rows(connection: Connection, settings: SqlSettings, shape: Shape) -> str:
    some = select(literal_column("1").label("one")).select_from(shape.origin).limit(_COUNTED + 1).subquery()
    count = connection.execute(select(func.count()).select_from(some)).scalar_one()
    if count <= _COUNTED:
        return f"{count:,} row{'' if count == 1 else 's'}"
    estimate = _estimate(connection, settings)
    return f"about {estimate:,} rows" if estimate > _COUNTED else f"more than {_COUNTED:,} rows"


def _estimate(connection: Connection, settings: SqlSettings) -> int:
    """Return the database's own estimate; 0 when it has none."""
    statement = _ESTIMATES.get(connection.dialect.name)
    if statement is None or settings.table is None:
        return 0
    quote = connection.dialect.identifier_preparer.quote_identifier
    name = ".".join(quote(part) for part in (settings.schema_, settings.table) if part)
    values = {"name": name, "schema": settings.schema_, "table": settings.table}
    wanted = {key: value for key, value in values.items() if f":{key}" in statement}
    return int(connection.execute(text(statement), wanted).scalar() or 0)


def _missing_index(connection: Connection, settings: SqlSettings) -> str:
    """Say so when a poll would have to look at every row to find those that have changed."""
    if settings.cursor is None:
        return "; no cursor, so each poll reads all rows"
    if settings.table is None or not _has_indexes(connection):
        return ""
    if settings.cursor in _leading_columns(connection, settings):
        return ""
    return f"; no index begins with {settings.cursor}, so each poll looks at all rows"


def _has_indexes(connection: Connection) -> bool:
    kind = KINDS.get(connection.dialect.name)
    return kind is None or kind.indexed


def _leading_columns(connection: Connection, settings: SqlSettings) -> set[Any]:
    """Return the columns that an index begins with; for a view we can't tell, and say nothing."""
    inspector = inspect(connection)
    name, schema = settings.table or "", settings.schema_
    if name not in inspector.get_table_names(schema=schema):
        return {settings.cursor}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an index on an expression is not what we look for
        indexes = inspector.get_indexes(name, schema=schema)
        unique = inspector.get_unique_constraints(name, schema=schema)
        primary = inspector.get_pk_constraint(name, schema=schema)
    lists = [each["column_names"] for each in indexes] + [each["column_names"] for each in unique]
    lists.append(primary["constrained_columns"])
    return {names[0] for names in lists if names}
