"""Files on an SFTP server, by version 3 of the protocol, which is what OpenSSH and nearly all others speak.

Of a file it tells the size, and the time of the last change in whole seconds. A file that is read is held
to both, before its first byte and after its last, by the open file itself: another one that was put in its
place meanwhile is no matter, and is seen at the next poll.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sources._files.matching import pattern_of
from sources._files.sftp_address import address_of
from sources._files.sftp_attributes import entry_of, is_file, is_folder, is_link, remote, state_of
from sources._files.sftp_connection import Connection
from sources._files.sftp_failures import telling
from sources._files.sftp_reading import blocks
from sources._files.store import NotThere, changed
from sources._files.whole_rows import open_ended
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from paramiko import SFTPAttributes, SFTPFile

    from sources._files.place import Place
    from sources._files.sftp_settings import SftpSettings
    from sources._files.store import Entry, FileStore

#: A last row without an end may still be being written: the file must stand still for so many seconds, which
#: is more than one, as times are told in whole ones. Files that nobody has touched for longer are left alone;
#: that is long, since the server's clock is not ours.
_STILL, _LEFT_ALONE = 2.0, 600.0
_TAIL = 4


def open_store(place: Place, storage: SftpSettings, directory: Path) -> FileStore:
    """Return a server; it is asked nothing yet.

    Args:
        place: the server, and the path or the glob that is wanted of it.
        storage: how to get in.
        directory: where relative paths in the settings begin.

    Raises:
        BadConfig: when the place names no user or no host, or holds a password.

    """
    return SftpStore(place, storage, directory)


class SftpStore:
    """A server, as one user sees it.

    Args:
        place: the server, and the path or the glob that is wanted of it.
        storage: how to get in.
        directory: where relative paths in the settings begin.
        sleep: how a file is waited for, in seconds.

    """

    def __init__(
        self,
        place: Place,
        storage: SftpSettings,
        directory: Path,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        try:
            address = address_of(place.authority)
        except ValueError as error:
            raise BadConfig(str(error), "path") from None
        self._connection = Connection(address, storage, directory)
        self._address = address
        self._telling = telling(address, lost=self._connection.close)
        self._wanted = place.path
        self._pattern = pattern_of(place.path)
        self._sleep = sleep

    def entries(self, prefix: str, *, deep: bool) -> Iterator[Entry]:
        """Yield the files whose path begins with a prefix, out of the folders that the glob leads into."""
        folder, _, start = prefix.rpartition("/")
        meant = [each for each in self._listed(folder) if each.filename.startswith(start)]
        for path, found in self._walk(folder, meant, () if deep else None):
            yield entry_of(path, found)

    def entry(self, path: str) -> Entry:
        """Return one file as it stands now."""
        with self._telling(path):
            found = self._connection.files.stat(remote(path))
        if is_folder(found):
            name = path.rstrip("/").rpartition("/")[2]
            text = f"{name} is a directory; name the files in it with a glob, as in {name}/*.csv"
            raise BadConfig(text, "path")
        if not is_file(found):
            raise BadConfig(f"{path} is not a regular file", "path")
        return entry_of(path, found)

    def pieces(self, entry: Entry) -> Generator[bytes]:
        """Yield the content of a file, as long as it is what the entry tells of."""
        start, tail, name = b"", b"", f"{self._address}/{entry.path}"
        with self._telling(entry.path), self._connection.files.open(remote(entry.path), "rb") as file:
            young = _hold(file, entry, name)
            for block in blocks(file, entry.size, name):
                start, tail = start or block[:_TAIL], (tail + block[-_TAIL:])[-_TAIL:]
                yield block
            if young and open_ended(start, tail):
                self._sleep(_STILL)
            _hold(file, entry, name)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _walk(
        self, folder: str, listed: list[SFTPAttributes], links: tuple[str, ...] | None
    ) -> Iterator[tuple[str, SFTPAttributes]]:
        """Yield the files among what was listed of a folder, and those further down.

        Args:
            folder: where it was listed.
            listed: what is meant of it.
            links: where the links lead by which it was come to, so that none is followed around in a circle;
                None where no folder is gone into.

        """
        for each in listed:
            path = f"{folder}/{each.filename}" if folder else each.filename
            found, followed = self._resolved(path, each, links or ())
            if found is None:
                continue
            if is_file(found):
                yield path, found
            elif links is not None and is_folder(found) and self._leads_into(path):
                yield from self._walk(path, self._listed(path), followed)

    def _leads_into(self, folder: str) -> bool:
        """Tell whether a folder need be listed: a whole server is too much for the sake of one star."""
        named = self._wanted.startswith(f"{folder}/")  # it may be called like a glob
        return named or self._pattern is None or self._pattern.leads_into(folder)

    def _listed(self, folder: str) -> list[SFTPAttributes]:
        """Return what is in a folder: nothing where there is none, or none any more."""
        try:
            with self._telling(folder):
                return list(self._connection.files.listdir_attr(remote(folder)))
        except NotThere:
            return []

    def _resolved(
        self, path: str, found: SFTPAttributes, links: tuple[str, ...]
    ) -> tuple[SFTPAttributes | None, tuple[str, ...]]:
        """Return what a link leads to, with the links so far; None when that leads nowhere or around."""
        if not is_link(found):
            return found, links
        try:
            with self._telling(path):
                files = self._connection.files
                found, real = files.stat(remote(path)), files.normalize(remote(path))
        except NotThere:
            return None, links
        return (None, links) if real in links else (found, (*links, str(real)))


def _hold(file: SFTPFile, entry: Entry, name: str) -> bool:
    """Hold an open file to the state it was found in, and tell whether somebody may still be writing to it.

    Raises:
        Unavailable: when it is in another state.

    """
    found = file.stat()
    if state_of(found) != entry.tag:
        raise changed(name)
    return abs(time.time() - (found.st_mtime or 0)) < _LEFT_ALONE
