"""Every command line in the documents is one, and every verb, option and exit code is documented."""

from __future__ import annotations

import re

import pytest
import typer

from sync.cli.frame.exits import ExitCode
from sync.cli.frame.options import Chosen
from tests.docs.cli_page import PAGE, cli_page, commands
from tests.docs.pages import ROOT, command_lines

COMMANDS = commands()
LINES = command_lines()
#: Words that stand for a verb where the documents speak of verbs at large.
PLACEHOLDERS = {"VERB", "--help", "--version"}
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("place", "words"), LINES, ids=lambda value: value if isinstance(value, str) else None
)
def test_a_command_line_is_one(place: str, words: list[str]) -> None:
    # A verb alone is how one speaks of it.
    if words[0] in PLACEHOLDERS or len(words) == 1:
        assert words[0] in {*PLACEHOLDERS, *COMMANDS}, f"{place}: there is no verb {words[0]}"
        return
    called, rest = _command(words)
    assert called in COMMANDS, f"{place}: there is no verb {words[0]}"
    try:
        COMMANDS[called].make_context(called, rest, obj=Chosen())
    except typer.TyperException as error:
        pytest.fail(f"{place}: leadrelay {' '.join(words)}: {error.format_message()}")


def _command(words: list[str]) -> tuple[str, list[str]]:
    """Return the verb, with its own verb where it has some, and what follows."""
    if getattr(COMMANDS.get(words[0]), "commands", None) and len(words) > 1:
        return " ".join(words[:2]), words[2:]
    return words[0], words[1:]


def test_a_wrong_command_line_is_noticed() -> None:
    with pytest.raises(typer.TyperException):
        COMMANDS["plan"].make_context("plan", ["--sendd"], obj=Chosen())


def test_there_are_command_lines_in_the_readme() -> None:
    assert sum(place.startswith("README.md") for place, _ in LINES) > 12


def test_the_page_of_verbs_is_what_help_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == cli_page(), "docs/cli.md is old: make docs"


@pytest.mark.parametrize("words", COMMANDS)
def test_every_verb_and_option_is_documented(words: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert f"### leadrelay {words}\n" in page
    missing = [
        option
        for each in COMMANDS[words].params
        for option in each.opts
        if option.startswith("--") and not re.search(rf"{option}\b", page)
    ]
    assert missing == []


def test_every_verb_is_used_somewhere_in_the_guides() -> None:
    used = {words[0] for place, words in LINES if not place.startswith("docs/cli.md")}
    assert {name.split()[0] for name in COMMANDS} - used == set()


@pytest.mark.parametrize("code", ExitCode, ids=lambda code: code.name)
def test_every_exit_code_is_explained(code: ExitCode) -> None:
    table = README[README.index("| exit code |") :]
    explained = {
        int(number) for row in re.findall(r"(?m)^\| ([\d, ]+) \|", table) for number in row.split(",")
    }
    assert int(code) in explained
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert code == ExitCode.DONE or re.search(rf"\*\*.*\b{int(code)}\b", operations)
