"""What the exit code of a command says, about this command's own run."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Why a command ended."""

    #: Done, nothing needs you.
    DONE = 0
    #: Done, but something is invalid, rejected, held or unknown.
    NEEDS_YOU = 1
    #: The configuration or the command line is wrong; nothing was done.
    WRONG = 2
    #: A source or the endpoint is unavailable or denied us; leads are waiting. Wins over `NEEDS_YOU`.
    UNAVAILABLE = 3
    #: The state store can't be used.
    STORE = 4
    #: leadrelay itself is at fault.
    BUG = 70
    #: Stopped by Ctrl-C, after what was in flight was drained.
    INTERRUPTED = 130
    #: Stopped by SIGTERM, the same way.
    TERMINATED = 143
