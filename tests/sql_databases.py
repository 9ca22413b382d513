"""Real databases with a table of leads, and the `sql` source over them."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, text

from sources.base import Page, PollRequest, Position, Record, SourceContext
from sources.sql import Sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

#: Every fixture that gives the URL of an empty database.
SERVERS = ("sqlite_source_url", "postgres_url", "mariadb_url")
MOMENT = {
    "sqlite": "timestamp",
    "postgresql": "timestamp with time zone",
    "mysql": "timestamp(6) null default null",
}
LOCAL = {"sqlite": "timestamp", "postgresql": "timestamp", "mysql": "datetime(6)"}


@dataclass
class Table:
    """A database with the source's settings; what is run here is committed at once."""

    url: str
    directory: Path = field(default_factory=Path)
    zone: tzinfo = UTC
    engine: Engine = field(init=False)
    #: The sources made here, closed when the test is over.
    sources: list[Sql] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine = create_engine(self.url)

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    def run(self, statement: str, rows: Sequence[dict[str, Any]] = ()) -> None:
        with self.engine.begin() as connection:
            if self.dialect == "mysql":
                connection.exec_driver_sql("SET time_zone = '+00:00'")
            connection.execute(text(statement), list(rows)) if rows else connection.execute(text(statement))

    def source(self, **said: Any) -> Sql:
        settings = {"url": self.url, "key": "id", **said}
        if "query" not in settings:
            settings.setdefault("table", "leads")
        source = Sql(Sql.Settings(**settings), SourceContext("orders", self.directory, self.zone))
        self.sources.append(source)
        return source

    def value(self, at: datetime) -> Any:
        """Return a moment as it is inserted: aware, or in UTC without a zone."""
        if self.dialect == "postgresql":
            return at
        local = at.astimezone(UTC).replace(tzinfo=None)
        return local.isoformat(" ") if self.dialect == "sqlite" else local


def opened(url: str, directory: Path, zone: tzinfo = UTC) -> Iterator[Table]:
    """Yield a table, for a fixture."""
    table = Table(url, directory, zone)
    yield table
    for source in table.sources:
        source._database.close()
    table.engine.dispose()


async def pages(
    source: Sql, position: Position | None = None, *, size: int = 500, stop: int | None = None, **request: Any
) -> list[Page]:
    """Poll, and close the source; break off after so many pages."""
    found: list[Page] = []
    try:
        async with aclosing(source.poll(PollRequest(position, page_size=size, **request))) as each:
            async for page in each:
                found.append(page)
                if len(found) == stop:
                    break
    finally:
        await source.close()
    return found


def records(found: Sequence[Page]) -> list[Record]:
    return [record for page in found for record in page.records]


def keys(found: Sequence[Page]) -> list[str]:
    return [record.key for record in records(found)]


def bad(found: Sequence[Page]) -> list[str]:
    return [str(each) for page in found for each in page.bad]


def notes(found: Sequence[Page]) -> list[str]:
    return [note for page in found for note in page.notes]
