"""Disks that are full when a test says so: a small one of their own where that can be had, or a limit."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SIZE = 8 * 1024 * 1024


class Disk(Protocol):
    """Where a state file lies."""

    directory: Path

    def fill(self) -> None:
        """Leave no room: the next write fails."""
        ...

    def free(self) -> None:
        """Make room again."""
        ...


class SmallDisk:
    """A file system in memory; a full one answers ENOSPC."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._ballast = directory / "ballast"

    def fill(self) -> None:
        """Take all that is left."""
        found = os.statvfs(self.directory)
        # Unbuffered, since the rest may be less by now than was said, and closing would fail as well.
        with suppress(OSError), self._ballast.open("ab", buffering=0) as file:
            file.write(b"\0" * found.f_bavail * found.f_frsize)

    def free(self) -> None:
        """Give it back."""
        self._ballast.unlink(missing_ok=True)


class LimitedDisk:
    """Any disk; for as long as it is full this process may not write to any file, and is told EFBIG."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

    def fill(self) -> None:
        """Forbid to write."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, self._hard))

    def free(self) -> None:
        """Allow it again."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (self._hard, self._hard))


def clear(disk: Disk) -> None:
    """Remove all that lies on a disk."""
    for each in disk.directory.iterdir():
        shutil.rmtree(each) if each.is_dir() else each.unlink()


@contextmanager
def disks(directory: Path) -> Iterator[list[Disk]]:
    """Yield the disks that can be had here: only root can mount one, and not everywhere."""
    limited, small = directory / "limited", directory / "small"
    for each in (limited, small):
        each.mkdir()
    mounted = _mount(small)
    try:
        yield [LimitedDisk(limited), *([SmallDisk(small)] if mounted else [])]
    finally:
        if mounted:
            # Lazily: after a failure something may still be open on it.
            subprocess.run(["umount", "--lazy", str(small)], check=True)


def _mount(directory: Path) -> bool:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "none", str(directory)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
