"""What there is to read: the columns of the table or query, and what they hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import compress
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, TextClause, cast, column, inspect, literal_column, select, table, text
from sqlalchemy.sql.elements import quoted_name

from sources._sql.column_types import json_columns, native_kind
from sources._sql.inexact import refuse_inexact
from sources._sql.kinds import KINDS
from sources._sql.ranked import ranked_columns
from sources._wording import did_you_mean, listed
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, FromClause, Select
    from sqlalchemy.engine import Connection
    from sqlalchemy.types import TypeEngine

    from sources._sql.databases.kind import DatabaseKind
    from sources._sql.settings import SqlSettings

#: Where a name means exactly itself once it is quoted, and our names come from the database.
_EXACT = ("postgresql", "sqlite", "mysql", "mariadb")
#: Not `false()`, which not every dialect writes so that its servers take it.
_NOTHING = literal_column("1") == literal_column("0")
_OF_VERSIONS = " (PostgreSQL's own goes with `cursor_type: row_version`)"


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of what is read."""

    #: What to select from.
    origin: FromClause
    #: The columns by their names, in order.
    columns: Mapping[str, ColumnElement[Any]]
    #: What the database says that a column holds; see `native_kind`.
    kinds: Mapping[str, str] = field(default_factory=dict)
    #: The columns that hold JSON which the driver gives as text.
    json: frozenset[str] = frozenset()
    #: The columns whose own order is not that of their texts.
    ranked: frozenset[str] = frozenset()

    def sorting(self, names: Sequence[str]) -> tuple[ColumnElement[Any], ...]:
        """Return what rows are sorted by, and compared with, for these columns."""
        return tuple(
            cast(self.columns[name], String()) if name in self.ranked else self.columns[name]
            for name in names
        )


def look_at(connection: Connection, settings: SqlSettings) -> Shape:
    """Ask for the columns of what the settings name, and find key and cursor among them.

    Raises:
        BadConfig: when there is no such table or column; the message lists those there are.

    """
    peculiar = KINDS.get(connection.dialect.name)
    exact = peculiar.exact if peculiar else connection.dialect.name in _EXACT
    described, ranked = _describe(connection, settings, exact=exact)
    names = [name for name, _ in described]
    _refuse_twins(names)
    for name in settings.key_columns:
        _require(name, names, "key", settings)
    if settings.cursor_column is not None:
        _require(settings.cursor_column, names, "cursor", settings)
    refuse_inexact(connection.dialect.name, dict(described), settings)
    by = settings.cursor_column
    columns: dict[str, ColumnElement[Any]] = {
        name: column(_quoted(name, exact=exact), _travels_as(peculiar, native, by=name == by))
        for name, native in described
    }
    holds = peculiar.holds if peculiar else partial(native_kind, connection.dialect.name)
    kinds = {name: holds(native) for name, native in described}
    origin = _origin(settings, list(columns.values()), exact=exact)
    return Shape(origin, columns, kinds, json_columns(connection, settings, kinds), ranked)


def _describe(
    connection: Connection, settings: SqlSettings, *, exact: bool
) -> tuple[list[tuple[str, Any]], frozenset[str]]:
    """Return each column with what the driver calls its type, and those that are sorted by a rank."""
    if settings.table is not None:
        _require_table(connection, settings, settings.table)
    everything: Select[Any] = (
        select(literal_column("*")).select_from(_origin(settings, [], exact=exact)).where(_NOTHING)
    )
    with connection.execute(everything) as result:
        described = result.cursor.description or ()
        names, natives = [*map(str, result.keys())], [part[1] for part in described]
        ranked = frozenset(compress(names, ranked_columns(connection.dialect.name, result.cursor)))
    peculiar = KINDS.get(connection.dialect.name)
    if peculiar is not None and peculiar.types is not None:
        natives = list(peculiar.types(connection, everything))
    return list(zip(names, natives, strict=True)), ranked


def _travels_as(peculiar: DatabaseKind | None, native: Any, *, by: bool) -> TypeEngine[Any] | None:
    """Return how a column is selected and compared; None: as it is. A cursor is, to its last digit."""
    if peculiar is None:
        return None
    return peculiar.cursor_type(native) if by else peculiar.field_type(native)


def _origin(settings: SqlSettings, columns: Sequence[Any], *, exact: bool) -> FromClause:
    if settings.table is not None:
        schema = _quoted(settings.schema_, exact=exact) if settings.schema_ else None
        return table(_quoted(settings.table, exact=exact), *columns, schema=schema)
    return _as_written(settings.query or "").columns(*columns).subquery("leads")


def _as_written(query: str) -> TextClause:
    """Return a query that means what the user wrote; it may end in a comment.

    SQLAlchemy takes the backslash from before a colon, and leaves every other one where it is.
    """
    return text(query.strip().rstrip(";").replace(":", r"\:") + "\n")


def _quoted(name: str, *, exact: bool) -> str:
    return quoted_name(name, quote=True) if exact else name


def _require_table(connection: Connection, settings: SqlSettings, name: str) -> None:
    """Refuse a table that isn't there."""
    inspector = inspect(connection)
    schema = settings.schema_
    if inspector.has_table(name, schema=schema):
        return
    there = sorted({*inspector.get_table_names(schema=schema), *inspector.get_view_names(schema=schema)})
    where = f" in schema {schema}" if schema else ""
    hint = did_you_mean(name, there)
    if "." in name and not schema and not hint:
        first, _, rest = name.partition(".")
        hint = f" (write `schema: {first}` and `table: {rest}`)"
    known = f"there are {listed(there)}" if there else "there is none that this user can see"
    raise BadConfig(f'no table or view "{name}"{where}{hint}: {known}', "table")


def _require(name: str, names: Sequence[str], setting: str, settings: SqlSettings) -> None:
    if name not in names:
        there = f"{settings.what} has {listed(names)}"
        hint = did_you_mean(name, names) or (_OF_VERSIONS if name == "xmin" else "")
        raise BadConfig(f'no column "{name}"{hint}: {there}', setting)


def _refuse_twins(names: Sequence[str]) -> None:
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise BadConfig(
            f"the query gives more than one column called {listed(twins)}: name them apart with `as`", "query"
        )
