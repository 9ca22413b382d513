"""A command on a terminal of a given width, as a person sees it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

#: Colours, links, and what moves the cursor.
_LINK = re.compile(r"\x1b\]8;[^;]*;([^\x1b]*)\x1b\\")
_CODE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_ROWS = 50


class Terminal:
    """What a command writes to its terminal."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self.process = process
        self._descriptor = descriptor
        #: All that was written up to now, with its codes.
        self.raw = ""

    def wait_for(self, text: str, times: int = 1) -> None:
        """Read on until a text has been written so often."""
        while self.text.count(text) < times:
            more = self._read()
            assert more, f"{text!r} was not written:\n{self.text}"
            self.raw += more

    def end(self) -> int:
        """Read to the end and return the exit code."""
        while more := self._read():
            self.raw += more
        return self.process.wait()

    def press(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._descriptor, keys)

    @property
    def text(self) -> str:
        """What was written, without codes."""
        return _CODE.sub("", _LINK.sub("", self.raw)).replace("\r\n", "\n")

    @property
    def links(self) -> list[str]:
        """Where the links lead to, in their order."""
        return [link for link in _LINK.findall(self.raw) if link]

    def _read(self) -> str:
        try:
            return os.read(self._descriptor, 65536).decode("utf-8", "replace")
        except OSError:  # how Linux says that nobody has the other end any more
            return ""


@contextmanager
def on_terminal(
    command: Sequence[str], cwd: Path, environ: dict[str, str], columns: int
) -> Iterator[Terminal]:
    """Start a command on a terminal; it is killed when the block ends before it."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, columns, 0, 0))
    kept = {name: value for name, value in environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**kept, "TERM": "xterm-256color"},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        preexec_fn=_own_terminal,  # noqa: PLW1509 - the test has no threads of its own
        start_new_session=True,
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        process.kill()
        process.wait()
        os.close(master)


def _own_terminal() -> None:
    """Make the terminal the process's own, so that Ctrl-C reaches it.

    A shell that starts something behind itself has it ignore Ctrl-C, and so all that comes of it.
    """
    for each in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(each, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
