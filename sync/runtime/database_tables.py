"""What tables a database has, and which of them are likely to hold leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr
from sqlalchemy import inspect

from sources._sql.database import Database
from sources._sql.settings import SqlSettings
from sources.base import SourceContext
from sync.runtime.duckdb_tables import duckdb_tables
from sync.suggesting.words import words_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Inspector

#: Tables that hold people, the likeliest first.
_PEOPLE = (
    *("lead", "leads", "prospect", "prospects", "inquiry", "inquiries", "anfragen", "interessenten"),
    *("contact", "contacts", "customer", "customers", "client", "clients", "people", "persons", "kunden"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table, with the columns that name a row for good."""

    name: str
    #: The primary key's columns, else those of a unique index; empty: there is none.
    key: tuple[str, ...]
    columns: tuple[str, ...]


def tables_of(url: str, directory: Path) -> list[Table]:
    """Return the tables and views of a database.

    Raises:
        SourceError: when it can't be reached.
        ValidationError: when the URL is none.

    """
    from zoneinfo import ZoneInfo

    # Whatever the table and the key are called: only the connection is made from these.
    settings = SqlSettings(url=SecretStr(url), table="-", key="-")
    database = Database(settings, SourceContext("init", directory, ZoneInfo("UTC")))
    try:
        with database.reading() as connection:
            if connection.dialect.name == "duckdb":
                return [Table(*told) for told in duckdb_tables(connection)]
            inspector = inspect(connection)
            views = set(inspector.get_view_names())
            names = [*inspector.get_table_names(), *sorted(views)]
            return [_table(inspector, name, view=name in views) for name in names]
    finally:
        database.close()


def likely(tables: list[Table]) -> Table | None:
    """Return the one table that is there, or the one that is called like leads; None when unsure."""
    if len(tables) == 1:
        return tables[0]
    named = [table for table in tables if set(words_of(table.name)) & set(_PEOPLE[:8])]
    named = named or [table for table in tables if set(words_of(table.name)) & set(_PEOPLE)]
    exact = [table for table in named if table.name.casefold() in _PEOPLE]
    chosen = exact if len(exact) == 1 else named
    return chosen[0] if len(chosen) == 1 else None


def _table(inspector: Inspector, name: str, *, view: bool) -> Table:
    columns = tuple(str(each["name"]) for each in inspector.get_columns(name))
    if view:
        return Table(name, (), columns)
    key = tuple(inspector.get_pk_constraint(name)["constrained_columns"])
    if not key:
        unique = [each["column_names"] for each in inspector.get_unique_constraints(name)]
        key = tuple(str(column) for column in next(iter(unique), ()))
    return Table(name, key, columns)
