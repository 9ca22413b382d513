"""The `sql` source under the conformance suite, on each kind of database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from sources.testing import Lead, PositionContract, SnapshotContract, SourceContract
from tests.sql_databases import MOMENT, SERVERS, Table, opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sources.sql import Sql


#: Why the tests of these are skipped, on whatever database.
LACKS = {
    "limit": "a database sets no limit to how often it is asked; out of connections, it is unavailable",
    "loop": "the next page is asked for by the key of the last row, and not by anything the database gives",
}
WRONG = "another-than-the-password"


class Leads:
    """A table of leads, in a file."""

    lacks: ClassVar[dict[str, str]] = {**LACKS, "deny": "a file of SQLite asks nobody who they are"}

    def __init__(self, table: Table, **settings: Any) -> None:
        self._table = table
        self._settings = settings
        self.secrets = (table.engine.url.password or "no password",)
        moment = MOMENT[table.dialect]
        table.run(f"CREATE TABLE leads (id integer primary key, name varchar(80), updated_at {moment})")
        table.run("CREATE INDEX leads_changed ON leads (updated_at)")

    def put(self, leads: Sequence[Lead]) -> None:
        rows = [
            {"id": int(lead.key), "name": lead.name, "at": self._table.value(lead.changed)} for lead in leads
        ]
        self._table.run("DELETE FROM leads WHERE id = :id", rows)
        self._table.run("INSERT INTO leads VALUES (:id, :name, :at)", rows)

    def source(self) -> Sql:
        return self._table.source(**self._settings)

    def break_down(self) -> None:
        self._table.run("DROP TABLE leads")


class ServerLeads(Leads):
    """The same on a server, which asks for a password."""

    lacks: ClassVar[dict[str, str]] = LACKS

    def deny(self) -> None:
        self.secrets = (*self.secrets, WRONG)
        wrong = self._table.engine.url.set(password=WRONG)
        self._settings = {**self._settings, "url": wrong.render_as_string(hide_password=False)}


def filled(table: Table, **settings: Any) -> Leads:
    return (Leads if table.dialect == "sqlite" else ServerLeads)(table, **settings)


#: Queries and snapshots on MariaDB are in tests/integration/test_sql_tables.py.
FILE_AND_SERVER = pytest.mark.parametrize("table", ["sqlite_source_url", "postgres_url"], indirect=True)


@pytest.fixture(params=SERVERS)
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Table]:
    yield from opened(request.getfixturevalue(request.param), tmp_path)


class TestSqlByPosition(PositionContract):
    @pytest.fixture
    def rig(self, table: Table) -> Leads:
        return filled(table, cursor="updated_at")


@FILE_AND_SERVER
class TestSqlQueryByPosition(PositionContract):
    @pytest.fixture
    def rig(self, table: Table) -> Leads:
        query = "SELECT l.*, '10:30' AS seen FROM leads l WHERE name NOT LIKE 'x%' -- all of them"
        return filled(table, query=query, cursor="updated_at")


@FILE_AND_SERVER
class TestSqlSnapshot(SnapshotContract):
    @pytest.fixture
    def rig(self, table: Table) -> Leads:
        return filled(table)


class TestSqlRowVersions(SourceContract):
    @pytest.fixture
    def rig(self, postgres_url: str, tmp_path: Path) -> Iterator[Leads]:
        for table in opened(postgres_url, tmp_path):
            yield ServerLeads(table, cursor="xmin", cursor_type="row_version")
