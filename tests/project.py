"""A directory with a connector.yaml of its own, and the installed `leadrelay` called in it.

What every call must keep, whatever the test is about, is looked at after every call: no traceback, no
key, no name, phone or e-mail in what the command prints.
"""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from sync.config.state import parse_state
from sync.states import State
from sync.store.store import open_store
from sync.store.views.leads import list_leads
from sync.store.views.positions import read_positions
from sync.store.views.selection import Selection
from tests.installed import ROOT, installed_command
from tests.loaded_command import Call, is_for_a_start
from tests.running_command import PATIENCE, Answer, Running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from tests.sandbox_server import Hatch

T = TypeVar("T")

#: What a person could be known by, in the leads of `tests.lead_rows`.
PERSONAL = re.compile(r"Forename\d|\(?804\)?[ -]?555|lead\d+@", re.IGNORECASE)

MAPPING: dict[str, Any] = {
    "lead": {
        "firstName": "name",
        "phoneNumber": {"from": "phone", "if_invalid": "drop"},
        "email": "email",
        "status": "status",
        "updatedAt": "updated_at",
    },
    "custom": {"plan": "plan"},
}


@dataclass
class Project:
    """What a user has: connector.yaml, mappings, data, and the command."""

    directory: Path
    command: Path
    endpoint: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    state: str = "sqlite:///leadrelay.db"
    #: What no call may print.
    secrets: list[str] = field(default_factory=list)

    def path(self, name: str) -> Path:
        """Return the path of a file of the project."""
        return self.directory / name

    def write(self, name: str, text: str) -> Path:
        """Write a file of the project."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def save(self) -> None:
        """Write connector.yaml as the attributes say."""
        document = {"endpoint": self.endpoint, "state": self.state, "sources": self.sources}
        self.write("connector.yaml", yaml.safe_dump(document, sort_keys=False))

    def source(self, name: str = "crm", mapping: Mapping[str, Any] = MAPPING, **settings: Any) -> None:
        """Add a source with a mapping of its own, or replace it, and write the files."""
        self.sources[name] = {"mapping": f"mappings/{name}.yaml", "first_sync": "everything", **settings}
        self.map(name, mapping)
        self.save()

    def set(self, name: str = "crm", **settings: Any) -> None:
        """Change settings of a source; None takes one out."""
        changed = {**self.sources[name], **settings}
        self.sources[name] = {key: value for key, value in changed.items() if value is not None}
        self.save()

    def map(self, name: str = "crm", mapping: Mapping[str, Any] = MAPPING, **parts: Any) -> None:
        """Write the mapping of a source, with some of its parts replaced."""
        self.write(f"mappings/{name}.yaml", yaml.safe_dump({**mapping, **parts}, sort_keys=False))

    def call(self, *arguments: str, code: int | None = 0, answer: str = "", **environ: str) -> Answer:
        """Run the command to its end; it has to end with this code, None for any."""
        words = [str(self.command), *arguments]
        call = Call(words, self.directory, environment(**environ), answer, PATIENCE)
        done = (
            call.anew() if is_for_a_start(environ) else call.loaded([str(self.command.with_name("python"))])
        )
        found = Answer(done.returncode, done.stdout, done.stderr)
        self.keeps_quiet(found, personal=arguments[0] in ("preview", "check", "plan"))
        said = f"`{' '.join(arguments)}` ended with {found.code}, not {code}\n{found.out}{found.err}"
        assert code in (None, found.code), said
        return found

    def sync(self, *arguments: str, code: int | None = 0, **environ: str) -> Answer:
        """Run `sync`, with its answer as a document."""
        return self.call("sync", *arguments, "--json", code=code, **environ)

    @contextmanager
    def started(self, *arguments: str) -> Iterator[Running]:
        """Run the command beside the test; it is killed when the block ends before it."""
        with subprocess.Popen(
            [self.command, *arguments],
            cwd=self.directory,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            running = Running(process)
            try:
                yield running
            finally:
                process.kill()
                self.keeps_quiet(running.end())

    def keeps_quiet(self, answer: Answer, *, personal: bool = False) -> None:
        """Hold what every output must keep; previews and plans show people, a check its examples."""
        said = answer.out + answer.err
        assert "Traceback" not in said, said
        assert answer.code != 70, said  # that is the code of a bug
        for secret in self.secrets:
            assert secret not in said, f"a secret was printed:\n{said}"
        if not personal:
            assert not PERSONAL.search(said), f"something personal was printed:\n{said}"

    def states(self, source: str = "crm") -> dict[str, int]:
        """Return how many leads of a source stand where: what `state show` says, without waiting for it."""
        found = self._stored(lambda connection: read_positions(connection, source))
        return dict(found[0].leads) if found else {}

    def leads(self, *arguments: str) -> list[dict[str, Any]]:
        """Return what `leads` lists."""
        return list(self.call("leads", *arguments, "--json").document["leads"])

    def reasons(self, state: str) -> dict[str, str]:
        """Return why each lead stands in a state, by its id: what `leads` says, without waiting for it."""
        which = Selection(None, (State(state),), None, None)
        found = self._stored(lambda connection: list_leads(connection, which, 1000, None))
        return {each.id: each.reason or "" for each in found}

    def _stored(self, look: Callable[[Connection], T]) -> T:
        store = open_store(parse_state(self.state, self.directory).url.get_secret_value())
        try:
            return store.read_now(look)
        finally:
            store.close()


def project_in(directory: Path, hatch: Hatch | None = None) -> Project:
    """Return an empty project that sends to a sandbox, as fast as that takes it."""
    project = Project(directory, installed_command())
    if hatch is not None:
        project.endpoint = hatch.endpoint(rate_limit="none", give_up="1s")
        project.secrets.append(hatch.api_key)
    return project


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a user: nothing of the checkout, no settings but these."""
    dropped = ("LEADRELAY_", "HATCH_", "PYTHON", "VIRTUAL_ENV", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    assert str(ROOT) not in kept.get("PYTHONPATH", "")
    return {**kept, "COLUMNS": "100", "PYTHONWARNINGS": "error", **more}
