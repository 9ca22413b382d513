"""Files that a mapping names: where they are, and why one can't be used."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sync.located_yaml import did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def file_beside(directory: Path, name: str) -> Path:
    """Return the file that a name stands for, which may begin with ~ and is found from a directory."""
    with suppress(RuntimeError):  # there is no such user: then it is just a name
        return directory / type(directory)(name).expanduser()
    return directory / name


def unusable(file: Path, name: str, expected: str, others: str = "*") -> str | None:
    """Return why a name is of no file that can be read, for people; None when it is one.

    Args:
        file: what the name stands for.
        name: as it is written.
        expected: what it should be, as "a CSV or YAML file".
        others: which of the files beside it may be meant instead.

    """
    try:
        if file.is_file():
            return None
        if file.is_dir():
            return f"{shown(file)} is a directory; expected {expected}"
        near = _names(file.parent.glob(others)) if file.parent.is_dir() else []
    except (OSError, ValueError) as error:  # it is too long a name, or in a directory that can't be read
        return f"{shown(file)} can't be read: {getattr(error, 'strerror', None) or error}"
    return f"there is no file {shown(file)}{did_you_mean(name.rpartition('/')[2], near)}"


def _names(files: Iterable[Path]) -> list[str]:
    return sorted(file.name for file in files if file.is_file())
