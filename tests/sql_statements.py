"""What the `sql` source sends to databases whose servers can't be had here: `python -m tests.sql_statements`
writes it down in tests/unit/golden/sql, to be read as a difference."""

from __future__ import annotations

import asyncio
import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

from sources.base import Position, SourceContext, Window
from sources.sql import Sql
from tests.recording_driver import Answer, Connection, Recorder
from tests.sql_databases import pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

GOLDEN = Path(__file__).parent / "unit" / "golden" / "sql"
AT = datetime(2026, 3, 2, 15, 0, 0, 123456, UTC)
#: Statements that SQLAlchemy makes to learn of the server, not ours to hold.
_ITSELF = re.compile(
    r"@@version|transaction_isolation_level|schema_name\(\)|sys\.(system_views|objects)|test max|fn_listext"
    r"|current_(schema|version|database)|all_(tables|views|mviews|objects)|0\.1|information_schema"
    r"|^(SHOW|DESC|DESCRIBE) |SELECT 1(?! )|SELECT 1 FROM DUAL",
    re.IGNORECASE,
)


@dataclass
class Server:
    """A database that only answers what the source asks."""

    url: str
    #: Where the driver's `connect` stands.
    driver: Callable[[], Any]
    #: The driver's types of an integer, a text, a count and the cursor.
    types: tuple[Any, Any, Any]
    #: The cursor of three rows, as the driver gives it.
    raw: Sequence[Any]
    #: The database's clock, as the driver gives it.
    now: Any
    names: tuple[str, str, str] = ("id", "name", "updated_at")
    #: What the server calls the types, where it is asked.
    declared: Sequence[str] = ()
    _given: int = 0

    def answer(self, statement: str) -> Answer:
        if "dm_exec_describe" in statement:
            return Answer([("system_type_name", 1)], [(each,) for each in self.declared])
        if _ITSELF.search(statement):
            named = [("name", self.types[1]), ("schema", self.types[1])]
            return Answer(named, [(_about_itself(statement), "CRM")], about_itself=True)
        return self._ours(statement)

    def _ours(self, statement: str) -> Answer:
        columns = list(zip(self.names, self.types, strict=True))
        if "count(" in statement.lower():
            return Answer([("count", self.types[0])], [(3,)])
        if "leads" not in statement:
            return Answer([("now", self.types[2])], [(self.now,)])
        if " DESC" in statement:
            return Answer(columns[2:], [(self.raw[-1],)])
        return Answer(columns, () if "1 = 0" in statement else self._rows(statement))

    def _rows(self, statement: str) -> list[Any]:
        """Answer the first two pages with rows, and what has no time or no key with none."""
        rows = [(7 + n, "Ada", raw) for n, raw in enumerate(self.raw)]
        if "IS NULL" in statement and "ORDER BY" not in statement:
            return []
        if "ORDER BY" not in statement:
            return rows
        if re.search(r"updated_at\W* IS NULL", statement):
            return []
        start, self._given = self._given, self._given + 2
        return rows[start : start + 2]


def _about_itself(statement: str) -> str:
    answers = {
        "isolation_level": "READ COMMITTED",
        "@@version": "Microsoft SQL Server 2022 - 16.0.1000.6",
        "VERSION": "9.40.0",
        "all_": "LEADS",
    }
    return next((said for words, said in answers.items() if words in statement), "leads")


@contextmanager
def connected(server: Server) -> Iterator[Recorder]:
    """Have the driver connect to what is written down."""
    recorder = Recorder(server.answer)
    # a server of this kind can't be had here
    with mock.patch.object(server.driver(), "connect", recorder.connect):
        yield recorder


def statements_of(name: str) -> str:
    """Return all that the source sends, by what it was asked for."""
    return asyncio.run(_asked(SERVERS[name]()))


async def _asked(server: Server) -> str:
    at = Position(AT)
    by_time = {"table": "leads", "schema": "crm", "cursor": "updated_at"}
    query = {"query": "SELECT * FROM crm.leads WHERE name <> 'x:y'", "cursor": "updated_at"}
    parts = [
        ("two pages", by_time, lambda source: pages(source, size=2)),
        ("from a position on", by_time, lambda source: pages(source, at, size=2)),
        (
            "a span of time",
            by_time,
            lambda source: pages(source, size=9, window=Window(AT, AT.replace(year=2027))),
        ),
        ("the newest", by_time, lambda source: source.latest()),
        ("by keys", by_time, lambda source: source.fetch(["7", "8"])),
        ("by two keys", {**by_time, "key": ["id", "name"]}, lambda source: source.fetch(["7|Ada"])),
        ("whole", {"table": "leads"}, pages),
        ("a look", {"table": "leads"}, lambda source: source.check()),
        ("a query", query, lambda source: pages(source, at, size=9)),
        ("a key that is the cursor", {"table": "leads", "cursor": "id", "cursor_type": "integer"}, pages),
    ]
    said = []
    for title, settings, asked in parts:
        server._given = 0
        with connected(server) as recorder:
            source = Sql(_settings(server, settings), SourceContext("orders", Path(), UTC))
            await asked(source)
            await source.close()
        said.append("\n".join([f"-- {title}", *recorder.statements, ""]))
    return "\n".join(said)


def _settings(server: Server, said: dict[str, Any]) -> Any:
    return Sql.Settings(**{"url": server.url, "key": "id", **said})


def _mssql() -> Server:
    import pymssql

    texts = [f"2026-03-02T15:00:0{n}.1234567" for n in range(3)]
    declared = ("int", "nvarchar(80)", "datetime2(7)")
    return Server(
        "mssql://me:made-up@db.example.com/shop", lambda: pymssql, (3, 1, 4), texts, AT, declared=declared
    )


def _oracle() -> Server:
    import oracledb

    types = (oracledb.DB_TYPE_NUMBER, oracledb.DB_TYPE_VARCHAR, oracledb.DB_TYPE_TIMESTAMP_TZ)
    texts = [f"2026-03-02T15:00:0{n}.123456789+00:00" for n in range(3)]
    url = "oracle://me:made-up@db.example.com/?service_name=SHOP"
    return Server(url, lambda: oracledb, types, texts, AT.replace(tzinfo=None), ("ID", "NAME", "UPDATED_AT"))


def _snowflake() -> Server:
    import snowflake.connector

    texts = [f"2026-03-02T15:00:0{n}.123456789" for n in range(3)]
    url = "snowflake://me:made-up@my_org-account/SHOP/CRM?warehouse=SMALL"
    types, names = (0, 2, 8), ("ID", "NAME", "UPDATED_AT")
    return Server(url, lambda: snowflake.connector, types, texts, AT.replace(tzinfo=None), names)


def _bigquery() -> Server:
    from google.cloud.bigquery import dbapi

    Connection._client = SimpleNamespace(get_table=lambda _reference: None)  # type: ignore[attr-defined]
    url = "bigquery://my-project/crm?user_supplied_client=true"
    moments = [AT.replace(second=n) for n in range(3)]
    return Server(url, lambda: dbapi, ("INTEGER", "STRING", "TIMESTAMP"), moments, AT)


SERVERS: dict[str, Callable[[], Server]] = {
    "bigquery": _bigquery,
    "mssql": _mssql,
    "oracle": _oracle,
    "snowflake": _snowflake,
}


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for each in SERVERS:
        (GOLDEN / f"{each}.sql").write_text(statements_of(each), encoding="utf-8")
