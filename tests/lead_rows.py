"""Rows of made-up leads, in a sheet or in a table of a real database."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Engine

START = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
COLUMNS = ("id", "name", "phone", "email", "status", "plan", "updated_at")
Row = dict[str, Any]


def lead(number: int, **other: Any) -> Row:
    """Return the row of a lead, changed that many seconds after `START`."""
    return {
        "id": str(number),
        "name": f"Forename{number}",
        "phone": f"(804) 555-01{number % 100:02}",
        "email": f"lead{number}@example.com",
        "status": "new",
        "plan": "gold",
        "updated_at": at(number),
        **other,
    }


def leads(count: int, first: int = 1, **other: Any) -> list[Row]:
    """Return the rows of so many leads."""
    return [lead(number, **other) for number in range(first, first + count)]


def at(seconds: float) -> str:
    """Return a moment so long after `START`, as text in UTC."""
    return (START + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")


def write_sheet(path: Path, rows: Iterable[Mapping[str, Any]], columns: Iterable[str] = COLUMNS) -> None:
    """Save a sheet as a spreadsheet program does: whole, in one moment."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(columns), extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    beside.replace(path)


_TYPES = {"sqlite": "datetime", "postgresql": "timestamp with time zone", "mysql": "datetime"}


@dataclass
class LeadTable:
    """The table `leads` in a database; every change here is committed at once."""

    url: str
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = create_engine(self.url)
        moment = _TYPES[self.engine.dialect.name]
        texts = ", ".join(f"{name} varchar(80)" for name in COLUMNS[1:-1])
        self.run(f"create table leads (id varchar(20) primary key, {texts}, updated_at {moment})")
        self.run("create index leads_by_change on leads (updated_at, id)")

    def run(self, statement: str, rows: list[Row] | None = None) -> None:
        """Run a statement once, or for each row."""
        with self.engine.begin() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execute(text("set time zone 'UTC'"))
            connection.execute(text(statement), rows or {})

    def insert(self, *rows: Row) -> None:
        """Add rows."""
        marks = ", ".join(f":{name}" for name in COLUMNS)
        self.run(f"insert into leads ({', '.join(COLUMNS)}) values ({marks})", list(rows))

    def update(self, number: int | str, **changes: Any) -> None:
        """Change a row."""
        settings = ", ".join(f"{name} = :{name}" for name in changes)
        self.run(f"update leads set {settings} where id = :id", [{"id": str(number), **changes}])

    def close(self) -> None:
        """Let the database go."""
        self.engine.dispose()


def opened_table(url: str) -> Iterator[LeadTable]:
    """Yield a table, for a fixture."""
    table = LeadTable(url)
    yield table
    table.close()
