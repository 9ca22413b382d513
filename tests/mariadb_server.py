"""A real MariaDB for tests: on the loopback, with its data in a temporary directory, gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tests.local_server import Process, free_port, hand_over, missing, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pymysql.connections import Connection

USER, PASSWORD = "tester", "made-up-for-tests"
_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ATTEMPTS = 5
#: Small, and nothing of it needs to reach the disk.
_OPTIONS = (
    "--innodb-buffer-pool-size=32M",
    "--innodb-log-file-size=8M",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--skip-log-bin",
    "--skip-name-resolve",
    "--character-set-server=utf8mb4",
)


class MariadbServer:
    """A running server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._names = count(1)

    def url(self, database: str, user: str = USER, password: str = PASSWORD) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"mysql+pymysql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """Run one statement."""
        with self._connect() as connection, connection.cursor() as cursor:
            cursor.execute(statement)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make an empty database for as long as the block lasts; yields its URL."""
        name = f"test_{next(self._names)}"
        self.execute(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name}")

    def answers(self) -> bool:
        """Tell whether it takes connections yet."""
        import pymysql

        try:
            self._connect().close()
        except pymysql.err.OperationalError:
            return False
        return True

    def _connect(self) -> Connection:
        import pymysql

        return pymysql.connect(
            host="127.0.0.1", port=self.port, user=USER, password=PASSWORD, autocommit=True
        )


@contextmanager
def running_mariadb() -> Iterator[MariadbServer]:
    """Run a server while the block lasts. Every process of pytest-xdist has one of its own."""
    program, installer = _program("mariadbd"), _program("mariadb-install-db")
    with tempfile.TemporaryDirectory(prefix="leadrelay-maria-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        hand_over(directory)
        quiet = ["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]
        run([installer, *quiet, f"--datadir={directory / 'data'}", f"--tmpdir={directory}"])
        server, process = _start(program, directory)
        try:
            yield server
        finally:
            process.stop()


def _start(program: str, directory: Path) -> tuple[MariadbServer, Process]:
    """Start it on a free port; another one when somebody else was quicker."""
    account = directory / "account.sql"
    account.write_text(
        f"CREATE USER IF NOT EXISTS {USER}@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\n"
        f"GRANT ALL PRIVILEGES ON *.* TO {USER}@'127.0.0.1' WITH GRANT OPTION;\n"
    )
    for _ in range(_ATTEMPTS):
        server = MariadbServer(free_port())
        where = [
            f"--datadir={directory / 'data'}",
            f"--socket={directory / 'socket'}",
            f"--tmpdir={directory}",
        ]
        where += ["--bind-address=127.0.0.1", f"--port={server.port}", f"--init-file={account}"]
        process = Process([program, "--no-defaults", *where, *_OPTIONS], directory / "log")
        if process.wait_until(server.answers):
            return server, process
    raise RuntimeError(f"MariaDB does not start:\n{process.said}")


def _program(name: str) -> str:
    found = shutil.which(name, path=_SYSTEM_PATH)
    return found or missing("MariaDB", "make test-servers, or the system's package mariadb-server")
