"""When access tokens were asked for: by this process, and by the others on this machine.

A program that is started every minute asks for a token each time, and knows nothing of the one before. So the
times are kept in a file beside the refresh tokens. There is no secret in it, and to lose it does little harm.
"""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from sources.errors import RateLimited

if TYPE_CHECKING:
    from collections import deque
    from pathlib import Path

    from sources.http import Clock

#: Seconds to wait for another process that counts a request at this moment.
_LOCK_WAIT: Final = 10.0


@dataclass(frozen=True, slots=True)
class AskedTimes:
    """Counts requests for tokens, and stops the one that would be too many."""

    #: So many are allowed
    most: int
    #: within so many seconds.
    within: float
    #: The times of this process, by the clock that only grows.
    own: deque[float]
    #: Where the times of all processes are kept; None: nowhere.
    path: Path | None

    async def count(self, clock: Clock) -> None:
        """Count one request.

        Raises:
            RateLimited: when it would be one too many.

        """
        now = clock.monotonic()
        while self.own and self.own[0] <= now - self.within:
            self.own.popleft()
        self._refuse(len(self.own), self.own[0] + self.within - now if self.own else 0.0)
        if self.path is not None:
            await asyncio.to_thread(self._count_in, self.path, clock.now().timestamp())
        self.own.append(now)

    def _count_in(self, path: Path, now: float) -> None:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(path.with_suffix(".lock"), timeout=_LOCK_WAIT, thread_local=False, mode=0o600):
                # A time yet to come is of a clock that was put back since.
                times = [at for at in _read(path) if now - self.within < at <= now]
                self._refuse(len(times), min(times, default=now) + self.within - now)
                _write(path, [*times, now])
        except (OSError, Timeout):
            return  # this process counts its own all the same

    def _refuse(self, count: int, wait: float) -> None:
        if count < self.most:
            return
        text = f"{self.most} access tokens were asked for in {self.within / 60:g} minutes"
        raise RateLimited(f"{text}; one more would be refused", wait)


def _read(path: Path) -> list[float]:
    try:
        return [float(at) for at in json.loads(path.read_text("utf-8"))]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def _write(path: Path, times: list[float]) -> None:
    """Replace the file as a whole: a process may be killed at any moment."""
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(times), "utf-8")
    os.replace(temporary, path)  # noqa: PTH105 as where tokens are kept
