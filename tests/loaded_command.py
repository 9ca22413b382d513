"""Calls of the command that spare its second of loading: each is forked from a process that has loaded it.

Every call is a process of its own all the same, with a directory, an environment and streams of its own, and
it ends as every Python does. That the command loads, what that costs, and what comes of killing it is shown
with processes that are started anew; with ``EVERY_CALL_ANEW=1`` in the environment all calls are.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What Python and the C library read once, when a process starts.
_READ_AT_START = ("PYTHON", "LC_", "LANG", "TZ")
_SERVER = Path(__file__).with_name("loaded_server.py")


@dataclass(frozen=True)
class Call:
    """A call of the command: what a person types, and where."""

    #: The command and its arguments.
    words: Sequence[str]
    directory: Path
    environment: Mapping[str, str]
    #: What is typed into it.
    answer: str = ""
    #: Seconds that it may take.
    patience: float = 120.0

    def anew(self, start: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
        """Start the command and wait for its end; ``start`` is written instead of its first word."""
        return subprocess.run(
            [*(start or self.words[:1]), *self.words[1:]],
            cwd=self.directory,
            env=self.environment,
            input=self.answer,
            capture_output=True,
            text=True,
            timeout=self.patience,
            check=False,
        )

    def loaded(self, python: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Fork the command from an interpreter that has it loaded, and wait for its end."""
        started = {name: text for name, text in self.environment.items() if name.startswith(_READ_AT_START)}
        server = _server(tuple(python), tuple(sorted(started.items())))
        with (
            tempfile.TemporaryFile() as typed,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            typed.write(self.answer.encode())
            typed.seek(0)
            code = server.ends_with(self, (typed, out, err))
            return subprocess.CompletedProcess(self.words, code, _text(out), _text(err))


def is_for_a_start(environ: Mapping[str, str]) -> bool:
    """Tell whether a call has to be started anew, for something that only a start can show."""
    return os.environ.get("EVERY_CALL_ANEW") == "1" or any(
        name.startswith(_READ_AT_START) for name in environ
    )


@dataclass
class _Server:
    process: subprocess.Popen[bytes]
    #: Its end closes with this process, and the server ends.
    asking: socket.socket = field(repr=False)

    def ends_with(self, call: Call, streams: Sequence[IO[bytes]]) -> int:
        """Let it make a call with these streams, wait for its end, and return what it ended with."""
        mine, theirs = socket.socketpair()
        with mine, theirs:
            mine.settimeout(call.patience)
            request = {
                "command": call.words,
                "directory": str(call.directory),
                "environment": dict(call.environment),
            }
            handles = [*(stream.fileno() for stream in streams), theirs.fileno()]
            socket.send_fds(self.asking, [orjson.dumps(request)], handles)
            theirs.close()
            with mine.makefile() as told:
                return self._told(told, call)

    def _told(self, told: IO[str], call: Call) -> int:
        number = told.readline()
        assert number, f"the program can't be loaded: {self.process.stderr.read()}"
        try:
            return int(told.readline())
        except TimeoutError:
            os.kill(int(number), 9)
            raise subprocess.TimeoutExpired(call.words, call.patience) from None


@cache
def _server(python: tuple[str, ...], started: tuple[tuple[str, str], ...]) -> _Server:
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [*python, "-P", str(_SERVER), str(theirs.fileno())],
            cwd="/",
            env={"PATH": os.environ["PATH"], **dict(started)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
        )
    return _Server(process, mine)


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode()
