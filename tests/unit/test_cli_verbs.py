"""Every verb there is: it can be loaded, it teaches by example, and has the options all verbs have."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import sync.cli
from sync.cli.frame.app import run
from sync.cli.frame.catalog import PANELS, VERBS
from sync.cli.frame.loading import load

GLOBAL = {"config", "json", "quiet", "verbose", "version"}


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_can_be_loaded_and_has_the_common_options(name):
    command = load(VERBS[name])
    assert command.name == name
    assert command.help
    assert {each.name for each in command.params} >= GLOBAL


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_teaches_by_examples_that_name_what_exists(name):
    command = load(VERBS[name])
    examples = command.epilog.splitlines()
    assert examples
    for example in examples:
        words = shlex.split(example, comments=True)
        words = words[: words.index("|")] if "|" in words else words
        if words[0] != "leadrelay":
            continue
        assert words[1] in VERBS
        known = _options(load(VERBS[words[1]]), words[2:])
        assert [word for word in words if word.startswith("-") and word not in known] == []


def _options(command, words):
    inner = getattr(command, "commands", {}).get(words[0] if words else "", command)
    return {option for each in inner.params for option in (*each.opts, *each.secondary_opts)}


def test_every_file_of_a_verb_is_in_the_catalog():
    names = {path.stem for path in Path(sync.cli.__file__).parent.glob("[a-z]*.py")} - {"progress"}
    assert names == {verb.function for verb in VERBS.values()}


def test_every_verb_stands_under_a_heading():
    assert {verb.panel for verb in VERBS.values()} == set(PANELS)


@pytest.mark.parametrize("name", VERBS)
def test_the_help_of_a_verb_fits_its_width(name, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert run([name, "--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"Usage: leadrelay {name} ")
    assert "Examples:\n  leadrelay " in said
    own = said[: said.index("Examples:")] + said[said.index("Options") :]
    assert max(map(len, own.splitlines())) <= 80
    assert not re.search(r"\n\n\n", said)


def test_help_on_a_terminal_is_coloured_unless_it_must_not_be(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    run(["--help"])
    assert "\x1b[" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    run(["--help"])
    assert "\x1b[" not in capsys.readouterr().out
