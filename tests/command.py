"""The command in a process of its own, as a person calls it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from tests.loaded_command import Call, is_for_a_start

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

#: A warning of Python in the command is an error of ours.
COMMAND = [sys.executable, "-W", "error", "-m", "sync.cli"]


def call(*arguments: str, cwd: Path, answer: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """Run ``leadrelay`` and wait for its end."""
    made = Call(["leadrelay", *arguments], cwd, environment(**environ), answer)
    return made.anew(COMMAND) if is_for_a_start(environ) else loaded(made)


def loaded(made: Call) -> subprocess.CompletedProcess[str]:
    """Run a call from a process that has loaded the command, unless every call is to be started anew."""
    return made.anew(COMMAND) if is_for_a_start({}) else made.loaded(COMMAND[:-2])


def environment(**more: str) -> dict[str, Any]:
    """Return an environment with no settings for the command but these."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("LEADRELAY_", "HATCH_"))
    }
    return {**kept, "COLUMNS": "100", **more}
