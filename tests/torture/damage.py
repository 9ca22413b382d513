"""State files that are damaged, cut short, of another version, or that may only be read."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from random import Random

PAGE = 4096
_NOBODY = 65534
Damage: TypeAlias = "Callable[[Path, Random], None]"


def pages_overwritten(file: Path, random: Random) -> None:
    """Write nonsense over some pages."""
    pages = file.stat().st_size // PAGE
    with file.open("r+b") as opened:
        for _ in range(random.randrange(1, 4)):
            opened.seek(PAGE * random.randrange(pages))
            opened.write(random.randbytes(PAGE))


def pages_zeroed(file: Path, random: Random) -> None:
    """Write zeros over a page, as a disk does that lost it."""
    with file.open("r+b") as opened:
        opened.seek(PAGE * random.randrange(file.stat().st_size // PAGE))
        opened.write(b"\0" * PAGE)


def cut_short(file: Path, random: Random) -> None:
    """Take off the end; something is left."""
    os.truncate(file, random.randrange(1, file.stat().st_size - 1))


def header_broken(file: Path, random: Random) -> None:
    """Write nonsense over some bytes of the header."""
    with file.open("r+b") as opened:
        opened.seek(random.randrange(0, 60))
        opened.write(random.randbytes(random.randrange(8, 40)))


DAMAGES: tuple[Damage, ...] = (pages_overwritten, pages_zeroed, cut_short, header_broken)


def is_sound(file: Path) -> bool:
    """Tell whether SQLite finds nothing wrong: the damage hit what is not used."""
    try:
        with closing(sqlite3.connect(file)) as opened:
            return list(opened.execute("PRAGMA integrity_check")) == [("ok",)]
    except sqlite3.Error:
        return False


@contextmanager
def read_only(directory: Path) -> Iterator[None]:
    """Let nobody write in a directory: root, who may anyway, becomes nobody meanwhile."""
    paths = [directory, *directory.iterdir()]
    modes = {path: path.stat().st_mode for path in paths}
    for path in modes:
        path.chmod(0o555 if path.is_dir() else 0o444)
    opened = _open_way(directory)
    root = os.geteuid() == 0
    try:
        if root:
            os.seteuid(_NOBODY)
        yield
    finally:
        if root:
            os.seteuid(0)
        for path, mode in {**modes, **opened}.items():
            path.chmod(mode)


def _open_way(directory: Path) -> dict[Path, int]:
    """Let others come this far; returns how the directories above were."""
    found: dict[Path, int] = {}
    for above in directory.parents:
        mode = above.stat().st_mode
        if above.stat().st_uid == os.geteuid() and not mode & 0o001:
            found[above] = mode
            above.chmod(mode | 0o055)
    return found


def copied(file: Path, to: Path) -> Path:
    """Copy a state file to a directory of its own; returns the copy."""
    to.mkdir()
    return shutil.copy(file, to / "state.db")
