"""The `sql` source under the conformance suite, on DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sources.testing import Lead, PositionContract, SnapshotContract
from tests.duckdb_tables import DuckTable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sources.sql import Sql


class Leads:
    """A table of leads, whose times are finer than Python's."""

    secrets = ("no password",)

    def __init__(self, table: DuckTable, **settings: Any) -> None:
        self._table = table
        self._settings = settings
        table.run("CREATE TABLE leads (id integer primary key, name varchar, updated_at timestamp_ns)")

    def put(self, leads: Sequence[Lead]) -> None:
        rows = [(int(lead.key), lead.name, lead.changed) for lead in leads]
        self._table.run("INSERT OR REPLACE INTO leads VALUES ($1, $2, $3)", rows)

    def source(self) -> Sql:
        return self._table.source(**self._settings)

    def break_down(self) -> None:
        self._table.run("DROP TABLE leads")


class TestDuckdbByNanoseconds(PositionContract):
    @pytest.fixture
    def rig(self, tmp_path: Path) -> Leads:
        return Leads(DuckTable(tmp_path), cursor="updated_at")


class TestDuckdbQuerySnapshot(SnapshotContract):
    @pytest.fixture
    def rig(self, tmp_path: Path) -> Leads:
        return Leads(DuckTable(tmp_path), query="SELECT * FROM leads WHERE name NOT LIKE 'x%' -- all")
