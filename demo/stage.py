"""What the demo plays on: a project directory, the sandbox, and the command as a person calls it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo import telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent
#: Beside the Python that runs this, whatever the PATH says.
COMMAND = Path(sys.executable).parent / "leadrelay"
#: How a person who has just cloned the project calls it, from where `make demo` was typed.
COMMAND_SHOWN = ".venv/bin/leadrelay"
#: An empty file that says that the directory may be removed.
_MARK = ".made-by-the-demo"
#: What the exit codes mean that a sync can end with.
_MEANINGS = {
    0: "done, nothing needs you",
    1: "done, and something needs you: a record is set aside",
}


class DemoFailed(Exception):
    """Something did not go as the demo says it does."""


@dataclass(frozen=True, slots=True)
class Hatch:
    """The sandbox that the leads go to."""

    #: Its page of contacts.
    url: str
    base_url: str
    department_id: str
    api_key: str

    def stats(self) -> Mapping[str, Any]:
        """Return its counts."""
        stats: Mapping[str, Any] = self._ask("stats")
        return stats

    def leads_after(self, request: int) -> list[Mapping[str, Any]]:
        """Return the leads that it took after so many requests, in the order of arrival."""
        later = self._ask(f"requests?after={request}")["requests"]
        return [json.loads(each["body"]) for each in later if each["stored"]]

    def _ask(self, what: str) -> Any:
        with urllib.request.urlopen(f"{self.url}sandbox/{what}", timeout=10) as answer:  # noqa: S310 - our own server
            return json.load(answer)


@contextmanager
def running_hatch() -> Iterator[Hatch]:
    """Start ``leadrelay sandbox`` on a free port, and stop it after the block.

    Raises:
        DemoFailed: when it does not start.

    """
    command = [str(COMMAND), "sandbox", "--port", "0", "--json"]
    # A session of its own: Ctrl-C is for the demo, which then stops the sandbox itself.
    with subprocess.Popen(  # noqa: S603 - our own command
        command, stdout=subprocess.PIPE, text=True, env=_environment({}), start_new_session=True
    ) as process:
        try:
            yield _ready(process)
        finally:
            process.terminate()


def _ready(process: subprocess.Popen[str]) -> Hatch:
    said = ""
    for line in process.stdout or ():
        said += line
        if line.startswith("}"):
            known = json.loads(said)
            return Hatch(**{name: known[name] for name in Hatch.__dataclass_fields__})
    raise DemoFailed(f"the sandbox did not start, it ended with {process.wait()}")


class Project:
    """A directory with connector.yaml and mappings/, as `leadrelay init` would write them."""

    def __init__(self, directory: Path, settings: Mapping[str, str]) -> None:
        """Take where it is to be, and the variables that its connector.yaml is to be read with.

        What a former demo left there is removed.

        Raises:
            DemoFailed: when something else is there.

        """
        self.directory = directory
        self._environment = _environment(settings)
        if directory.exists() and any(directory.iterdir()) and not (directory / _MARK).exists():
            raise DemoFailed(f"{directory} holds something that no demo has made; name another one")
        shutil.rmtree(directory, ignore_errors=True)
        (directory / "data").mkdir(parents=True)
        (directory / _MARK).touch()
        shutil.copy(ROOT / "connector.yaml", directory)
        shutil.copytree(ROOT / "mappings", directory / "mappings")

    @property
    def shown(self) -> Path:
        """Its place, as short as it can be said from here."""
        here = Path.cwd()
        return self.directory.relative_to(here) if self.directory.is_relative_to(here) else self.directory

    def call(self, arguments: str, *, expect: int = 0) -> None:
        """Type a command, let it speak for itself, and say what its exit code means.

        Raises:
            DemoFailed: when it ends with another code than expected.

        """
        telling.typed(f"leadrelay {arguments}")
        done = subprocess.run(  # noqa: S603 - our own command
            [str(COMMAND), *shlex.split(arguments)],
            cwd=self.directory,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
        )
        telling.ended(done.returncode, _MEANINGS.get(done.returncode, "see `leadrelay --help`"))
        if done.returncode != expect:
            raise DemoFailed(f"leadrelay {arguments} ended with {done.returncode}, expected {expect}")


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with these settings, and none that somebody has made for a real Hatch."""
    foreign = ("LEADRELAY_", "HATCH_", "CRM_", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**kept, **settings}
