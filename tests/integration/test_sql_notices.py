"""PostgreSQL tells of a commit: the trigger of docs/operations.md, on a real server."""

from __future__ import annotations

import asyncio
from datetime import UTC
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy.engine import make_url

from sources._sql.notices import notices
from sources.base import SourceContext, TellsOfChanges
from sources.errors import Denied, Unavailable
from sources.sql import Sql
from tests.docs.pages import blocks
from tests.hint_kit import hearing
from tests.local_server import free_port
from tests.running_command import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

(TRIGGER,) = (block.text for block in blocks("sql") if block.page == "docs/operations.md")


@pytest.fixture
def database(postgres_url: str) -> Iterator[psycopg.Connection]:
    """A table of leads with the trigger of the documentation."""
    where = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(where) as connection:
        connection.execute("create table leads (id int primary key, name text)")
        connection.execute(TRIGGER.encode())
        connection.commit()
        yield connection


def sql(url: str, directory: Path, **settings: str) -> Sql:
    chosen = Sql.Settings(url=url, table="leads", key="id", **settings)
    return Sql(chosen, SourceContext("orders", directory, UTC))


async def test_a_commit_is_heard_of_and_a_rollback_is_not(
    database: psycopg.Connection, postgres_url: str, tmp_path: Path
) -> None:
    source = sql(postgres_url, tmp_path, notify="leads_changed")
    assert isinstance(source, TellsOfChanges)
    async with hearing(source.hints()) as heard:
        database.execute("insert into leads values (1, 'Ada')")
        assert await heard.settle(0.2) == 0, "it is not committed yet"
        database.commit()
        await heard.next()
        database.execute("update leads set name = 'Bob'")
        database.commit()
        await heard.next()
        database.execute("insert into leads values (2, 'Cyd')")
        database.rollback()
        assert await heard.settle(0.2) == 0


async def test_a_commit_of_many_rows_is_one_hint(
    database: psycopg.Connection, postgres_url: str, tmp_path: Path
) -> None:
    async with hearing(sql(postgres_url, tmp_path, notify="leads_changed").hints()) as heard:
        database.execute("insert into leads select n, 'Ada' from generate_series(1, 5000) n")
        database.commit()
        await heard.next()
        assert await heard.settle(0.2) == 0


async def test_another_channel_is_none_of_ours(
    database: psycopg.Connection, postgres_url: str, tmp_path: Path
) -> None:
    async with hearing(sql(postgres_url, tmp_path, notify='Leads "x"').hints()) as heard:
        database.execute("notify leads_changed")
        database.commit()
        assert await heard.settle(0.2) == 0
        database.execute('notify "Leads ""x"""')
        database.commit()
        await heard.next()


async def test_a_session_that_ends_is_an_error_that_may_be_over_soon(
    database: psycopg.Connection, postgres_url: str, tmp_path: Path
) -> None:
    async with hearing(sql(postgres_url, tmp_path, notify="leads_changed").hints()) as heard:
        database.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where pid <> pg_backend_pid() and datname = current_database()"
        )
        database.commit()
        with pytest.raises(Unavailable):
            await heard.next()


async def test_a_silent_connection_is_tried_now_and_then(
    database: psycopg.Connection, postgres_url: str
) -> None:
    url = make_url(postgres_url)
    async with hearing(notices(url, "leads_changed", silence_seconds=0.01)) as heard:
        await asyncio.sleep(0.1)  # several silences long
        database.execute("insert into leads values (1, 'Ada')")
        database.commit()
        await heard.next()


async def test_nobody_is_left_behind(database: psycopg.Connection, postgres_url: str, tmp_path: Path) -> None:
    async with hearing(sql(postgres_url, tmp_path, notify="leads_changed").hints()):
        assert _sessions(database) == 2
    wait_until(lambda: _sessions(database) == 1)  # the server takes a moment to notice


def _sessions(database: psycopg.Connection) -> int:
    found = database.execute("select count(*) from pg_stat_activity where datname = current_database()")
    database.commit()
    return int((found.fetchone() or (0,))[0])


async def test_a_server_that_is_away_and_one_that_refuses_us(postgres_url: str, tmp_path: Path) -> None:
    away = make_url(postgres_url).set(port=free_port()).render_as_string(hide_password=False)
    with pytest.raises(Unavailable) as unavailable:
        async with hearing(sql(away, tmp_path, notify="x").hints()):
            pass
    stranger = make_url(postgres_url).set(password="0ther").render_as_string(hide_password=False)
    with pytest.raises(Denied) as denied:
        async with hearing(sql(stranger, tmp_path, notify="x").hints()):
            pass
    assert "0ther" not in str(denied.value)
    assert "made-up" not in str(unavailable.value)


async def test_without_a_channel_nothing_is_told(tmp_path: Path) -> None:
    assert [hint async for hint in sql("postgresql://127.0.0.1:1/x", tmp_path).hints()] == []


def test_other_databases_have_no_channels(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="`notify` is PostgreSQL's, and `url` is of SQLite"):
        sql("sqlite:///shop.db", tmp_path, notify="leads_changed")
