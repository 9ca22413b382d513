"""A call of the command: how it ended and what it said, or what it says while it runs."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import signal
    import subprocess
    from collections.abc import Callable, Iterable, Iterator

#: Seconds a command may take on a machine that is busy with other things.
PATIENCE = 120.0


@dataclass(frozen=True)
class Answer:
    """How a call ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What was printed with ``--json``."""
        return json.loads(self.out)

    @property
    def run(self) -> dict[str, Any]:
        """The counts of the only source of a `sync`."""
        (found,) = self.document["runs"]
        return dict(found)

    @property
    def delivery(self) -> dict[str, Any]:
        """The delivery of a `sync` or a `backfill`."""
        return dict(self.document["delivery"])


class Running:
    """A command that runs while the test goes on; `started` ends it in any case."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: dict[str, list[str]] = {"out": [], "err": []}
        self._threads = [self._reading(name, stream) for name, stream in self._streams()]

    def _streams(self) -> Iterator[tuple[str, Iterable[str]]]:
        for name, stream in (("out", self.process.stdout), ("err", self.process.stderr)):
            assert stream is not None
            yield name, stream

    def _reading(self, name: str, stream: Iterable[str]) -> threading.Thread:
        thread = threading.Thread(target=lambda: self._lines[name].extend(stream), daemon=True)
        thread.start()
        return thread

    @property
    def err(self) -> str:
        """What it has said on stderr up to now."""
        return "".join(self._lines["err"])

    def wait_said(self, text: str) -> None:
        """Wait until it has said something on stderr."""
        wait_until(lambda: text in self.err or self.process.poll() is not None)
        assert text in self.err, self.err

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """Kill it at once, as a crash would, and wait until it is gone."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def end(self, code: int | None = None) -> Answer:
        """Wait for its end; with a code, that is how it has to end."""
        ended = self.process.wait(PATIENCE)
        for thread in self._threads:
            thread.join(PATIENCE)
        answer = Answer(ended, "".join(self._lines["out"]), self.err)
        assert code in (None, ended), f"ended with {ended}, not {code}\n{answer.out}{answer.err}"
        return answer


def wait_until(is_so: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait until a question is answered with yes."""
    deadline = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def wait_until_it_rests(number: Callable[[], int], still: int = 50) -> int:
    """Wait until a number that is not 0 has stayed the same for so many looks; return it."""
    last, looks = 0, 0

    def rests() -> bool:
        nonlocal last, looks
        before, last = last, number()
        looks = looks + 1 if last and last == before else 0
        return looks == still

    wait_until(rests)
    return last
