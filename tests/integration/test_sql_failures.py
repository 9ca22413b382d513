"""Databases that refuse, break off, lock, or are not there: sorted, and without a secret or a value."""

from __future__ import annotations

import builtins
import contextlib
import sqlite3
from contextlib import aclosing
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from sources.base import PollRequest, SourceContext
from sources.errors import BadConfig, Denied, SourceError, Unavailable
from sources.sql import Sql
from tests.local_server import free_port
from tests.sql_databases import Table, opened, pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mariadb_server import MariadbServer
    from tests.postgres_server import PostgresServer

SECRET = "wrong-and-made-up"


@pytest.fixture(params=["postgres_url", "mariadb_url"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Table]:
    yield from opened(request.getfixturevalue(request.param), tmp_path)


async def _fails(url: str, directory: Path = Path(), *, check: bool = True, **said: Any) -> SourceError:
    settings = Sql.Settings(**{"url": url, "table": "leads", "key": "id", **said})
    source = Sql(settings, SourceContext("orders", directory, UTC))
    with pytest.raises(SourceError) as polled:
        await pages(source)
    if check:
        with pytest.raises(type(polled.value)):
            await source.check()
    await source.close()
    assert SECRET not in f"{polled.value} {polled.value!r} {polled.value.__cause__!r}"
    return polled.value


def _with(url: str, **parts: Any) -> str:
    return make_url(url).set(**parts).render_as_string(hide_password=False)


async def test_p10_a_wrong_password_is_denied_and_not_shown(table: Table) -> None:
    error = await _fails(_with(table.url, password=SECRET))
    assert isinstance(error, Denied)


async def test_a_database_that_is_not_there_is_a_setting(table: Table) -> None:
    error = await _fails(_with(table.url, database="nowhere"))
    assert isinstance(error, BadConfig)
    assert error.setting == "url"
    assert "no such database" in str(error)


async def test_a_server_that_is_not_there_may_come_back(table: Table) -> None:
    error = await _fails(_with(table.url, port=free_port(), password=SECRET))
    assert isinstance(error, Unavailable)
    assert "127.0.0.1" in str(error)


async def test_a_host_that_does_not_exist_may_come_back(table: Table) -> None:
    assert isinstance(await _fails(_with(table.url, host="db.invalid")), Unavailable)


async def test_tables_that_may_not_be_read_are_denied(table: Table) -> None:
    table.run("CREATE TABLE leads (id integer)")
    _make_stranger(table)
    error = await _fails(_with(table.url, username="stranger", password="made-up"))
    assert isinstance(error, (Denied, BadConfig))
    assert "leads" in str(error)


def _make_stranger(table: Table) -> None:
    if table.dialect == "postgresql":
        table.run(
            "DO $$ BEGIN CREATE USER stranger PASSWORD 'made-up';"
            " EXCEPTION WHEN duplicate_object THEN NULL; END $$".replace(":", r"\:")
        )
        return
    table.run("CREATE TABLE other (id integer)")
    table.run("CREATE OR REPLACE USER stranger@'127.0.0.1' IDENTIFIED BY 'made-up'")
    table.run(f"GRANT SELECT ON {table.engine.url.database}.other TO stranger@'127.0.0.1'")


async def test_an_answer_that_takes_too_long_ends(table: Table) -> None:
    table.run("CREATE TABLE leads (id integer)")
    table.run("INSERT INTO leads VALUES (1)")
    sleep = "pg_sleep(30)\\:\\:text" if table.dialect == "postgresql" else "sleep(30)"
    query = f"SELECT id, {sleep.replace(chr(92), '')} AS slow FROM leads"
    error = await _fails(table.url, table=None, query=query, timeout="1s", check=False)
    assert isinstance(error, Unavailable)


async def test_it_can_not_write(table: Table) -> None:
    table.run("CREATE TABLE leads (id integer)")
    if table.dialect == "postgresql":
        table.run(
            "CREATE FUNCTION spoil() RETURNS integer LANGUAGE sql"
            " AS 'INSERT INTO leads VALUES (7) RETURNING id'"
        )
    else:
        table.run("CREATE FUNCTION spoil() RETURNS integer BEGIN INSERT INTO leads VALUES (7); RETURN 7; END")
    error = await _fails(table.url, table=None, query="SELECT spoil() AS id")
    assert isinstance(error, BadConfig)
    assert error.setting == "query"
    with table.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM leads").scalar() == 0


async def test_a_connection_that_breaks_is_unavailable_and_the_next_poll_works(table: Table) -> None:
    table.run("CREATE TABLE leads (id integer, name varchar(500))")
    table.run("INSERT INTO leads VALUES (:id, :name)", [{"id": n, "name": "x" * 500} for n in range(20_000)])
    source = table.source()
    with pytest.raises(Unavailable):
        await _poll_while_sessions_end(source, table)
    assert len(await pages(source, size=10_000)) == 2


async def _poll_while_sessions_end(source: Sql, table: Table) -> None:
    async with aclosing(source.poll(PollRequest(page_size=10))) as each:
        async for _ in each:
            _end_sessions(table)


def _end_sessions(table: Table) -> None:
    """End every session of the database but the one that says so."""
    if table.dialect == "postgresql":
        table.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return
    with table.engine.begin() as connection:
        find = "SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id()"
        for number in connection.exec_driver_sql(find).scalars().all():
            with contextlib.suppress(OperationalError):  # it may be ending already
                connection.exec_driver_sql(f"KILL {number}")


async def test_p10_a_value_that_the_database_complains_of_is_not_repeated(postgres_url: str) -> None:
    query = "SELECT 1 AS id, cast(text 'ada@example.com' AS integer) AS oops"
    error = await _fails(postgres_url, table=None, query=query)
    assert "ada@" not in str(error)


@pytest.mark.parametrize(
    ("url", "extra", "module"),
    [
        ("postgresql://h/d", "leadrelay[postgresql]", "psycopg"),
        ("mysql://h/d", "leadrelay[mysql]", "pymysql"),
    ],
)
async def test_a_driver_that_is_not_installed_is_said_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, url: str, extra: str, module: str
) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        level = args[3] if len(args) > 3 else kwargs.get("level", 0)  # SQLAlchemy has modules of these names
        if level == 0 and name.partition(".")[0] == module:
            raise ModuleNotFoundError(name=module)
        return real(name, *args, **kwargs)

    # the only way to be without a driver that the other tests need
    monkeypatch.setattr(builtins, "__import__", without)
    error = await _fails(url)
    assert isinstance(error, BadConfig)
    assert f"pip install '{extra}'" in str(error)


@pytest.mark.parametrize(
    ("url", "message"),
    [("nonsense://h/d", "no database driver nonsense"), ("postgresql+asyncpg://h/d", "asyncpg|driver")],
)
async def test_a_driver_that_can_not_be_used_is_a_setting(url: str, message: str) -> None:
    error = await _fails(url)
    assert isinstance(error, BadConfig)
    assert error.setting == "url"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            f"mysql://u:{SECRET}@127.0.0.1:1/d?colour=red",
            "unexpected keyword argument 'colour'; its options are",
        ),
        (f"mysql://u@127.0.0.1:1/d?connect_timeout={SECRET}", "ValueError; its options are connect_timeout"),
        ("mysql://u@127.0.0.1:1/d?charset=klingon", "AttributeError; its options are charset"),
        ("mysql://u@127.0.0.1:1/d?ssl_ca=/nowhere.pem", "a file is not there; its options are ssl_ca"),
        (f"postgresql://127.0.0.1:1/d?colour={SECRET}", 'invalid connection option "colour"'),
        (f"postgresql://127.0.0.1:1/d?sslmode={SECRET}", "invalid sslmode value"),
        (f"mssql://u:{SECRET}@127.0.0.1:1/d?tds_version=9", "unrecognized tds version"),
        ("oracle://u@127.0.0.1:1/?colour=red", "unexpected keyword argument 'colour'"),
    ],
)
async def test_p10_options_that_the_driver_does_not_take_are_a_setting(url: str, message: str) -> None:
    error = await _fails(url)
    assert isinstance(error, BadConfig)
    assert error.setting == "url"
    assert message in str(error)


async def test_a_sqlite_file_that_is_not_there_is_a_setting_and_is_not_made(tmp_path: Path) -> None:
    error = await _fails("sqlite:///data/none.db", tmp_path)
    assert isinstance(error, BadConfig)
    assert error.setting == "url"
    assert "data/none.db" in str(error)
    assert _names_in(tmp_path) == []


def _names_in(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


async def test_a_file_that_is_no_database_is_a_setting(tmp_path: Path) -> None:
    _write(tmp_path / "shop.db", b"no database at all, but long enough to look at" * 50)
    error = await _fails("sqlite:///shop.db", tmp_path)
    assert isinstance(error, BadConfig)
    assert "not a SQLite database" in str(error)


async def test_a_sqlite_file_locked_by_its_writer_may_come_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources._sql.dialects._SQLITE_LOCK_SECONDS", 0.05)
    writer = sqlite3.connect(tmp_path / "shop.db")
    writer.executescript("CREATE TABLE leads (id integer); INSERT INTO leads VALUES (1)")
    writer.execute("BEGIN EXCLUSIVE")
    error = await _fails("sqlite:///shop.db", tmp_path)
    writer.close()
    assert isinstance(error, Unavailable)
    assert "another program" in str(error)


async def test_p10_passwords_with_odd_characters_work_and_stay_unseen(
    postgres_server: PostgresServer,
) -> None:
    odd = "p@ss/w:rd%"
    postgres_server.execute("DROP USER IF EXISTS odd")
    postgres_server.execute(f"CREATE USER odd PASSWORD '{odd}'")
    with postgres_server.database() as url:
        database = make_url(url).database
        written = f"postgresql://odd:{quote(odd, safe='')}@127.0.0.1:{postgres_server.port}/{database}"
        error = await _fails(written)
    assert isinstance(error, BadConfig)
    assert error.setting == "table"
    assert odd not in str(error)


async def test_mariadb_is_read_in_utc_whatever_its_zone(
    mariadb_server: MariadbServer, tmp_path: Path
) -> None:
    with mariadb_server.database() as url:
        for table in opened(url, tmp_path):
            table.run("CREATE TABLE leads (id integer, updated_at timestamp)")
            table.run("INSERT INTO leads VALUES (1, '2026-03-02 15:00:00')")
            mariadb_server.execute("SET GLOBAL time_zone = '-05:00'")
            try:
                (page,) = await pages(table.source(cursor="updated_at"))
            finally:
                mariadb_server.execute("SET GLOBAL time_zone = 'SYSTEM'")
    assert str(page.records[0].changed) == "2026-03-02 15:00:00+00:00"
    assert str(page.records[0].fields["updated_at"]) == "2026-03-02 15:00:00+00:00"
