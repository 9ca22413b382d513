"""DuckDB files with a table of leads: written and closed, since a file that is open keeps others out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

import duckdb

from sources.base import SourceContext
from sources.sql import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo
    from pathlib import Path


@dataclass
class DuckTable:
    """A file with the source's settings."""

    directory: Path
    zone: tzinfo = UTC
    name: str = "leads.duckdb"

    @property
    def file(self) -> Path:
        return self.directory / self.name

    def run(self, statement: str, rows: Sequence[Sequence[Any]] = ()) -> None:
        with duckdb.connect(str(self.file)) as connection:
            if rows:
                connection.executemany(statement, [list(row) for row in rows])
            else:
                connection.execute(statement)

    def source(self, **said: Any) -> Sql:
        settings = {"url": f"duckdb:///{self.name}", "key": "id", **said}
        if "query" not in settings:
            settings.setdefault("table", "leads")
        return Sql(Sql.Settings(**settings), SourceContext("orders", self.directory, self.zone))
