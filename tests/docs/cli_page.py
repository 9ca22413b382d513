"""docs/cli.md is made of what ``--help`` says: ``make docs`` writes it, a test compares it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sync.cli.frame.catalog import PANELS, VERBS
from sync.cli.frame.exits import ExitCode
from sync.cli.frame.loading import load
from tests.command import call

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "cli.md"
_SHARED = "\nOptions of every verb:\n"
_HEAD = """# Every verb

<!-- Made by `make docs` of what --help says; changes made here are lost. -->

`leadrelay VERB --help` says the same. The options of every verb may stand before the verb or after it.
"""


def commands() -> dict[str, Any]:
    """Return every command by the words that call it, as in ``state show``."""
    found: dict[str, Any] = {}
    for name, verb in VERBS.items():
        found[name] = load(verb)
        for inner, command in getattr(found[name], "commands", {}).items():
            found[f"{name} {inner}"] = command
    return found


def cli_page() -> str:
    """Return the page as it has to be."""
    parts = [_HEAD, _block(_helped()), _exit_codes()]
    for panel in PANELS:
        parts.append(f"## {panel}\n")
        for words in commands():
            if VERBS[words.split()[0]].panel == panel:
                parts.append(f"### leadrelay {words}\n")
                parts.append(_block(_helped(*words.split()).partition(_SHARED)[0]))
    return "\n".join(parts)


def _helped(*words: str) -> str:
    """Return what ``--help`` prints, where nobody looks at a screen of a hundred columns."""
    said = call(*words, "--help", cwd=ROOT, NO_COLOR="1")
    assert said.returncode == 0, said.stderr
    return said.stdout


def _block(text: str) -> str:
    return f"```text\n{text.strip()}\n```\n"


def _exit_codes() -> str:
    codes = ", ".join(f"{int(code)}" for code in ExitCode)
    return f"Exit codes: {codes}; the [README](../README.md#how-it-ends) says what each means.\n"


if __name__ == "__main__":
    PAGE.write_text(cli_page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.relative_to(ROOT)}\n")
