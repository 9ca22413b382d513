"""What the database servers for tests share: who they run as, where they listen, how they end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

#: The account that servers run as when the tests run as root, which databases refuse to.
UNPRIVILEGED = "nobody"
#: Seconds that a server may take to answer, and to end.
PATIENCE = 60.0


def missing(what: str, install: str) -> NoReturn:
    """Skip the tests that need a server that isn't there; where CI says it has to be, fail them."""
    message = f"{what} is not installed: {install}"
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(message)
    pytest.skip(message)


def free_port() -> int:
    """Return a port of the loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(command: Sequence[str | Path]) -> None:
    """Run a command to its end as the account of servers; what it printed is in the error."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **_account())
    assert done.returncode == 0, done.stdout + done.stderr


def hand_over(path: Path, account: str = UNPRIVILEGED) -> None:
    """Give a directory or a file to the account that servers run as."""
    if os.geteuid() == 0:
        shutil.chown(path, account)


class Process:
    """A server process, stopped by its own pid."""

    def __init__(self, command: Sequence[str | Path], log: Path, account: str = UNPRIVILEGED) -> None:
        self._log = log
        with log.open("ab") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out, cwd="/", **_account(account))

    def wait_until(self, answers: Callable[[], bool]) -> bool:
        """Wait until it answers; False when it ended before it did."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                return False
            if answers():
                return True
            time.sleep(0.05)
        self.stop()
        return False

    @property
    def said(self) -> str:
        """What it wrote to its log."""
        return self._log.read_text(errors="replace")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, and wait until it has."""
        if self._process.poll() is None:
            self._process.send_signal(how)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(PATIENCE)


def _account(name: str = UNPRIVILEGED) -> dict[str, object]:
    """Return the arguments of `subprocess` that leave root behind."""
    if os.geteuid() != 0:
        return {}
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}
