"""What an SFTP server tells of a file, and how it is asked for one."""

from __future__ import annotations

import stat
import time
from typing import TYPE_CHECKING

from sources._files.store import Entry

if TYPE_CHECKING:
    from paramiko import SFTPAttributes


def entry_of(path: str, found: SFTPAttributes) -> Entry:
    """Return a file as it was found."""
    state = state_of(found)
    # Without a time every poll has to read it, to see whether it has changed.
    revision = state if found.st_mtime is not None else f"{state} {time.time_ns()}"
    return Entry(path, found.st_size or 0, revision, state)


def state_of(found: SFTPAttributes) -> str:
    """Return what changes with the content, to the second."""
    return f"{found.st_mtime} {found.st_size}"


def is_link(found: SFTPAttributes) -> bool:
    """Tell whether it is a link."""
    return stat.S_ISLNK(mode_of(found))


def is_folder(found: SFTPAttributes) -> bool:
    """Tell whether it is a folder."""
    return stat.S_ISDIR(mode_of(found))


def is_file(found: SFTPAttributes) -> bool:
    """Tell whether it is a file that can be read."""
    return stat.S_ISREG(mode_of(found))


def mode_of(found: SFTPAttributes) -> int:
    """Return what kind of thing it is; without permissions a first letter says it at best."""
    if found.st_mode is not None:
        return int(found.st_mode)
    letter = getattr(found, "longname", "-")[:1]
    return {"d": stat.S_IFDIR, "l": stat.S_IFLNK}.get(letter, stat.S_IFREG)


def remote(path: str) -> str:
    """Return a path as the server is asked for it: from its root, or with ~/ from the user's own folder."""
    if path == "~":
        return "."
    return path[2:] or "." if path.startswith("~/") else f"/{path}"
