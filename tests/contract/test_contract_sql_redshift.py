"""The `sql` source over Redshift's dialect and driver, on a PostgreSQL that stands for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from sources.errors import BadConfig, Denied, Unavailable
from sources.testing import Lead, PositionContract
from tests.contract.test_contract_sql import LACKS, WRONG
from tests.sql_databases import Table, opened, pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sources.sql import Sql

#: Redshift's clock, which PostgreSQL doesn't have.
CLOCK = (
    "CREATE FUNCTION getdate() RETURNS timestamp LANGUAGE sql AS $$ SELECT clock_timestamp()::timestamp $$"
)


@pytest.fixture
def table(postgres_url: str, tmp_path: Path) -> Iterator[Table]:
    for each in opened(postgres_url, tmp_path):
        each.run(CLOCK)
        each.run("CREATE TABLE leads (id integer primary key, name varchar(80), updated_at timestamptz)")
        yield each


def _source(table: Table, **said: Any) -> Sql:
    url = table.url.replace("postgresql+psycopg", "redshift") + "?sslmode=disable"
    return table.source(**{"url": url, "query": "SELECT * FROM leads WHERE name NOT LIKE 'x%'", **said})


def _with_password(table: Table, password: str) -> str:
    url = table.engine.url.set(drivername="redshift", password=password)
    return url.update_query_dict({"sslmode": "disable"}).render_as_string(hide_password=False)


class Leads:
    """A table of leads."""

    lacks: ClassVar[dict[str, str]] = LACKS

    def __init__(self, table: Table) -> None:
        self._table = table
        self._said: dict[str, Any] = {}
        self.secrets = (table.engine.url.password or "no password",)

    def put(self, leads: Sequence[Lead]) -> None:
        rows = [{"id": int(lead.key), "name": lead.name, "at": lead.changed} for lead in leads]
        self._table.run("DELETE FROM leads WHERE id = :id", rows)
        self._table.run("INSERT INTO leads VALUES (:id, :name, :at)", rows)

    def source(self) -> Sql:
        return _source(self._table, cursor="updated_at", **self._said)

    def break_down(self) -> None:
        self._table.run("DROP TABLE leads")

    def deny(self) -> None:
        self.secrets = (*self.secrets, WRONG)
        self._said = {"url": _with_password(self._table, WRONG)}


class TestRedshiftByPosition(PositionContract):
    @pytest.fixture
    def rig(self, table: Table) -> Leads:
        return Leads(table)


async def test_a_snapshot_is_streamed(table: Table) -> None:
    table.run("INSERT INTO leads SELECT n, 'Ada', now() FROM generate_series(1, 5000) AS n")
    found = await pages(_source(table), size=1000, stop=2)
    assert [len(page.records) for page in found] == [1000, 1000]


async def test_p10_what_it_refuses_is_sorted(table: Table) -> None:
    with pytest.raises(BadConfig, match=r'column "nothing" does not exist \(42703\)'):
        await pages(_source(table, query="SELECT id, nothing FROM leads"))
    table.run("INSERT INTO leads VALUES (1, 'Ada', now())")
    table.run("CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS 'DELETE FROM leads RETURNING 1'")
    with pytest.raises(Unavailable, match="longer than `timeout`"):
        await pages(_source(table, query="SELECT id FROM leads, pg_sleep(9) WHERE id > 0", timeout="1s"))
    with pytest.raises(BadConfig, match="25006"):
        await pages(_source(table, query="SELECT 1 AS id FROM writes()"))


async def test_p10_a_wrong_password_is_denied_and_not_shown(table: Table) -> None:
    shown = _with_password(table, "made-up-secret")
    with pytest.raises(Denied) as refused:
        await pages(_source(table, url=shown))
    assert "made-up-secret" not in str(refused.value)
