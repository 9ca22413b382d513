"""The program, loaded once, and a process for every call that is asked for. `tests.loaded_command` asks.

The interpreter that has the program runs this file: only the standard library and the program are known here,
so that the installed program never meets the checkout.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import socket
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What verbs import of others when they come to it.
_LATER = ("filelock", "rich.console", "rich.table", "sqlalchemy.dialects.sqlite")
#: What one verb alone needs, and what is never imported.
_LEFT_OUT = ("sync.sandbox", "sync.cli.__main__", "sync.store.migrations")
_LONGEST = 1 << 18


def serve(asking: socket.socket) -> list[str]:
    """Load the program and fork for every request; in each fork, return the words of its call.

    Ends with the process that asks: its end of the socket is closed then.
    """
    _load()
    while True:
        text, handles, _, _ = socket.recv_fds(asking, _LONGEST, 4)
        _let_go_of_the_ended()
        if not text:
            sys.exit()
        *streams, telling = handles
        if os.fork() == 0:
            asking.close()
            if _is_the_call(telling, streams):
                return _become(json.loads(text), streams)
        for handle in handles:
            os.close(handle)


def _load() -> None:
    for name in [*_LATER, *_modules("sources"), *_modules("sync")]:
        with suppress(Exception):  # whatever it is, the call that needs it comes upon it as well
            importlib.import_module(name)
    assert threading.active_count() == 1, "what was loaded has started a thread, and can't be forked"
    gc.freeze()  # so that a fork does not copy what it merely looks through for garbage


def _modules(package: str) -> Iterator[str]:
    places = importlib.import_module(package).__path__
    found = pkgutil.walk_packages(places, f"{package}.", onerror=lambda _: None)
    return (each.name for each in found if not each.name.startswith(_LEFT_OUT))


def _let_go_of_the_ended() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return


def _is_the_call(telling: int, streams: list[int]) -> bool:
    """Fork once more: the new process is the call, and this one stays to tell how it ends."""
    call = os.fork()
    if call == 0:
        os.close(telling)
        return True
    for stream in streams:
        os.close(stream)
    os.write(telling, f"{call}\n".encode())
    _, status = os.waitpid(call, 0)
    os.write(telling, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _become(request: dict[str, Any], streams: list[int]) -> list[str]:
    """Make this process what the command would be if it had just been started."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["directory"])
    os.environ.clear()
    os.environ.update(request["environment"])
    return list(request["command"])


if __name__ == "__main__":
    sys.argv[:] = serve(socket.socket(fileno=int(sys.argv[1])))
    from sync.cli import main

    sys.exit(main())
