"""Settings of the `sql` source, and the URLs in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sources._sql.urls import database_file, describe, read_url
from sources.errors import BadConfig
from sources.sql import SqlSettings

SECRET = "made-up-secret"
URL = f"postgresql://me:{SECRET}@db.example.com/shop"


def _settings(**said: Any) -> SqlSettings:
    return SqlSettings.model_validate({"url": URL, "table": "leads", "key": "id", **said})


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"query": "select 1"}, "not both"),
        ({"table": None}, "one of them is required"),
        ({"table": None, "query": "select 1", "schema": "crm"}, "`schema` goes with `table`"),
        ({"cursor_type": "integer"}, "`cursor` is not"),
        ({"key": ["id", "id"]}, "once"),
        ({"key": []}, "at least 1"),
        ({"key": ["id", ""]}, "once"),
        ({"timeout": "100ms"}, "a second at least"),
        ({"timeout": "5"}, "not a duration"),
        ({"cursor": "at", "cursor_type": "float"}, "'text' or 'row_version'"),
        ({"tabel": "leads"}, "Extra inputs"),
        ({"url": "nonsense"}, "is not a database URL"),
    ],
)
def test_half_given_and_wrong_settings_are_refused(said: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message) as refused:
        _settings(**said)
    assert SECRET not in str(refused.value)


def test_a_url_that_is_none_is_not_repeated() -> None:
    with pytest.raises(ValidationError) as refused:
        _settings(url=f"postgresql//{SECRET}")
    assert SECRET not in str(refused.value)


def test_p10_settings_do_not_show_the_password() -> None:
    assert SECRET not in repr(_settings())
    assert SECRET not in _settings().model_dump_json()


def test_schema_is_called_so() -> None:
    assert _settings(schema="crm").schema_ == "crm"
    assert "schema" in SqlSettings.model_json_schema()["properties"]


def test_one_key_column_and_several() -> None:
    assert _settings().key_columns == ("id",)
    assert _settings(key=["a", "b"]).key_columns == ("a", "b")


@pytest.mark.parametrize(
    ("written", "driver"),
    [
        ("postgresql://h/d", "postgresql+psycopg"),
        ("postgres://h/d", "postgresql+psycopg"),
        ("mysql://h/d", "mysql+pymysql"),
        ("mariadb://h/d", "mariadb+pymysql"),
        ("postgresql+psycopg2://h/d", "postgresql+psycopg2"),
        ("sqlite:///x.db", "sqlite"),
    ],
)
def test_a_url_without_a_driver_gets_the_one_we_bring(written: str, driver: str) -> None:
    assert read_url(written).drivername == driver


def test_p10_a_database_is_described_without_user_and_password() -> None:
    assert describe(read_url(URL)) == "PostgreSQL shop at db.example.com"
    assert describe(read_url("mysql://me:pw@h:33/d")) == "MySQL d at h:33"


def test_a_database_file_is_found_beside_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "a b.db"
    file.touch()
    assert database_file(read_url("sqlite:///a b.db"), tmp_path) == file
    assert database_file(read_url(f"sqlite:///{file}"), Path("elsewhere")) == file
    assert database_file(read_url("sqlite:///file:a b.db?mode=ro&uri=true"), tmp_path) == file


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///none.db"])
def test_a_database_file_that_is_not_there_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadConfig) as refused:
        database_file(read_url(url), tmp_path)
    assert refused.value.setting == "url"
    assert list(tmp_path.iterdir()) == []
