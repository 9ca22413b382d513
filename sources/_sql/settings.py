"""What stands in connector.yaml under a source of type `sql`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from pydantic import ConfigDict, Field, SecretStr, field_validator, model_validator

from sources._sql.urls import dialect_name, read_url
from sources.base import SourceSettings
from sources.units import Duration  # noqa: TC001 pydantic reads it

CursorType = Literal["timestamp", "integer", "text", "row_version"]
#: PostgreSQL's version of a row, which every table has and no list of columns shows.
_HIDDEN = "xmin"


class SqlSettings(SourceSettings):
    """A table, a view or a query of a database."""

    model_config = ConfigDict(hide_input_in_errors=True)

    url: SecretStr = Field(
        description="Where the database is, as SQLAlchemy writes it; docs/sources.md shows it for each kind. "
        "A file, of SQLite or DuckDB, is relative to connector.yaml, and is only read.",
        examples=["postgresql://user:password@db.example.com/shop", "sqlite:///data/shop.db"],
    )
    table: str | None = Field(
        None, min_length=1, description="The table or view to read.", examples=["leads"]
    )
    query: str | None = Field(
        None,
        min_length=1,
        description="A SELECT to read instead of a table; it has the columns of `key` and `cursor`.",
        examples=["select l.*, c.name as campaign from leads l join campaigns c on c.id = l.campaign_id"],
    )
    schema_: str | None = Field(
        None,
        alias="schema",
        min_length=1,
        description="The schema that the table is in; the database's default.",
        examples=["crm"],
    )
    key: str | list[str] = Field(
        min_length=1,
        description="The column that names a record for good, or a list of columns.",
        examples=["id", ["store_id", "lead_no"]],
    )
    cursor: str | None = Field(
        None,
        min_length=1,
        description="The column that grows with every change of a row, with an index on it. Without one, "
        "each poll reads all rows and compares them.",
        examples=["updated_at", "xmin"],
    )
    cursor_type: CursorType = Field(
        "timestamp",
        description="What the cursor holds: a timestamp or date, an integer that only grows, text that sorts "
        "in the order of change, or row_version: PostgreSQL's `xmin`, which every table has, or a column of "
        "SQL Server's type rowversion, for tables without a time.",
        examples=["integer", "row_version"],
    )
    timeout: Duration = Field(
        timedelta(seconds=60), description="How long the database may take over one answer."
    )

    notify: str | None = Field(
        None,
        min_length=1,
        max_length=63,
        description="PostgreSQL: a channel that a trigger of yours notifies of changes, so that `run` polls "
        "at once, whatever the schedule. The trigger is in docs/operations.md.",
        examples=["leads_changed"],
    )

    @field_validator("url")
    @classmethod
    def _is_a_url(cls, value: SecretStr) -> SecretStr:
        """Refuse what is not a database's URL, without saying what it is: it may hold a password."""
        read_url(value.get_secret_value())
        return value

    @field_validator("key")
    @classmethod
    def _columns_named_once(cls, value: str | list[str]) -> str | list[str]:
        """Refuse blank and repeated column names."""
        names = [value] if isinstance(value, str) else value
        if not all(names) or len(set(names)) != len(names):
            message = "name each key column once"
            raise ValueError(message)
        return value

    @field_validator("timeout")
    @classmethod
    def _some_time(cls, value: timedelta) -> timedelta:
        """Refuse a time in which nothing can be answered."""
        if value < timedelta(seconds=1):
            message = "give the database a second at least"
            raise ValueError(message)
        return value

    @model_validator(mode="before")
    @classmethod
    def _one_of_both(cls, data: Any) -> Any:
        """Refuse neither and both of table and query, and what goes with the other."""
        if not isinstance(data, dict):
            return data
        given = [name for name in ("table", "query") if data.get(name) is not None]
        if len(given) != 1:
            message = "give `table` or `query`" + (", not both" if given else ": one of them is required")
            raise ValueError(message)
        if "query" in given and data.get("schema") is not None:
            message = "`schema` goes with `table`; a query names the schema itself"
            raise ValueError(message)
        if data.get("cursor") is None and data.get("cursor_type") is not None:
            message = "`cursor_type` is given and `cursor` is not"
            raise ValueError(message)
        return data

    @model_validator(mode="after")
    def _notified(self) -> SqlSettings:
        """Refuse to listen to a database that says nothing."""
        kind = read_url(self.url.get_secret_value())
        if self.notify is not None and kind.get_backend_name() != "postgresql":
            message = f"`notify` is PostgreSQL's, and `url` is of {dialect_name(kind)}: leave `notify` out"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _versioned(self) -> SqlSettings:
        """Refuse row versions where there are none."""
        if not self.by_row_version:
            return self
        kind = read_url(self.url.get_secret_value())
        if kind.get_backend_name() not in ("postgresql", "mssql"):
            message = f"`row_version` is of PostgreSQL and SQL Server, and `url` is of {dialect_name(kind)}"
            raise ValueError(message)
        if self._on_postgresql and (self.cursor != _HIDDEN or self.table is None):
            message = f"PostgreSQL's row versions are those of a table: give `table` and `cursor: {_HIDDEN}`"
            raise ValueError(message)
        return self

    @property
    def by_row_version(self) -> bool:
        """Whether the database's own numbers say what has changed."""
        return self.cursor_type == "row_version"

    @property
    def cursor_column(self) -> str | None:
        """The cursor, where it is a column as others are; PostgreSQL's `xmin` is none."""
        return None if self.by_row_version and self._on_postgresql else self.cursor

    @property
    def _on_postgresql(self) -> bool:
        return read_url(self.url.get_secret_value()).get_backend_name() == "postgresql"

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The key's columns, in order."""
        return (self.key,) if isinstance(self.key, str) else tuple(self.key)

    @property
    def setting(self) -> str:
        """The name of the setting that says what to read."""
        return "table" if self.table is not None else "query"

    @property
    def what(self) -> str:
        """What is read, for messages."""
        return f"table {self.table}" if self.table is not None else "the query"
