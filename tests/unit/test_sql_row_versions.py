"""Row versions without a server: where a poll begins, and what is sent to SQL Server, which is not here."""

from __future__ import annotations

import json
import re
from ast import literal_eval
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sources._sql.row_versions import Horizon, reading
from sources.base import Position, SourceContext
from sources.errors import BadConfig
from sources.sql import Sql, SqlSettings
from tests.recording_driver import Answer
from tests.sql_databases import keys, pages, records
from tests.sql_statements import Server, connected

URL = "postgresql://db.example.com/shop"
SETTINGS = SqlSettings(url=URL, table="leads", key="id", cursor="xmin", cursor_type="row_version")
T0 = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PRIMARY = Horizon("shop", T0, lowest=990, upcoming=1_000, reach=2**31)


def _after(horizon: Horizon) -> Position:
    """Return the position after a poll at this horizon."""
    now = reading(None, horizon, SETTINGS)
    assert now
    return now.done()


def test_p1_a_poll_begins_at_the_horizon_of_the_one_before() -> None:
    position = _after(PRIMARY)
    now = reading(position, replace(PRIMARY, at=T0 + HOUR, lowest=1_200, upcoming=1_201), SETTINGS)
    assert now
    assert (now.since, now.until, now.note) == (990, 1_200, None)
    assert now.changed == "2026-03-02 16:00:00.000000 UTC, or before"


def test_p1_a_poll_broken_off_ends_at_the_horizon_that_it_began_with() -> None:
    first = reading(_after(PRIMARY), replace(PRIMARY, lowest=1_200, upcoming=1_300), SETTINGS)
    assert first
    later = replace(PRIMARY, lowest=1_500, upcoming=1_501)
    now = reading(first.at((7, b"\0")), later, SETTINGS)
    assert now
    assert (now.since, now.until, now.place) == (990, 1_200, (7, b"\0"))
    assert json.loads(now.done().token or "")["since"] == "1200"


def test_p4_a_replica_that_is_behind_is_waited_for() -> None:
    behind = replace(PRIMARY, lowest=900, upcoming=901, follows=True)
    assert reading(_after(PRIMARY), behind, SETTINGS) is None
    now = reading(_after(PRIMARY), replace(behind, follows=False), SETTINGS)
    assert now
    assert now.since is None


def test_p1_numbers_may_be_given_again_by_a_server_that_was_started_anew() -> None:
    first = replace(PRIMARY, run="Monday")
    position = _after(first)
    same = reading(position, replace(first, upcoming=1_200), SETTINGS)
    anew = reading(position, replace(first, upcoming=1_200, run="Tuesday"), SETTINGS)
    assert same
    assert anew
    assert (same.since, anew.since) == (990, None)
    assert "started anew" in str(anew.note)


def test_p1_a_replica_read_in_between_does_not_hide_that_the_primary_was_started_anew() -> None:
    first = replace(PRIMARY, run="Monday")
    replica = replace(PRIMARY, follows=True)
    between = reading(_after(first), replica, SETTINGS)
    assert between
    back = reading(between.done(), first, SETTINGS)
    anew = reading(between.done(), replace(first, run="Tuesday"), SETTINGS)
    promoted = reading(_after(replica), first, SETTINGS)
    assert [each and each.since for each in (between, back, anew, promoted)] == [990, 990, None, None]


def test_p1_positions_move_on_whatever_the_clock_does() -> None:
    position = _after(PRIMARY)
    now = reading(position.moved_back(HOUR), replace(PRIMARY, at=T0 - HOUR), SETTINGS)
    assert now
    assert position.is_before(now.done())


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"cursor": "updated_at"}, "give `table` and `cursor: xmin`"),
        ({"table": None, "query": "SELECT *, xmin FROM leads"}, "give `table` and `cursor: xmin`"),
        ({"url": "mysql://db.example.com/shop"}, "of PostgreSQL and SQL Server, and `url` is of MySQL"),
        ({"cursor": None}, "`cursor` is not"),
    ],
)
def test_row_versions_are_declared_where_there_are_some(said: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        SqlSettings(
            **{"url": URL, "table": "leads", "key": "id", "cursor": "xmin", **said}, cursor_type="row_version"
        )


def test_a_column_that_happens_to_be_called_xmin_is_a_column() -> None:
    server = SqlSettings(
        url="mssql://db.example.com/shop", table="leads", key="id", cursor="xmin", cursor_type="row_version"
    )
    assert (server.cursor_column, SETTINGS.cursor_column) == ("xmin", None)


#: Parameters as they are written down behind a statement.
_GIVEN = re.compile(r"(param_\d+)=(b'[^']*'|\d+)")
VERSIONS = [(2_001 + n).to_bytes(8, "big") for n in range(3)]


class SqlServer(Server):
    """Answers of SQL Server: three rows, and one that is not committed yet."""

    lowest, newest = 2_004, 2_004
    started, takes = "2026-03-01T00:00:00", "READ_WRITE"

    def answer(self, statement: str) -> Answer:
        if "MIN_ACTIVE_ROWVERSION" in statement:
            names = ("lowest", "newest", "server", "name", "made", "fork", "object", "run", "takes")
            known = ("DB1", "shop", "2026-01-01T00:00:00", None, 99, self.started, self.takes)
            row = (self.lowest.to_bytes(8, "big"), self.newest.to_bytes(8, "big"), *known)
            return Answer([(name, 1) for name in names], [row])
        return super().answer(statement)


def _server(declared: str = "timestamp") -> SqlServer:
    import pymssql

    url = "mssql://me:made-up@db.example.com/shop"
    types = ("int", "nvarchar(80)", declared)
    return SqlServer(url, lambda: pymssql, (3, 1, 2), VERSIONS, T0, ("id", "name", "rv"), types)


def _source(server: Server) -> Sql:
    settings = Sql.Settings(
        url=server.url, table="leads", schema="crm", key="id", cursor="rv", cursor_type="row_version"
    )
    return Sql(settings, SourceContext("orders", Path(), UTC))


def _of_rows(statements: list[str]) -> list[str]:
    """Return what is asked of rows, with the values in their places, versions as SQL Server writes them."""
    found = []
    for each in (
        each.replace("[crm].[leads].", "") for each in statements if "TOP" in each and "WHERE" in each
    ):
        asked, _, given = each.partition("  -- ")
        values = {name: literal_eval(value) for name, value in _GIVEN.findall(given)}
        top, where = re.findall(r"TOP \d+|WHERE .*", asked)
        for name, value in values.items():
            shown = f"0x{value.hex()}" if isinstance(value, bytes) else str(value)
            where = where.replace(f"%({name})s", shown)
        found.append(f"{top} {where}")
    return found


async def test_p1_sql_server_is_read_by_version_below_what_is_not_committed_yet() -> None:
    with connected(server := _server()) as recorder:
        found = await pages(_source(server), size=2)
    assert keys(found) == ["7", "8", "9"]
    assert records(found)[0].fields == {"id": 7, "name": "Ada", "rv": "00000000000007d1"}
    assert any(
        re.match(r"SELECT MIN_ACTIVE_ROWVERSION\(\) AS lowest, @@DBTS .*\[crm\]\.\[leads\]", each)
        for each in recorder.statements
    )
    until, second = "0x00000000000007d4", "0x00000000000007d2"
    assert _of_rows(recorder.statements) == [
        f"TOP 2 WHERE [rv] < {until} ORDER BY [rv], [id]",
        f"TOP 3 WHERE [rv] < {until} AND [rv] = {second} AND [id] >= 8 ORDER BY [rv], [id]",
        (
            f"TOP 2 WHERE [rv] < {until} AND [rv] >= {second} AND ([rv] > {second} OR [id] IS NULL) "
            "ORDER BY [rv], [id]"
        ),
    ]
    assert [json.loads(page.position.token or "").get("place") for page in found if page.position] == [
        [["bytes", "00000000000007d2"], 8],
        None,
    ]


async def test_p1_sql_server_is_asked_from_the_horizon_of_the_last_poll_on() -> None:
    with connected(server := _server()):
        position = (await pages(_source(server), size=9))[-1].position
    assert position
    assert json.loads(position.token or "")["since"] == "0x00000000000007D4"
    server.lowest, server.newest, server._given = 2_010, 2_015, 9
    with connected(server) as recorder:
        (page,) = await pages(_source(server), position, size=9)
    assert _of_rows(recorder.statements) == [
        "TOP 9 WHERE [rv] < 0x00000000000007da AND [rv] >= 0x00000000000007d4 ORDER BY [rv], [id]"
    ]
    assert page.position
    assert json.loads(page.position.token or "")["since"] == "0x00000000000007DA"


async def test_p1_sql_server_started_anew_may_have_been_put_back_and_is_read_whole() -> None:
    with connected(server := _server()):
        position = (await pages(_source(server), size=9))[-1].position
    server.started, server._given = "2026-03-02T00:00:00", 0
    with connected(server) as recorder:
        found = await pages(_source(server), position, size=9)
    assert _of_rows(recorder.statements) == ["TOP 9 WHERE [rv] < 0x00000000000007d4 ORDER BY [rv], [id]"]
    assert "started anew" in found[0].notes[0]


async def test_p1_a_secondary_of_sql_server_is_refused() -> None:
    with connected(server := _server()):
        server.takes = "READ_ONLY"
        with pytest.raises(BadConfig, match="connect to the primary"):
            await pages(_source(server))
        with pytest.raises(BadConfig, match="connect to the primary"):
            await _source(server).check()


async def test_a_column_of_another_type_is_refused() -> None:
    with connected(server := _server("binary(8)")):
        with pytest.raises(BadConfig, match="rv is no rowversion"):
            await pages(_source(server))
        with pytest.raises(BadConfig, match="rv is no rowversion"):
            await _source(server).check()
