"""`leadrelay` that kills itself at a commit of its state store. Run by the interpreter it is installed in.

``python -P killable.py COUNTS before|after N ARGUMENT...`` runs the command with these arguments, and ends
it with SIGKILL just before or just after the N-th commit of the store's writer. A run that has fewer
commits comes to its end, and writes into the file COUNTS how many it had.

Only SQLAlchemy is hooked; the program is the installed one, and knows nothing of this.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

from sync.cli import main

#: The thread that all writing of a state store goes through.
_WRITER = "store-writer"


def _die_at(number: int, moment: str) -> Any:
    """Hook the commit of every dialect; returns a function that tells how many there were."""
    commit = DefaultDialect.do_commit
    numbers = count(1)
    seen = 0

    def counted(self: Any, connection: Any) -> None:
        nonlocal seen
        if not threading.current_thread().name.startswith(_WRITER):
            commit(self, connection)
            return
        seen = next(numbers)
        if seen == number and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        commit(self, connection)
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    DefaultDialect.do_commit = counted  # type: ignore[method-assign]  # that is what it is for
    return lambda: seen


def _run() -> int:
    counts, moment, number, *arguments = sys.argv[1:]
    seen = _die_at(int(number), moment)
    sys.argv[1:] = arguments
    code = main()
    Path(counts).write_text(str(seen()), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(_run())
