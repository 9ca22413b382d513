"""`init`, `check`, `sources` and `schema`, as they are called."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from sync.cli.frame.app import run
from sync.cli.frame.settings_rows import settings_of
from sync.config import load_config
from sync.schemas import connector_schema, mapping_schema
from tests.store_scene import write_project


@pytest.fixture
def call(tmp_path, monkeypatch, capfd):
    """Call the command in a directory of its own; returns its code, its stdout and its stderr."""
    monkeypatch.chdir(tmp_path)

    def calling(*arguments):
        code = run(arguments)
        said = capfd.readouterr()
        return int(code), said.out, said.err

    return calling


def variables_of(path):
    lines = (path / ".env.example").read_text().splitlines()
    return {line.rstrip("="): "12345678" for line in lines if not line.startswith("#")}


def test_a_starter_is_a_project_that_can_be_read(call, tmp_path):
    code, out, _ = call("init", "shop")
    assert code == 0
    assert "leadrelay check" in out
    config = load_config(tmp_path / "shop" / "connector.yaml", variables_of(tmp_path / "shop"))
    assert {source.type for source in config.sources.values()} == {"rest", "sql", "spreadsheet"}
    assert all(source.mapping.run_examples() == [] for source in config.sources.values())


def test_a_starter_has_only_the_types_that_are_named(call, tmp_path):
    assert call("init", "--source", "sql")[0] == 0
    config = load_config(tmp_path / "connector.yaml", variables_of(tmp_path))
    assert [source.type for source in config.sources.values()] == ["sql"]
    assert [path.name for path in (tmp_path / "mappings").glob("*.yaml")] == ["orders.yaml"]


def test_p5_a_starter_to_fill_in_sends_nothing_that_is_there_already(call, tmp_path):
    code, out, _ = call("init", "--source", "spreadsheet")
    assert (code, "leadrelay check; leadrelay preview walk_ins" in out) == (0, True)
    assert "leadrelay suggest walk_ins --write --force" in out
    [source] = load_config(tmp_path / "connector.yaml", variables_of(tmp_path)).sources.values()
    assert source.options.first_sync == "now"


def test_the_pages_of_a_starter_lead_to_what_is_there(call, tmp_path):
    assert call("init", "--source", "sql")[0] == 0
    pages = list((tmp_path / "mappings").glob("*.md"))
    assert {page.name for page in pages} == {"README.md", "COOKBOOK.md", "transforms.md"}
    links = [link for page in pages for link in re.findall(r"\]\(([^)#]+)", page.read_text())]
    assert "transforms.md" in links
    assert [link for link in links if not (tmp_path / "mappings" / link).exists()] == []


@pytest.mark.parametrize("arguments", [["init"], ["schema", "--write"]])
def test_the_files_of_a_starter_name_schemas_that_are_there(call, tmp_path, arguments):
    call("init")
    for old in (tmp_path / ".schemas").iterdir():
        old.write_text("old")
    if arguments == ["init"]:
        (tmp_path / "connector.yaml").unlink()
        shutil.rmtree(tmp_path / "mappings")
        (tmp_path / ".env.example").unlink()
    assert call(*arguments)[0] == 0
    files = [tmp_path / "connector.yaml", *(tmp_path / "mappings").glob("*.yaml")]
    assert len(files) > 3
    for file in files:
        first = file.read_text(encoding="utf-8").split("\n")[0]
        path = file.parent / first.removeprefix("# yaml-language-server: $schema=")
        expected = connector_schema() if file.name == "connector.yaml" else mapping_schema()
        assert json.loads(path.read_text(encoding="utf-8")) == expected


def test_a_starter_overwrites_nothing(call, tmp_path):
    (tmp_path / "connector.yaml").write_text("mine\n")
    code, _, err = call("init")
    assert (code, "is there already; nothing was written" in err) == (2, True)
    assert (tmp_path / "connector.yaml").read_text() == "mine\n"
    assert not (tmp_path / "mappings").exists()


def test_a_starter_adds_to_gitignore(call, tmp_path):
    (tmp_path / ".gitignore").write_text("*.pyc\n.env")
    assert call("init")[0] == 0
    assert (tmp_path / ".gitignore").read_text().splitlines() == [
        "*.pyc",
        ".env",
        "leadrelay.db*",
        ".leadrelay/",
    ]


def test_a_type_that_is_not_installed_is_refused(call, tmp_path):
    code, _, err = call("init", "--source", "sqll")
    assert (code, 'did you mean "sql"' in err) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_sources_lists_types_and_settings(call):
    lines = call("sources")[1].splitlines()
    there = [line.split()[0] for line in lines[1:] if line.strip()]
    assert {"hubspot", "rest", "spreadsheet", "sql"} <= set(there)
    assert there == sorted(there)
    found = json.loads(call("sources", "sql", "--json")[1])
    settings = {each["name"]: each for each in found["settings"]}
    assert settings["key"]["required"] is True
    assert settings["url"]["secret"] is True
    assert settings["timeout"]["default"] == "1m"
    assert {"mapping", "first_sync", "schedule"} <= {each["name"] for each in found["shared"]}
    assert all(each["description"] for each in (*found["settings"], *found["shared"]))
    required = [each["required"] for each in found["shared"] if "." not in each["name"]]
    assert required == sorted(required, reverse=True)


def test_a_type_is_shown_with_the_lines_that_it_begins_with(call):
    section = json.loads(call("sources", "close", "--json")[1])["starter"]
    assert section.startswith("close:\n  type: close\n")
    out = call("sources", "close")[1]
    assert "".join(f"  {line}\n" for line in section.splitlines()) in out
    assert "leadrelay init DIR --source close" in out
    assert json.loads(call("sources", "sql", "--json")[1])["starter"] is None


def test_settings_of_sections_say_what_they_belong_to(call):
    found = json.loads(call("sources", "rest", "--json")[1])
    token = next(each for each in found["settings"] if each["name"] == "auth.token")
    assert (token["belongs_to"], token["kind"], token["secret"]) == ("bearer", "secret", True)
    out = call("sources", "rest")[1]
    assert "With auth.type bearer." in out


def test_every_setting_of_every_adapter_can_be_described():
    from sources.registry import installed, load

    for name in installed():
        assert all(each.kind for each in settings_of(load(name).Settings)), name


def test_a_source_type_that_is_not_there(call):
    code, _, err = call("sources", "sqll")
    assert (code, 'did you mean "sql"' in err) == (2, True)


@pytest.mark.parametrize("file", ["connector", "mapping"])
def test_schemas_are_documents(call, file):
    code, out, _ = call("schema", file)
    assert code == 0
    assert json.loads(out)["$schema"].endswith("2020-12/schema")


def test_check_offline_runs_the_examples(call, tmp_path):
    write_project(tmp_path)
    with (tmp_path / "crm.yaml").open("a") as mapping:
        mapping.write(
            'examples:\n  - record: { name: Ada, phone: "8045550100" }\n    lead: { firstName: Eve }\n'
        )
    code, out, _ = call("check", "--offline")
    assert code == 2
    assert 'crm.yaml:10:24: examples[0].lead.firstName: expected "Eve"' in out.replace("'", '"')


def test_check_offline_of_a_project_that_is_well(call, tmp_path):
    write_project(tmp_path)
    code, out, err = call("check", "--offline")
    assert (code, err) == (0, "")
    assert all(line.startswith("ok") for line in out.splitlines())


def test_check_tries_everything_and_says_all_at_once(call, tmp_path):
    write_project(tmp_path)
    (tmp_path / "crm.csv").write_text("id,name,email\n1,Ada,ada@example.com\n")
    (tmp_path / "walk-ins.csv").unlink()
    code, out, _ = call("check", "--json")
    found = {each["what"]: each for each in json.loads(out)["checks"]}
    assert code == 2
    assert any("phone" in line for line in found["source crm"]["said"])
    assert found["source walk_ins"]["ok"] is False
    assert found["endpoint default"]["ok"] is False
    assert found["state store"]["ok"] is True
    assert not (tmp_path / "leadrelay.db").exists()


def test_a_store_that_cant_be_made_is_said_and_ends_with_4(call, tmp_path):
    write_project(tmp_path, "sqlite:///nowhere/leadrelay.db")
    code, out, _ = call("check", "--json")
    found = {each["what"]: each for each in json.loads(out)["checks"]}
    assert code == 4
    assert "can't be made" in found["state store"]["said"][0]
    assert call("status")[0] == 4


def test_check_says_when_the_store_is_no_store(call, tmp_path):
    write_project(tmp_path)
    (tmp_path / "leadrelay.db").write_bytes(b"no database " * 500)
    found = {each["what"]: each for each in json.loads(call("check", "--json")[1])["checks"]}
    assert "is no SQLite database" in found["state store"]["said"][0]
