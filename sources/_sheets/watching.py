"""Local files that are watched, so that a poll need not wait for its time.

Directories are watched rather than files: many programs save by putting another file in the old one's
place. What is heard there only wakes us; whether anything is new, the state of the files says. They are
looked at now and then all the same, since a network drive tells nothing of what others write to it.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, TypeAlias

from sources._files.store import NotThere
from sources._sheets.files import find_files, places
from sources._threads import in_thread
from sources.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from sources._http.clock import Clock
    from sources._sheets.files import Stamp

#: Milliseconds of quiet after which a save is taken to be over.
_QUIET_MS = 20
#: A file that is written to all the time is looked at so often, in milliseconds.
_BUSY_MS = 10_000
#: Milliseconds after which files are looked at although nothing was heard of them.
_LOOK_MS = 5_000
#: Seconds for which files that have shrunk have to stand still.
_SHRUNK_SECONDS = 2.0

_State: TypeAlias = "dict[Path, Stamp]"


async def saves(setting: str, directory: Path, clock: Clock) -> AsyncGenerator[None, None]:
    """Yield once when watching begins, then after every save of a file that the path or glob means.

    Args:
        setting: a path or a glob.
        directory: where relative paths begin.
        clock: what to wait with.

    Raises:
        SourceError: when the files can't be watched or looked at.

    """
    known = await in_thread(lambda: _state(setting, directory))
    yield
    while True:
        async with aclosing(_wakes(setting, directory)) as wakes:
            async for heard in wakes:
                now = await _complete(setting, directory, known, clock)
                known, before = now, known
                # A file that was taken away makes nothing new; the schedule tells of it.
                if now and now != before:
                    yield
                    if not heard:  # nothing is heard from a directory that another one has replaced
                        break


async def _wakes(setting: str, directory: Path) -> AsyncGenerator[bool, None]:
    """Yield whenever it is time to look: whether something was heard, or only time has passed."""
    from watchfiles import awatch  # costs start-up time

    where, below = await in_thread(lambda: places(setting, directory))
    there = {each for each in where if each.is_dir()}
    if not there:
        raise Unavailable(f"{setting} can't be watched: its directory is not there")
    try:
        async with aclosing(
            awatch(
                *there,
                watch_filter=None,
                debounce=_BUSY_MS,
                step=_QUIET_MS,
                rust_timeout=_LOOK_MS,
                yield_on_timeout=True,
                recursive=below,
            )
        ) as changes:
            async for found in changes:
                yield bool(found)
    except (OSError, RuntimeError) as error:  # no more watches, or a directory that went away meanwhile
        raise Unavailable(f"{setting} can't be watched ({type(error).__name__})") from error


async def _complete(setting: str, directory: Path, known: _State, clock: Clock) -> _State:
    """Return the state of the files, once they don't look as if somebody was in the middle of writing.

    A program that empties a file first, and then fills it slowly, would else make it look as if most of
    its rows were gone.
    """
    now = await in_thread(lambda: _state(setting, directory))
    while now and 2 * _size(now) < _size(known):
        await clock.sleep(_SHRUNK_SECONDS)
        now, before = await in_thread(lambda: _state(setting, directory)), now
        if now == before:
            break
    return now


def _state(setting: str, directory: Path) -> _State:
    """Return the files with their stamps; none while they are not there."""
    try:
        files, _ = find_files(setting, directory)
    except NotThere:
        return {}
    return {file.path: file.stamp for file in files}


def _size(state: _State) -> int:
    return sum(stamp.size for stamp in state.values())
