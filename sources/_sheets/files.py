"""Which local files a path or a glob means, and what they were like when they were looked at."""

from __future__ import annotations

import glob
import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sources._files.store import NotThere, changed
from sources._sheets.temporary_names import temporary
from sources.errors import BadConfig, Denied, SourceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAGIC = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one state of a file from another without opening it."""

    size: int
    #: Nanoseconds since 1970.
    modified: int
    inode: int

    @classmethod
    def of(cls, found: os.stat_result) -> Stamp:
        """Return the stamp that a stat call found."""
        return cls(found.st_size, found.st_mtime_ns, found.st_ino)


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file as it stood when it was found; reading another state of it is refused."""

    path: Path
    #: What messages call it, and row keys where several files make one source.
    name: str
    stamp: Stamp

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open it for reading.

        Raises:
            Unavailable: when it is gone, or not what was found.
            Denied: when it may not be read.

        """
        with reported(self.name), self.path.open("rb") as handle:
            self.verify(handle)
            yield handle

    def verify(self, handle: BinaryIO) -> None:
        """Hold that nobody has written to the open file since it was found.

        A file put in its place under the same name is no matter: this one stays whole, and the next
        poll sees the new one.

        Raises:
            Unavailable: when it was written to.

        """
        if Stamp.of(os.fstat(handle.fileno())) != self.stamp:
            raise changed(self.name)


@contextmanager
def reported(name: str) -> Iterator[None]:
    """Turn what the operating system says of a file into what the operator is told.

    Raises:
        SourceError: Denied without permission, otherwise Unavailable.

    """
    try:
        yield
    except SourceError:
        raise
    except FileNotFoundError:
        raise Unavailable(f"{name} is not there any more") from None
    except PermissionError:
        raise Denied(f"{name} may not be read by this user: its permissions forbid it") from None
    except OSError as error:
        raise Unavailable(f"{name} cannot be read: {error.strerror or type(error).__name__}") from error


def find_files(setting: str, directory: Path) -> tuple[list[LocalFile], bool]:
    """Return the files that a path or a glob means, by name, and whether it was a glob.

    Raises:
        NotThere: when there is none.
        Denied: when one may not be looked at.
        BadConfig: when the path is a directory, or no file at all.

    """
    path = directory / Path(setting).expanduser()
    if _MAGIC & set(setting) and not path.exists():  # "leads [1].csv" is a file when it exists
        return _matching(path, setting), True
    with reported(path.name):
        try:
            found = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            raise NotThere(f"{setting} is not there") from None
    return [LocalFile(path, path.name, _regular(found, path))], False


def places(setting: str, directory: Path) -> tuple[set[Path], bool]:
    """Return the directories in which files of a path or a glob appear, and whether those below count.

    A link leads to another directory: what it points to changes there.
    """
    path = directory / Path(setting).expanduser()
    if _MAGIC & set(setting) and not path.exists():
        base = _fixed_part(path)
        return {base}, len(path.relative_to(base).parts) > 1
    return {path.parent, path.resolve().parent}, False


def _regular(found: os.stat_result, path: Path) -> Stamp:
    if stat.S_ISDIR(found.st_mode):
        text = f"{path.name} is a directory; name the files in it with a glob, as in {path.name}/*.csv"
        raise BadConfig(text, "path")
    if not stat.S_ISREG(found.st_mode):
        raise BadConfig(f"{path.name} is not a regular file", "path")
    return Stamp.of(found)


def _matching(pattern: Path, setting: str) -> list[LocalFile]:
    """Return the files of a glob, each called by its path below the glob's fixed part."""
    base = _fixed_part(pattern)
    files: list[LocalFile] = []
    for text in sorted(glob.glob(str(pattern), recursive=True)):  # noqa: PTH207 - pathlib can't take an absolute glob
        path = Path(text)
        with reported(path.name):
            found = path.stat()
        if stat.S_ISREG(found.st_mode) and not temporary(path.name):
            files.append(LocalFile(path, path.relative_to(base).as_posix(), Stamp.of(found)))
    if not files:
        raise NotThere(f"no file matches {setting}")
    return files


def _fixed_part(pattern: Path) -> Path:
    base = pattern
    while _MAGIC & set(str(base)) and base != base.parent:
        base = base.parent
    return base
