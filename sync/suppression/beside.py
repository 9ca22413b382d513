"""Reading in a thread of its own, which nobody waits for, not even the end of the program."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Beside(Generic[T]):
    """Something that blocks, done beside everything else.

    Args:
        work: what is to be done.
        begun: the time, in seconds since the epoch.

    """

    def __init__(self, work: Callable[[], T], begun: float) -> None:
        self.begun = begun
        self._work = work
        self._done: list[T] = []
        self._error: Exception | None = None
        # A daemon: asyncio's own threads are waited for at the end, as long as a database may take.
        self._thread = Thread(target=self._run, name="suppression list", daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether it has come to an end, good or bad."""
        return not self._thread.is_alive()

    def result(self) -> T:
        """Return what came of it, or raise what it raised; only once it is over."""
        if self._error is not None:
            raise self._error
        return self._done[0]

    def _run(self) -> None:
        try:
            self._done.append(self._work())
        except Exception as error:  # noqa: BLE001 - raised to whoever asks for the result
            self._error = error
