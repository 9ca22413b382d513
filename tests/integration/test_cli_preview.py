"""`preview`, as it is called: what is shown, what is chosen, examples that are saved."""

from __future__ import annotations

import json
import sqlite3
import stat

import pytest
import yaml

from sync.cli.frame.app import run
from tests.command import COMMAND, environment
from tests.terminal import on_terminal

CONNECTOR = """endpoint: { type: hatch, department_id: "1", api_key: 12345678, source: my_company }
sources:
  crm: { type: spreadsheet, path: crm.csv, key: id, mapping: maps/crm.yaml, first_sync: everything }
  table:
    { type: sql, url: "sqlite:///crm.db", table: leads, key: id, cursor: changed, mapping: maps/crm.yaml,
      first_sync: everything }
"""
MAPPING = """# one line about it
where: "stage != 'customer'"
lead:
  firstName: name          # the first one
  phoneNumber: phone
  email: { from: email, if_invalid: drop }
custom:
  plan: plan
  greeting: "Dear {{ name }}, thank you for {{ wish }}"
"""
HEADER = (
    "id",
    "name",
    "phone",
    "email",
    "stage",
    "plan",
    "wish",
    "branch",
    "region",
    "score",
    "rank",
    "code",
)
ROWS = (
    ("1", "Ada", "(804) 555-0161", "ada@example.com", "new", "gold", "windows", "7", "East", "9", "1", "X"),
    ("2", "Grace", "804", "", "new", "gold", "", "7", "East", "9", "1", "X"),
    ("3", "Olga", "(804) 555-0163", "", "customer", "gold", "", "7", "East", "9", "1", "X"),
    ("4", "Linus", "(804) 555-0164", "asked twice", "new", "silver", "", "7", "East", "9", "1", "X"),
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "connector.yaml").write_text(CONNECTOR)
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "crm.yaml").write_text(MAPPING)
    rows = [",".join(f'"{cell}"' for cell in row) for row in (HEADER, *ROWS)]
    (tmp_path / "crm.csv").write_text("\n".join(rows) + "\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(project, capfd):
    def calling(*arguments):
        code = run(arguments)
        said = capfd.readouterr()
        return int(code), said.out, said.err

    return calling


def test_a_document_says_where_everything_came_from(call):
    code, out, _ = call("preview", "crm", "--json")
    first, second, third, fourth = json.loads(out)["records"]
    assert code == 1
    assert first["came_from"] == {
        "id": {"at": None, "columns": []},
        "firstName": {"at": "maps/crm.yaml:4:14", "columns": ["name"]},
        "phoneNumber": {"at": "maps/crm.yaml:5:16", "columns": ["phone"]},
        "email": {"at": "maps/crm.yaml:6:10", "columns": ["email"]},
        "plan": {"at": "maps/crm.yaml:8:9", "columns": ["plan"]},
        "greeting": {"at": "maps/crm.yaml:9:13", "columns": ["name", "wish"]},
    }
    assert second["invalid"][0].startswith("maps/crm.yaml:5:16: lead.phoneNumber: 3 digits")
    assert (second["came_from"], second["lead"]) == ({}, None)
    assert "maps/crm.yaml:2" in third["skipped"]
    assert len(fourth["warnings"]) == 2


def test_plain_lines_say_it_as_well(call):
    _, out, _ = call("preview", "crm", "-n", "1")
    lines = out.splitlines()
    assert "    firstName        Ada  <- name, maps/crm.yaml:4" in lines
    assert "    id               1  <- the record's key" in lines
    assert "    custom.greeting  Dear Ada, thank you for windows  <- name, wish, maps/crm.yaml:9" in lines
    assert "  nothing reads: id, branch, region, 3 more" in lines


@pytest.mark.parametrize(
    ("kind", "keys", "read"), [("invalid", ["2"], 4), ("skipped", ["3"], 4), ("goes", ["1", "4"], 4)]
)
def test_only_some_are_looked_for(call, kind, keys, read):
    _, out, err = call("preview", "crm", "--only", kind, "--json")
    found = json.loads(out)
    assert ([each["key"] for each in found["records"]], found["read"]) == (keys, read)
    assert f"crm: {len(keys)} {kind} among the 4 records that were read" in err


def test_a_record_by_its_key(call, project):
    code, out, err = call("preview", "crm", "--key", "4", "--key", "99", "--json")
    assert [each["key"] for each in json.loads(out)["records"]] == ["4"]
    assert "there is no record with the key 99" in err
    with sqlite3.connect(project / "crm.db") as database:
        columns = ", ".join(f"{name} text" for name in HEADER)
        database.execute(f"create table leads ({columns}, changed text)")
        database.executemany(f"insert into leads values ({', '.join('?' * len(HEADER))}, '2026-01-01')", ROWS)
    database.close()
    code, out, err = call("preview", "table", "--key", "4", "--key", "1", "--key", "99", "--json")
    assert code == 0
    assert [each["key"] for each in json.loads(out)["records"]] == ["4", "1"]
    assert err == "table: there is no record with the key 99\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "invalit"], 'did you mean "invalid"'),
        (["--only", "goes", "--key", "1"], "one of them"),
        (["--watch", "--json"], "--watch"),
        (["--watch", "--save-example", "1"], "--watch"),
        (["--save-example", "9"], "there is no record 9 to save; 4 were found"),
    ],
)
def test_what_makes_no_sense_is_refused(call, arguments, said):
    code, _, err = call("preview", "crm", *arguments)
    assert (code, said in err) == (2, True), err


def test_a_record_is_saved_as_an_example(call, project):
    file = project / "maps" / "crm.yaml"
    file.chmod(0o640)
    for number in ("1", "2", "3"):
        code, out, err = call("preview", "crm", "--save-example", number)
        assert code == 0, err
    assert out.startswith("maps/crm.yaml:")
    text = file.read_text()
    assert text.startswith(MAPPING)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list((project / "maps").iterdir()) == [file]
    added = text[len(MAPPING) :]
    assert [word for word in ("Ada", "0161", "ada@", "Grace", "East") if word in added] == []
    first, second, third = yaml.safe_load(text)["examples"]
    assert first["record"]["phone"] == "(212) 555-0100"
    assert first["lead"]["email"] == "person1@example.com"
    assert "3 digits" in second["invalid"]
    assert third["skip"] is True
    assert call("check", "--offline")[0] == 0


def test_an_example_goes_where_a_link_leads(call, project):
    (project / "elsewhere.yaml").write_text(MAPPING)
    file = project / "maps" / "crm.yaml"
    file.unlink()
    file.symlink_to(project / "elsewhere.yaml")
    _, out, _ = call("preview", "crm", "--key", "4", "--save-example", "1", "--json")
    assert json.loads(out)["example"]["record"]["plan"] == "silver"
    assert file.is_symlink()
    assert (project / "elsewhere.yaml").read_text().count("- key:") == 1


def test_an_example_that_would_become_something_else_is_not_written(call, project):
    file = project / "maps" / "crm.yaml"
    text = MAPPING.replace("stage != 'customer'", "name|length == 3")
    file.write_text(text)
    code, out, err = call("preview", "crm", "--save-example", "1")
    assert (code, out) == (2, "")
    assert "record 1 was not saved as an example: it goes, and redacted it is skipped" in err
    assert "nothing was written" in err
    assert file.read_text() == text


@pytest.mark.parametrize("columns", [60, 100, 160])
def test_a_terminal_shows_them_side_by_side_where_it_is_wide(project, columns):
    command = [*COMMAND, "preview", "crm"]
    with on_terminal(command, project, environment(), columns) as terminal:
        assert terminal.end() == 1
    lines = terminal.text.splitlines()
    assert max(map(len, lines)) <= columns
    beside = [line for line in lines if "│" in line and "Ada" in line.partition("│")[0]]
    assert bool(beside) == (columns >= 100)
    assert ("  becomes" in lines) == (columns < 80)
    assert "Traceback" not in terminal.text
    where = next(line for line in lines if "maps/crm.yaml:4" in line)
    assert "← name" in where
    assert f"file://{project}/maps/crm.yaml#4" in terminal.links
    assert "\x1b[2m" in terminal.raw, "what nothing reads is dim"
    assert "more that nothing reads" in terminal.text


def test_records_are_looked_at_before_there_is_a_key_of_the_endpoint(call, project):
    written = CONNECTOR.replace("12345678", '"${NO_SUCH_KEY}"').replace("first_sync: everything }", "}", 1)
    (project / "connector.yaml").write_text(written + "  other: { type: nothing }\n")
    code, out, err = call("preview", "crm", "-n", "1")
    assert (code, err) == (0, "")
    assert "record 1" in out
    code, _, err = call("check", "--offline")
    assert code == 2
    assert "NO_SUCH_KEY" in err, "whoever checks is told"


def test_a_slip_in_a_condition_is_told_beside_the_records(call, project):
    (project / "maps" / "crm.yaml").write_text(MAPPING.replace('where: "stage', 'where: "stgae'))
    _, out, err = call("preview", "crm", "-n", "1")
    assert "record 1" in out
    assert 'maps/crm.yaml:2:9: where: there is no column stgae (did you mean "stage"?)' in err


def test_what_is_wrong_with_the_source_itself_is_said_and_nothing_else(call, project):
    written = CONNECTOR.replace("12345678", '"${NO_SUCH_KEY}"').replace("path: crm.csv", "paht: crm.csv")
    (project / "connector.yaml").write_text(written)
    (project / "maps" / "crm.yaml").write_text(MAPPING.replace("firstName", "fristName"))
    code, _, err = call("preview", "crm")
    assert code == 2
    assert 'sources.crm.paht: unknown key (did you mean "path"?)' in err
    assert 'maps/crm.yaml:4:3: lead.fristName: unknown key (did you mean "firstName"?)' in err
    assert "NO_SUCH_KEY" not in err
