"""Running a command and saying what it took."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Between two looks at a process's memory. The kernel keeps the peak, so only what is allocated in
#: the last moment before the end can be missed.
_LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Cost:
    """What a command took."""

    #: Seconds from start to exit, as a person waits.
    wall: float
    #: Seconds of processor time, user and system.
    cpu: float
    #: The most memory that was resident at any time, in MB of a million bytes.
    peak_mb: float


def run(command: Sequence[str | Path], directory: Path) -> Cost:
    """Run a command to its end with its output in ``output.txt`` of that directory.

    Raises:
        SystemExit: when it fails, with the end of what it said.

    """
    output = directory / "output.txt"
    with output.open("wb") as file:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=directory, env=environment(), stdout=file, stderr=file)
        peak = _Peak(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = output.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{said}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, peak.stop() / 1e6)


def environment() -> dict[str, str]:
    """Return the environment without what could change the settings of the program."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("LEADRELAY_", "PYTHON"))
    }


class _Peak:
    """Watches the peak of one process's resident memory.

    Not the peak in its resource usage: that one begins with the memory of the parent it was
    started from.
    """

    def __init__(self, pid: int) -> None:
        if not sys.platform.startswith("linux"):
            raise SystemExit("the benchmarks read /proc and run on Linux only")
        self._status = Path(f"/proc/{pid}/status")
        self._bytes = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> int:
        """Stop watching and return the peak in bytes."""
        self._done.set()
        self._thread.join()
        return self._bytes

    def _watch(self) -> None:
        while not self._done.wait(_LOOK_SECONDS):
            self._bytes = max(self._bytes, self._read())

    def _read(self) -> int:
        try:
            lines = self._status.read_text(encoding="utf-8").splitlines()
        except OSError:
            return 0
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
