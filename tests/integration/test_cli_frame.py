"""The frame of the command: global options, exit codes, errors, and what goes where."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from sync.cli.frame.catalog import VERBS
from sync.cli.frame.exits import ExitCode
from tests.command import COMMAND, call, environment
from tests.store_scene import filled_project, write_project


def test_help_lists_every_verb_under_its_heading(tmp_path):
    said = call("--help", cwd=tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    lines = said.stdout.splitlines()
    for verb in VERBS.values():
        place = next(number for number, line in enumerate(lines) if line.startswith(f"  {verb.name} "))
        headings = [line for line in lines[:place] if line.endswith(":") and not line.startswith(" ")]
        assert headings[-1] == f"{verb.panel}:"


def test_help_is_plain_where_nobody_looks(tmp_path):
    said = call("-h", cwd=tmp_path)
    assert said.stdout.isprintable() or all(line.isprintable() for line in said.stdout.splitlines())
    assert not set("│─╭╯") & set(said.stdout)


def test_the_version_is_that_of_the_package(tmp_path):
    from importlib.metadata import version

    assert call("--version", cwd=tmp_path).stdout == f"leadrelay {version('leadrelay')}\n"


def test_no_verb_at_all_shows_the_help_and_is_an_error(tmp_path):
    said = call(cwd=tmp_path)
    assert said.returncode == ExitCode.WRONG
    assert "Examples:" in said.stdout


def test_a_verb_that_is_not_there_names_the_one_that_is_meant(tmp_path):
    said = call("snyc", cwd=tmp_path)
    assert said.returncode == ExitCode.WRONG
    assert "Did you mean 'sync'?" in said.stderr
    assert said.stdout == ""


def test_an_option_that_is_not_there_says_where_the_help_is(tmp_path):
    said = call("leads", "--stat", "held", cwd=tmp_path)
    assert said.returncode == ExitCode.WRONG
    assert "--state" in said.stderr
    assert "leadrelay leads --help" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_missing_configuration_says_how_to_get_one(tmp_path):
    said = call("status", cwd=tmp_path)
    assert said.returncode == ExitCode.WRONG
    assert "leadrelay init" in said.stderr


@pytest.mark.parametrize("before", [True, False])
def test_global_options_work_before_the_verb_and_after_it(tmp_path, before):
    (tmp_path / "other").mkdir()
    write_project(tmp_path / "other")
    options = ["-c", "other/connector.yaml", "--json"]
    arguments = [*options, "status"] if before else ["status", *options]
    said = call(*arguments, cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    assert [each["source"] for each in json.loads(said.stdout)["sources"]] == ["crm", "walk_ins"]


def test_global_options_work_after_a_verb_of_a_verb(tmp_path):
    write_project(tmp_path)
    said = call("state", "show", "--json", cwd=tmp_path)
    assert json.loads(said.stdout) == {"sources": []}


def test_every_mistake_of_the_files_is_said_with_its_place(tmp_path):
    path = write_project(tmp_path)
    text = (
        path.read_text().replace("type: hatch", "type: hutch").replace("first_sync: now", "first_snyc: now")
    )
    path.write_text(text)
    said = call("status", cwd=tmp_path)
    assert said.returncode == ExitCode.WRONG
    lines = said.stderr.splitlines()
    assert any(line.startswith("connector.yaml:2:9: endpoint.type: ") and "hatch" in line for line in lines)
    assert any(
        "sources.walk_ins.first_snyc" in line and 'did you mean "first_sync"' in line for line in lines
    )
    assert said.stdout == ""


def test_with_json_an_error_is_the_one_document(tmp_path):
    path = write_project(tmp_path)
    path.write_text(path.read_text().replace("type: hatch", "type: hutch"))
    said = call("status", "--json", cwd=tmp_path)
    error = json.loads(said.stdout)["error"]
    assert (said.returncode, error["code"], error["kind"]) == (2, 2, "config")
    assert (error["problems"][0]["line"], error["problems"][0]["path"]) == (2, "endpoint.type")


def test_with_json_a_wrong_command_line_is_the_one_document_too(tmp_path):
    said = call("--json", "leads", "--nonsense", cwd=tmp_path)
    assert json.loads(said.stdout)["error"]["kind"] == "usage"
    assert said.returncode == ExitCode.WRONG


def test_a_state_store_that_cant_be_used_ends_with_4(tmp_path):
    write_project(tmp_path)
    (tmp_path / "leadrelay.db").write_bytes(b"this is no database, whatever its name says" * 99)
    said = call("status", cwd=tmp_path)
    assert said.returncode == ExitCode.STORE
    assert "is no SQLite database" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_reader_that_has_had_enough_is_no_error(tmp_path):
    filled_project(tmp_path)
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as nobody:
        done = subprocess.run(
            [*COMMAND, "schema"],
            cwd=tmp_path,
            stdout=nobody,
            stderr=-1,
            env=environment(),
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")


def test_answers_have_no_colours_where_nobody_looks(tmp_path):
    filled_project(tmp_path)
    said = call("status", cwd=tmp_path, FORCE_COLOR="", TERM="xterm-256color")
    assert "\x1b" not in said.stdout + said.stderr


def test_the_exit_codes_are_those_of_the_documents():
    names = {"DONE": 0, "NEEDS_YOU": 1, "WRONG": 2, "UNAVAILABLE": 3, "STORE": 4}
    signals = {"INTERRUPTED": 130, "TERMINATED": 143}
    assert {code.name: code.value for code in ExitCode} == {**names, "BUG": 70, **signals}
