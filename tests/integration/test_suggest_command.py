"""`suggest` and `init --from`, as they are called."""

from __future__ import annotations

import json
import sqlite3

import pytest
import yaml
from sqlalchemy import create_engine, text

from sync.cli.frame.app import run
from sync.config import load_config
from tests.suggesting.layouts.by_hand import LAYOUTS
from tests.suggesting.layouts.crm_exports import LAYOUTS as EXPORTS

SQL_TABLE = next(each for each in LAYOUTS if each.name == "sql_table")
HUBSPOT = EXPORTS[0]
VARIABLES = {"HATCH_DEPARTMENT_ID": "1", "HATCH_API_KEY": "made-up"}
SETTINGS = {
    "type": "spreadsheet",
    "path": "hubspot.csv",
    "key": "Record ID",
    "mapping": "mappings/crm.yaml",
    "first_sync": "now",
}


@pytest.fixture
def call(tmp_path, monkeypatch, capfd):
    """Call the command in a directory of its own; returns its code, its stdout and its stderr."""
    monkeypatch.chdir(tmp_path)

    def calling(*arguments):
        code = run(arguments)
        said = capfd.readouterr()
        return int(code), said.out, said.err

    return calling


@pytest.fixture
def project(tmp_path):
    """A project whose mapping is not written yet, nor its endpoint filled in."""
    HUBSPOT.write(tmp_path)
    endpoint = {"type": "hatch", "department_id": "${NOT_SET}", "api_key": "${NOT_SET}", "source": "x"}
    document = {"endpoint": endpoint, "sources": {"crm": dict(SETTINGS), "other": {"type": "nonsense"}}}
    (tmp_path / "connector.yaml").write_text(yaml.safe_dump(document))
    return tmp_path


def test_a_draft_is_printed_before_there_is_a_mapping(call, project):
    code, out, err = call("suggest", "crm")
    assert (code, err) == (0, "")
    assert yaml.safe_load(out)["lead"]["firstName"] == "First Name"
    assert not (project / "mappings").exists()


def test_a_draft_as_a_document(call, project):
    found = json.loads(call("suggest", "crm", "-n", "10", "--json")[1])
    assert (found["source"], found["records"], found["written"]) == ("crm", 10, False)
    assert found["fields"]["phoneNumber"]["columns"] == ["Mobile Phone Number", "Phone Number"]
    assert yaml.safe_load(found["yaml"])["lead"]["email"]["from"] == "Email"


def test_a_draft_is_written_where_the_source_says_and_never_over_anything(call, project):
    assert call("suggest", "crm", "--write")[1].strip().endswith("mappings/crm.yaml")
    file = project / "mappings" / "crm.yaml"
    assert "firstName: First Name" in file.read_text()
    file.write_text("mine\n")
    code, out, err = call("suggest", "crm", "--write")
    assert (code, out, "is there already" in err) == (2, "", True)
    assert file.read_text() == "mine\n"
    assert call("suggest", "crm", "--write", "--force")[0] == 0
    assert "firstName" in file.read_text()


def test_a_broken_mapping_does_not_keep_a_draft_from_being_made(call, project):
    (project / "mappings").mkdir()
    (project / "mappings" / "crm.yaml").write_text("lead: {")
    assert call("suggest", "crm")[0] == 0


def test_a_source_that_is_not_there_is_guessed(call, project):
    code, _, err = call("suggest", "crn")
    assert (code, 'did you mean "crm"' in err) == (2, True)


def test_what_is_wrong_with_the_source_itself_is_said_with_its_place(call, project):
    code, _, err = call("suggest", "other")
    assert (code, "connector.yaml:" in err, "sources.other.type" in err) == (2, True, True)


def test_init_from_a_source_of_the_project_drafts_its_mapping(call, project):
    assert call("init", "--from", "crm")[1].strip().endswith("mappings/crm.yaml")
    code, _, err = call("init", "--from", "crm")
    assert (code, "nothing was written" in err) == (2, True)


def test_a_project_around_a_file_lacks_what_the_user_decides_and_nothing_else(call, tmp_path):
    HUBSPOT.write(tmp_path)
    code, out, _ = call("init", "shop", "--from", "hubspot.csv")
    assert (code, "first_sync in connector.yaml" in out) == (0, True)
    (tmp_path / "shop" / ".env").write_text("".join(f"{name}={value}\n" for name, value in VARIABLES.items()))
    assert call("-c", "shop/connector.yaml", "preview", "hubspot")[0] == 0, "records can be looked at"
    code, _, err = call("-c", "shop/connector.yaml", "check", "--offline")
    assert code == 2
    assert len(err.strip().splitlines()) == 1
    assert "sources.hubspot.first_sync: is required" in err
    file = tmp_path / "shop" / "connector.yaml"
    file.write_text(file.read_text().replace("first_sync:\n", "first_sync: everything\n"))
    code, out, err = call("-c", "shop/connector.yaml", "preview", "hubspot", "--json")
    assert (code, err) == (0, "")
    assert all(each["lead"]["phoneNumber"] for each in json.loads(out)["records"])


def test_a_password_in_an_address_is_not_repeated(call, tmp_path):
    code, out, err = call("init", "--from", "sftp://me:secret@example.com/leads.csv")
    assert (code, out, list(tmp_path.iterdir())) == (2, "", [])
    assert "no spreadsheet that could be read: it holds a password" in err
    assert "secret@" not in err


def test_nothing_that_is_there_is_written_over(call, project):
    code, _, err = call("init", "--from", "hubspot.csv")
    assert (code, "is there already; nothing was written" in err) == (2, True)
    assert not (project / "mappings").exists()


def test_a_table_is_read_by_its_key_and_followed_by_its_change_time(call, tmp_path):
    SQL_TABLE.write(tmp_path)
    assert call("init", "--from", "sqlite:///sql_table.db")[0] == 0
    source = source_in(tmp_path)
    assert (source.settings.table, source.settings.key, source.settings.cursor) == (
        "leads",
        "lead_id",
        "updated_at",
    )


def test_a_database_file_is_known_by_what_is_in_it(call, tmp_path):
    SQL_TABLE.write(tmp_path)
    assert call("init", "--from", "sql_table.db#leads")[0] == 0
    assert source_in(tmp_path).type == "sql"


def test_a_time_that_does_not_grow_with_changes_is_only_mentioned(call, tmp_path):
    SQL_TABLE.write(tmp_path)
    with sqlite3.connect(tmp_path / "sql_table.db") as connection:
        connection.execute("ALTER TABLE leads DROP COLUMN updated_at")
    connection.close()
    call("init", "--from", "sqlite:///sql_table.db")
    assert source_in(tmp_path).settings.cursor is None
    assert "# cursor: created_at" in (tmp_path / "connector.yaml").read_text()


def test_among_several_tables_the_user_says_which(call, tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, email TEXT)")
        connection.execute("CREATE TABLE visits (id INTEGER PRIMARY KEY, email TEXT)")
    connection.close()
    code, _, err = call("init", "--from", "sqlite:///shop.db")
    assert (code, "orders, visits" in err, "#TABLE" in err) == (2, True, True)
    assert call("init", "--from", "sqlite:///shop.db#visits")[0] == 0
    code, _, err = call("init", "x", "--from", "sqlite:///shop.db#vistis")
    assert (code, "orders, visits" in err) == (2, True)


def test_the_address_of_a_database_is_written_nowhere(call, tmp_path, postgres_url):
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE leads (id int primary key, email text, updated_at timestamptz)")
        )
        connection.execute(text("INSERT INTO leads VALUES (1, 'ada@example.com', now())"))
    engine.dispose()
    code, out, _ = call("init", "--from", f"{postgres_url}#leads")
    assert (code, "DATABASE_URL in .env" in out) == (0, True)
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or postgres_url not in file.read_text()
    assert "DATABASE_URL=\n" in (tmp_path / ".env.example").read_text()
    source = source_in(tmp_path, DATABASE_URL=postgres_url)
    assert (source.settings.key, source.settings.cursor) == ("id", "updated_at")


def test_a_sheet_without_an_identifier_says_that_its_key_is_a_guess(call, tmp_path):
    (tmp_path / "sheet.csv").write_text("Name,Mail\nAda Archer,ada@example.com\nWei Kim,wei@example.com\n")
    assert "Mail is a guess" in call("init", "--from", "sheet.csv")[1]
    (tmp_path / "sheet.csv").write_text("Name,Mail\nAda Archer,ada@example.com\nWei Kim,ada@example.com\n")
    out = call("init", "two", "--from", "sheet.csv")[1]
    assert "no column names a row for good" in out
    assert "key: row" in (tmp_path / "two" / "connector.yaml").read_text()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("nothing.csv", "there is no file nothing.csv"),
        ("leads.json", "is JSON"),
        ("empty.csv", "no column looks like phone numbers"),
        ("ftp://me:secret@example.com/leads.csv", "there is no database driver"),
    ],
)
def test_what_nothing_can_be_made_of_is_refused(call, tmp_path, given, said):
    (tmp_path / "leads.json").write_text("[]")
    (tmp_path / "empty.csv").write_text("Color,Size\nred,7\n")
    code, _, err = call("init", "shop", "--from", given)
    assert (code, said in err, "secret" in err) == (2, True, False), err
    assert not (tmp_path / "shop").exists()


def test_from_and_source_exclude_each_other(call):
    assert call("init", "--from", "x.csv", "--source", "sql")[0] == 2


def source_in(directory, **variables):
    file = directory / "connector.yaml"
    file.write_text(file.read_text().replace("first_sync:\n", "first_sync: now\n"))
    return next(iter(load_config(file, {**VARIABLES, **variables}).sources.values()))
