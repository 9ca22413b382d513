"""A PostgreSQL that goes away and comes back, on the same port and with the same data."""

from __future__ import annotations

import signal
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.local_server import Process, free_port, hand_over
from tests.postgres_server import PostgresServer, _make_cluster, _programs

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Nothing has to outlive a power cut, and everything a restart.
_OPTIONS = ("fsync=off", "max_connections=30")


class RestartingPostgres(PostgresServer):
    """A server that can be stopped and started again."""

    def __init__(self, programs: Path, directory: Path) -> None:
        super().__init__(free_port())
        self._programs, self._directory = programs, directory
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = [part for option in _OPTIONS for part in ("-c", option)]
        data, here = self._directory / "data", self._directory
        where = ["-D", data, "-h", "127.0.0.1", "-p", str(self.port), "-k", here]
        command = [self._programs / "postgres", *where, *options]
        self._process = Process(command, self._directory / "log")
        if not self._process.wait_until(self.answers):
            raise RuntimeError(f"PostgreSQL does not start:\n{self._process.said}")

    def stop(self, *, at_once: bool = False) -> None:
        """End it: in order, or as a crash does."""
        self._process.stop(signal.SIGQUIT if at_once else signal.SIGINT)


@contextmanager
def restarting_postgres() -> Iterator[RestartingPostgres]:
    """Run a server while the block lasts."""
    with tempfile.TemporaryDirectory(prefix="leadrelay-pg-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        hand_over(directory)
        programs = _programs(directory)
        _make_cluster(programs, directory)
        server = RestartingPostgres(programs, directory)
        try:
            yield server
        finally:
            server.stop()
