"""What is said when a command fails."""

from __future__ import annotations

import json

import pytest
import typer

from sources.errors import BadConfig, Denied, RateLimited, Unavailable
from sync.cli.frame.exits import ExitCode
from sync.cli.frame.failures import Refused, explain, tell
from sync.cli.frame.options import Chosen
from sync.located_yaml import ConfigError, ConfigProblem, Mark
from sync.store.actions.resetting import InUse
from sync.store.errors import LeaseLost, StoreError


@pytest.mark.parametrize(
    ("error", "code", "kind"),
    [
        (Refused("no"), 2, "usage"),
        (Refused("no", ExitCode.UNAVAILABLE), 3, "refused"),
        (BadConfig("no table"), 2, "config"),
        (Unavailable("shut"), 3, "unavailable"),
        (RateLimited("later", 9), 3, "unavailable"),
        (Denied("key"), 3, "denied"),
        (StoreError("full"), 4, "store"),
        (LeaseLost("gone"), 4, "store"),
        (InUse("pid 7 polls crm"), 3, "in use"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (typer.Abort(), 130, "interrupted"),
        (typer.BadParameter("no"), 2, "usage"),
        (ZeroDivisionError("1/0"), 70, "bug"),
    ],
)
def test_an_error_has_one_meaning(error, code, kind):
    failure = explain(error)
    assert (failure.code, failure.kind) == (code, kind)
    assert all(failure.lines)


def test_every_problem_of_the_files_is_a_line(capsys):
    problems = [ConfigProblem("a.b", "is wrong", Mark("x.yaml", 3, 4)), ConfigProblem("", "is empty")]
    assert tell(ConfigError(problems), Chosen()) == ExitCode.WRONG
    assert capsys.readouterr().err.splitlines() == ["x.yaml:3:4: a.b: is wrong", "is empty"]


def test_a_bug_shows_where_it_is_only_to_who_asks(capsys):
    error = ZeroDivisionError("value of a lead")
    assert tell(error, Chosen()) == ExitCode.BUG
    quiet = capsys.readouterr().err
    tell(error, Chosen(verbose=True))
    loud = capsys.readouterr().err
    assert quiet.count("\n") == 1
    assert "-v" in quiet
    assert "value of a lead" not in quiet
    assert "ZeroDivisionError: value of a lead" in loud


def test_with_json_the_failure_is_a_document(capfd):
    problem = ConfigProblem("a.b", "is wrong", Mark("x.yaml", 3, 4), "LEADRELAY_A__B")
    tell(ConfigError([problem]), Chosen(json=True))
    error = json.loads(capfd.readouterr().out)["error"]
    assert error["problems"] == [
        {
            "file": "x.yaml",
            "line": 3,
            "column": 4,
            "path": "a.b",
            "message": "is wrong",
            "variable": "LEADRELAY_A__B",
        }
    ]
