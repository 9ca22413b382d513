"""The `sql` source under the conformance suite, on DuckDB."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from sources.testing import Lead, PositionContract, SnapshotContract
from tests.contract.test_contract_sql import LACKS
from tests.duckdb_tables import DuckTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sources.sql import Sql


class Leads:
    """A table of leads, whose times are finer than Python's."""

    secrets = ("no password",)
    lacks: ClassVar[dict[str, str]] = {**LACKS, "deny": "a file of DuckDB asks nobody who they are"}

    def __init__(self, table: DuckTable, **settings: Any) -> None:
        self._table = table
        self._settings = settings
        self._kept = ExitStack()
        table.run("CREATE TABLE leads (id integer primary key, name varchar, updated_at timestamp_ns)")

    def put(self, leads: Sequence[Lead]) -> None:
        values = [value for lead in leads for value in (int(lead.key), lead.name, lead.changed)]
        marks = ", ".join(["(?, ?, ?)"] * len(leads))  # one statement: one for each row takes DuckDB long
        self.close()
        self._table.run(f"INSERT OR REPLACE INTO leads VALUES {marks}", [values])

    def source(self) -> Sql:
        """Return the source, with the file open beside it as long as nobody writes.

        DuckDB takes longer to read a file in than to answer, and a poll opens it for every page. That it is
        closed again is shown here as well: while it is open, nobody can write to it.
        """
        self.close()
        keeper = self._table.source(**self._settings)
        self._kept.callback(keeper._database.close)
        self._kept.enter_context(keeper._database.reading())
        return self._table.source(**self._settings)

    def break_down(self) -> None:
        self.close()
        self._table.run("DROP TABLE leads")

    def close(self) -> None:
        self._kept.close()


class TestDuckdbByNanoseconds(PositionContract):
    @pytest.fixture
    def rig(self, tmp_path: Path) -> Iterator[Leads]:
        with closing(Leads(DuckTable(tmp_path), cursor="updated_at")) as leads:
            yield leads


class TestDuckdbQuerySnapshot(SnapshotContract):
    @pytest.fixture
    def rig(self, tmp_path: Path) -> Iterator[Leads]:
        query = "SELECT * FROM leads WHERE name NOT LIKE 'x%' -- all"
        with closing(Leads(DuckTable(tmp_path), query=query)) as leads:
            yield leads
