"""What `init --from` is given, and the section of connector.yaml that comes of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sources.spreadsheet import SpreadsheetSettings
from sync.config._interpolation import fill
from sync.located_yaml import parse_yaml
from sync.suggesting import choose
from sync.suggesting.connecting import Section, section
from sync.suggesting.origin import NotReadable, origin_of, sheet_of
from sync.suggesting.yaml_text import readable

NAMES = st.one_of(st.text(min_size=1, max_size=20), st.text("a$ {}[],:#'\"\\-&*", min_size=1, max_size=10))


@pytest.fixture
def here(tmp_path):
    (tmp_path / "Spring leads.csv").write_text("Email\nada@example.com\n")
    (tmp_path / "with#hash.csv").write_text("Email\nada@example.com\n")
    connection = sqlite3.connect(tmp_path / "shop.db")
    connection.execute("CREATE TABLE leads (id INTEGER)")
    connection.close()
    duckdb.connect(str(tmp_path / "shop.duckdb")).close()
    return tmp_path


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("Spring leads.csv", ("spreadsheet", "Spring leads.csv", None, "spring_leads", False)),
        ("Spring leads.csv#Sheet 2", ("spreadsheet", "Spring leads.csv", "Sheet 2", "sheet_2", False)),
        ("with#hash.csv", ("spreadsheet", "with#hash.csv", None, "with_hash", False)),
        ("shop.db", ("sql", "sqlite:///shop.db", None, "shop", False)),
        ("shop.duckdb#leads", ("sql", "duckdb:///shop.duckdb", "leads", "leads", False)),
        ("shop.db#leads", ("sql", "sqlite:///shop.db", "leads", "leads", False)),
        ("sqlite:///shop.db#leads", ("sql", "sqlite:///shop.db", "leads", "leads", False)),
        (
            "postgresql+psycopg://me:x@db/shop",
            ("sql", "postgresql+psycopg://me:x@db/shop", None, "shop", True),
        ),
        ("s3://b/x/leads-*.csv#Two", ("spreadsheet", "s3://b/x/leads-*.csv", "Two", "two", False)),
        ("sftp://me@h/leads-*.csv", ("spreadsheet", "sftp://me@h/leads-*.csv", None, "leads", False)),
        ("https://example.com/a.csv", ("spreadsheet", "https://example.com/a.csv", None, "a", False)),
        ("https://example.com/x?key=1", ("spreadsheet", "https://example.com/x?key=1", None, "x", True)),
        ("https://example.com/x?e=1#gid=0", ("spreadsheet", "https://example.com/x?e=1", None, "x", True)),
    ],
)
def test_what_is_meant(here, given, wanted):
    found = origin_of(given, here)
    assert (found.type, found.address, found.part, found.name, found.secret) == wanted


def test_what_is_nothing_says_what_could_be(here):
    with pytest.raises(NotReadable, match=r"there is no file nope\.csv; expected a spreadsheet"):
        origin_of("nope.csv", here)


@settings(deadline=None)
@given(NAMES, NAMES)
def test_any_path_and_any_column_stand_in_connector_yaml_as_they_are(path: str, column: str) -> None:
    assume(readable(path) and readable(column) and column.strip() and path.strip())
    known = Section(
        name="leads",
        type="spreadsheet",
        address=path,
        part=column,
        key=(column,),
        key_doubt="unsure",
        cursor=column,
        cursor_works=True,
        choice=choose([{"email": "ada@example.com"}]),
    )
    found = fill(parse_yaml(f"sources:\n{section(known)}", "x").data, {})
    leads = found.data["sources"]["leads"]
    assert found.problems == {}
    assert (leads["path"], leads["sheet"], leads["changed"]) == (
        path,
        sheet_of(column),
        column,
    )
    assert leads["key"] == ([column] if column == "row" else column)
    assert leads["first_sync"] is None
    assert leads.keys() - {"type", "mapping", "first_sync", "schedule", "max_sends"} <= set(
        SpreadsheetSettings.model_fields
    )
    assert Path(leads["mapping"]) == Path("mappings/leads.yaml")
