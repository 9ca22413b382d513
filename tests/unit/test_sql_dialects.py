"""What databases are sent whose servers can't be had here, to the letter; and how their drivers refuse."""

from __future__ import annotations

import datetime as dt
import importlib
import re
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Integer, func, select
from sqlalchemy.dialects.postgresql import array

from sources._sql.databases.mssql import MSSQL
from sources._sql.databases.oracle import ORACLE
from sources._sql.databases.snowflake import SNOWFLAKE
from sources._sql.kinds import KINDS
from sources._sql.urls import EXTRAS, read_url
from sources._sql.written import Written, WrittenTimes
from sources.base import SourceContext
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable
from sources.sql import Sql
from tests.local_server import free_port
from tests.sql_databases import pages
from tests.sql_statements import GOLDEN, SERVERS, connected, statements_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.recording_driver import Answer

SECRET = "made-up-secret"
AT = dt.datetime(2026, 3, 2, 15, 0, 7, 123456, dt.UTC)


@pytest.mark.parametrize("name", SERVERS)
def test_statements_are_those_that_were_looked_at(name: str) -> None:
    """After a change: `python -m tests.sql_statements`, and read the difference."""
    assert statements_of(name) == (GOLDEN / f"{name}.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "form"), [("DB_TYPE_CHAR", "CHAR(2000 BYTE)"), ("DB_TYPE_NCHAR", "NCHAR(1000)")]
)
async def test_oracle_compares_keys_of_a_fixed_length_without_their_blanks(name: str, form: str) -> None:
    import oracledb

    server = SERVERS["oracle"]()
    server.types = (getattr(oracledb, name), *server.types[1:])
    server.raw = ()
    with connected(server) as recorder:
        settings = Sql.Settings(url=server.url, table="leads", schema="crm", key="id")
        await Sql(settings, SourceContext("orders", Path(), dt.UTC)).fetch(["ab", "cd"])
    _, condition = recorder.statements[-1].split(" WHERE ")
    first, second = (f"crm.leads.id = CAST(:param_{n} AS {form})" for n in (1, 2))
    assert condition == f"{first} OR {second}  -- param_1='ab', param_2='cd'"


@pytest.mark.parametrize("declared", ["varchar(20)", "char(9)", "nvarchar(20)"])
async def test_p1_sql_server_compares_a_varchar_with_one_as_it_sorts_it(declared: str) -> None:
    """`a-b` and `ab` change places between VARCHAR and NVARCHAR, and pymssql writes text as the latter."""
    server = SERVERS["mssql"]()
    collation = "SQL_Latin1_General_CP1_CI_AS"
    server.declared = ("int", f"{declared} COLLATE {collation}", "datetime2(7)")
    with connected(server) as recorder:
        settings = Sql.Settings(url=server.url, table="leads", key="name", cursor="updated_at")
        await pages(Sql(settings, SourceContext("orders", Path(), dt.UTC)), size=2)
    (condition,) = {
        found[1] for each in recorder.statements if (found := re.search(r"name\] >= (.*) ORDER BY", each))
    }
    given = r"%\(param_\d\)s"
    wanted = given if declared[0] == "n" else rf"CAST\({given} COLLATE {collation} AS VARCHAR\(8000\)\)"
    assert re.fullmatch(wanted, condition)


@pytest.mark.parametrize(
    ("written", "lower", "upper"),
    [
        (MSSQL.cursor_type("datetime2(7)"), "2026-03-02T10:00:07.123456", "2026-03-02T10:00:07.123456"),
        (MSSQL.cursor_type("datetime"), "2026-03-02T10:00:07.120", "2026-03-02T10:00:07.130"),
        (MSSQL.cursor_type("smalldatetime"), "2026-03-02T10:00:00", "2026-03-02T10:01:00"),
        (
            MSSQL.cursor_type("datetimeoffset(7)"),
            "2026-03-02T15:00:07.123456+00:00",
            "2026-03-02T15:00:07.123456+00:00",
        ),
        (
            ORACLE.cursor_type(SimpleNamespace(name="DB_TYPE_DATE")),
            "2026-03-02T10:00:07",
            "2026-03-02T10:00:08",
        ),
        (SNOWFLAKE.cursor_type(8), "2026-03-02T10:00:07.123456", "2026-03-02T10:00:07.123456"),
    ],
)
def test_p1_times_are_written_so_that_the_database_rounds_none_past_a_row(
    written: Written, lower: str, upper: str
) -> None:
    kind = WrittenTimes(written.form, ZoneInfo("America/New_York"))
    assert kind.lower(AT) == lower
    assert kind.upper(AT) == upper
    earliest, latest = kind.moments(lower)
    assert earliest <= AT <= kind.moments(upper)[1]
    assert earliest == latest


def test_p1_the_repeated_hour_is_read_from_before_it_and_to_behind_it() -> None:
    written = MSSQL.cursor_type("datetime2(7)")
    assert isinstance(written, Written)
    kind = WrittenTimes(written.form, ZoneInfo("America/New_York"))
    twice = dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC)  # 01:30, the first of two
    assert kind.lower(twice) == "2026-11-01T00:30:00.000000"
    assert kind.upper(twice) == "2026-11-01T02:30:00.000000"
    first, second = kind.moments("2026-11-01T01:30:00.1234567")
    assert second - first == dt.timedelta(hours=1)


def _pymssql(number: int, said: str) -> Exception:
    import pymssql

    words = f"{said}DB-Lib error message 20018, severity 16:\nGeneral SQL Server error"
    return pymssql.ProgrammingError(number, words.encode())


def _oracledb(number: int, said: str) -> Exception:
    import oracledb
    from oracledb.errors import _Error

    return oracledb.DatabaseError(_Error(f"ORA-{number:05}: {said}", code=number))


def _snowflake(number: int, said: str, state: str = "") -> Exception:
    from snowflake.connector.errors import ProgrammingError

    return ProgrammingError(said, errno=number, sqlstate=state)


def _google(name: str, said: str, reason: str) -> Exception:
    from google.api_core import exceptions
    from google.cloud.bigquery import dbapi

    inner = getattr(exceptions, name)(said, errors=[{"reason": reason}])
    return dbapi.DatabaseError(inner)


@pytest.mark.parametrize(
    ("backend", "error", "wanted", "words"),
    [
        ("mssql", lambda: _pymssql(18456, "Login failed for user 'me'."), Denied, "Login failed"),
        ("mssql", lambda: _pymssql(229, "The SELECT permission was denied"), Denied, "permission"),
        ("mssql", lambda: _pymssql(4060, "Cannot open database"), BadConfig, "no such database"),
        ("mssql", lambda: _pymssql(208, "Invalid object name 'laeds'."), BadConfig, "'laeds'. (208)"),
        ("mssql", lambda: _pymssql(245, f"Converting {SECRET} to int failed"), BadConfig, "(245)"),
        ("mssql", lambda: _pymssql(1222, "Lock request time out"), Unavailable, "longer than"),
        ("mssql", lambda: _pymssql(1205, f"Deadlock {SECRET}"), Unavailable, "(1205)"),
        ("mssql", lambda: _pymssql(40501, "The service is busy"), RateLimited, "more was asked"),
        ("oracle", lambda: _oracledb(1017, "invalid username/password"), Denied, "ORA-01017"),
        ("oracle", lambda: _oracledb(942, "table or view does not exist"), BadConfig, "does not exist"),
        ("oracle", lambda: _oracledb(12514, "service is not registered"), BadConfig, "ORA-12514"),
        ("oracle", lambda: _oracledb(12505, "SID is not registered"), BadConfig, "service_name=NAME"),
        ("oracle", lambda: _oracledb(1722, f"invalid number {SECRET}"), BadConfig, "ORA-01722"),
        ("oracle", lambda: _oracledb(1555, "snapshot too old"), Unavailable, "snapshot too old"),
        ("oracle", lambda: _oracledb(1013, "user requested cancel"), Unavailable, "longer than"),
        ("snowflake", lambda: _snowflake(250001, "Incorrect username or password", "08001"), Denied, "ncorr"),
        ("snowflake", lambda: _snowflake(250001, "Failed to connect", "08001"), Unavailable, "Failed to"),
        ("snowflake", lambda: _snowflake(2003, "Object LAEDS does not exist", "42S02"), BadConfig, "LAEDS"),
        ("snowflake", lambda: _snowflake(606, "No active warehouse", "57P03"), BadConfig, "?warehouse="),
        ("snowflake", lambda: _snowflake(100038, f"Numeric value {SECRET}", "22018"), BadConfig, "100038"),
        ("snowflake", lambda: _snowflake(630, "Statement reached its timeout"), Unavailable, "longer than"),
        ("bigquery", lambda: _google("NotFound", "Table crm.laeds", "notFound"), BadConfig, "laeds"),
        ("bigquery", lambda: _google("Forbidden", "No access", "accessDenied"), Denied, "No access"),
        ("bigquery", lambda: _google("Forbidden", "Slow", "rateLimitExceeded"), RateLimited, "more was"),
        ("bigquery", lambda: _google("BadRequest", "Syntax error", "invalidQuery"), BadConfig, "Syntax"),
        ("bigquery", lambda: _google("BadRequest", f"Bad int64: {SECRET}", "invalidQuery"), BadConfig, "inv"),
        ("bigquery", lambda: _google("ServiceUnavailable", "down", "backendError"), Unavailable, "backend"),
    ],
)
async def test_p10_what_a_driver_raises_is_sorted_and_shows_no_value(
    backend: str, error: Any, wanted: type[SourceError], words: str
) -> None:
    server, raised = SERVERS[backend](), error()

    with connected(server) as recorder:
        recorder.answer = _failing(server.answer, raised)
        source = Sql(
            Sql.Settings(url=server.url, table="leads", key="id"), SourceContext("o", Path(), dt.UTC)
        )
        with pytest.raises(SourceError) as polled:
            await pages(source)
    assert type(polled.value) is wanted
    assert words in str(polled.value)
    assert SECRET not in f"{polled.value} {polled.value.__cause__!r}"
    assert "made-up" not in str(polled.value)


def _failing(answer: Callable[[str], Answer], error: Exception) -> Callable[[str], Answer]:
    def failing(statement: str) -> Answer:
        if "1 = 0" in statement:
            raise error
        return answer(statement)

    return failing


@pytest.mark.parametrize(
    "url", ["mssql://me:{}@127.0.0.1:{}/shop", "oracle://me:{}@127.0.0.1:{}/?service_name=S"]
)
async def test_p10_a_server_that_is_not_there_may_come_back(url: str) -> None:
    settings = Sql.Settings(url=url.format(SECRET, free_port()), table="leads", key="id")
    source = Sql(settings, SourceContext("orders", Path(), dt.UTC))
    with pytest.raises(Unavailable) as polled:
        await pages(source)
    assert "127.0.0.1" in str(polled.value)
    assert "connect" in str(polled.value)
    assert SECRET not in str(polled.value)


async def test_p10_a_missing_key_file_is_a_setting(tmp_path: Path) -> None:
    url = "bigquery://my-project/crm?credentials_path=none.json"
    source = Sql(Sql.Settings(url=url, table="leads", key="id"), SourceContext("orders", tmp_path, dt.UTC))
    with pytest.raises(BadConfig, match=r"none\.json") as polled:
        await pages(source)
    assert polled.value.setting == "url"


def test_bigquery_takes_nothing_from_other_databases(tmp_path: Path) -> None:
    """Its dialect replaces `func.unnest` for PostgreSQL too, by a class that warns at each statement."""
    url = read_url("bigquery://my-project/crm?credentials_path=none.json")
    with pytest.raises(BadConfig):
        KINDS["bigquery"].engine(url, tmp_path, dt.timedelta(seconds=1))
    unnest = func.unnest(array([1], type_=Integer))
    assert type(unnest).__module__ == "sqlalchemy_bigquery.base"
    assert select(unnest)._generate_cache_key() is not None


@pytest.mark.parametrize("backend", KINDS)
async def test_a_dialect_that_is_not_installed_is_said_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, backend: str, tmp_path: Path
) -> None:
    from sqlalchemy.dialects import registry
    from sqlalchemy.exc import NoSuchModuleError

    url = read_url(f"{backend}://me@h/d" if backend != "duckdb" else "duckdb:///a.duckdb")
    (tmp_path / "a.duckdb").touch()

    def missing(name: str) -> Any:
        raise NoSuchModuleError(f"Can't load plugin: sqlalchemy.dialects:{name}")

    # the only way to be without what the other tests need
    monkeypatch.setattr(registry, "load", missing)
    settings = Sql.Settings(url=str(url), table="leads", key="id")
    with pytest.raises(BadConfig) as polled:
        await pages(Sql(settings, SourceContext("orders", tmp_path, dt.UTC)))
    assert f"pip install 'leadrelay[{EXTRAS[backend]}]'" in str(polled.value)


def test_drivers_that_the_extras_bring_are_those_that_urls_mean() -> None:
    modules = {"mssql": "pymssql", "oracle": "oracledb", "redshift": "psycopg2"}
    for backend, module in modules.items():
        assert read_url(f"{backend}://h/d").get_driver_name() == module
        importlib.import_module(module)
    assert read_url("sqlserver://h/d").drivername == "mssql+pymssql"
