"""A layout: rows as some program writes them, and what each standard field should be made of."""

from __future__ import annotations

import csv
import io
import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests import sheet_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tests.suggesting.people import Person

#: A column, several in order, or a list of such of which any is right; None among them: not mapped at all.
Right = Any


@dataclass(frozen=True, slots=True)
class Layout:
    """One of them."""

    name: str
    #: The right column by standard field.
    right: Mapping[str, Right]
    #: Each column, and what it says of a person.
    columns: Mapping[str, Callable[[Person], Any]]
    seed: int
    number: int = 30
    #: How it is kept: csv, tsv16 (UTF-16), xlsx, sqlite, or records (as a JSON API gives them).
    kind: str = "csv"
    delimiter: str = ","
    #: Rows above the header.
    above: Sequence[Sequence[Any]] = ()
    #: The formats that times must be said to have, by field.
    formats: Mapping[str, str | None] = field(default_factory=dict)
    region: str | None = None
    #: Columns of a database: their types.
    types: Mapping[str, str] = field(default_factory=dict)

    def rows(self) -> list[list[Any]]:
        from tests.suggesting.people import people

        return [[say(each) for say in self.columns.values()] for each in people(self.seed, self.number)]

    def records(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows()]

    def write(self, directory: Path) -> str:
        """Write it, and return what `init --from` is given for it."""
        return {"csv": _csv, "tsv16": _tsv16, "xlsx": _xlsx, "sqlite": _sqlite}[self.kind](self, directory)


def _text(layout: Layout, delimiter: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([*layout.above, list(layout.columns), *layout.rows()])
    return out.getvalue()


def _csv(layout: Layout, directory: Path) -> str:
    (directory / f"{layout.name}.csv").write_text(_text(layout, layout.delimiter), encoding="utf-8")
    return f"{layout.name}.csv"


def _tsv16(layout: Layout, directory: Path) -> str:
    (directory / f"{layout.name}.csv").write_text(_text(layout, "\t"), encoding="utf-16")
    return f"{layout.name}.csv"


def _xlsx(layout: Layout, directory: Path) -> str:
    rows = [*layout.above, list(layout.columns), *layout.rows()]
    sheet_files.xlsx(directory / f"{layout.name}.xlsx", rows)
    return f"{layout.name}.xlsx"


def _sqlite(layout: Layout, directory: Path) -> str:
    connection = sqlite3.connect(directory / f"{layout.name}.db")
    columns = ", ".join(f'"{name}" {layout.types.get(name, "TEXT")}' for name in layout.columns)
    connection.execute(f"CREATE TABLE leads ({columns})")
    places = ", ".join("?" for _ in layout.columns)
    connection.executemany(f"INSERT INTO leads VALUES ({places})", layout.rows())
    connection.commit()
    connection.close()
    return f"sqlite:///{layout.name}.db"
