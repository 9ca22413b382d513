"""The endpoint of all benchmarks: a small C program that answers at once, or after a fixed latency."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).with_name("stub_endpoint.c")
API_KEY = "test-key"
DEPARTMENT = "sales"


@dataclass(frozen=True)
class Deliveries:
    """What the stub's log says about the leads it took."""

    #: Leads of the expected ones that never came.
    lost: int
    #: Requests beyond the first for the same lead.
    repeated: int

    def __str__(self) -> str:
        """Return both counts in words."""
        return f"{self.lost} lost, {self.repeated} repeated"


@dataclass(frozen=True)
class Stub:
    """A running stub."""

    base_url: str
    log: Path

    @property
    def lead_url(self) -> str:
        """Where a lead is posted to."""
        return f"{self.base_url}{DEPARTMENT}/newlead"

    def reset(self, latency_ms: float = 0) -> None:
        """Empty counters and log, and answer after this latency from now on."""
        self._ask(f"ctl?latency_ms={latency_ms}&reset=1", method="POST")

    def stats(self) -> dict[str, Any]:
        """Return the counters: requests, ok, refused, connections, max_in_flight, window_s, ..."""
        return self._ask("stats")

    def deliveries(self, leads: int) -> Deliveries:
        """Compare what was taken with the leads 1 to `leads` that should have been."""
        self.stats()
        lines = (line.split(" ", 2) for line in self.log.read_text(encoding="utf-8").splitlines())
        taken = Counter(identity for _, status, identity in lines if status == "200")
        expected = {str(number) for number in range(1, leads + 1)}
        return Deliveries(len(expected - taken.keys()), sum(taken.values()) - len(taken))

    def _ask(self, path: str, method: str = "GET") -> dict[str, Any]:
        request = urllib.request.Request(self.base_url + path, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
        return found


@contextmanager
def running_stub(directory: Path) -> Iterator[Stub]:
    """Build the stub, start it on a free port of this machine, and stop it afterwards.

    Raises:
        SystemExit: when there is no C compiler, with what to install.

    """
    log = directory / "stub.log"
    command = [str(_build(directory)), "--api-key", API_KEY, "--log", str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline())
            yield Stub(f"http://127.0.0.1:{port}/", log)
        finally:
            process.terminate()


def _build(directory: Path) -> Path:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise SystemExit("the benchmarks need a C compiler: apt-get install gcc libc6-dev")
    program = directory / "stub_endpoint"
    subprocess.run([compiler, "-O2", "-o", str(program), str(SOURCE)], check=True)
    return program
