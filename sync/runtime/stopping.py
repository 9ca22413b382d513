"""An orderly stop: who is to be told that it is time to end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class Stop:
    """Asked for once: what is in the air is settled first. Asked for twice: at once."""

    #: The number of the signal that asked, None while nobody has.
    number: int | None = None
    _listeners: list[Callable[[], None]] = field(default_factory=list)

    @property
    def asked(self) -> bool:
        """Whether it is time to end."""
        return self.number is not None

    @contextlib.contextmanager
    def telling(self, listener: Callable[[], None]) -> Iterator[None]:
        """Call the listener when it is time to end, at once if it is already."""
        self._listeners.append(listener)
        try:
            if self.asked:
                listener()
            yield
        finally:
            self._listeners.remove(listener)

    def ask(self, number: int = signal.SIGTERM) -> None:
        """Ask everybody to end."""
        if self.number is None:
            self.number = number
        for listener in list(self._listeners):
            listener()


@contextlib.contextmanager
def stop_on_signals(stop: Stop, said: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Let SIGINT and SIGTERM ask for a stop; the second one cancels the task this was entered in.

    Args:
        stop: what is asked.
        said: called at the first signal, to tell a person what happens now.

    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def on_signal(number: int) -> None:
        if stop.asked and task is not None:
            task.cancel()
            return
        stop.ask(number)
        said()

    for number in _SIGNALS:
        loop.add_signal_handler(number, on_signal, number)
    try:
        yield
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
