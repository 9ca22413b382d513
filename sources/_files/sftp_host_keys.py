"""Which servers are known: nobody who shows another key gets a password, or is read from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sources._files.home import expanded
from sources._files.sftp_fingerprint import Known, fingerprint_of, known_by
from sources._files.sftp_known_hosts import known_in
from sources.errors import BadConfig, Denied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from paramiko import PKey

    from sources._files.sftp_address import Address
    from sources._files.sftp_settings import SftpSettings

_SYSTEM = Path("/etc/ssh/ssh_known_hosts")
#: The kinds of keys of which there are several algorithms.
_RSA, _RSA_ALGORITHMS = "ssh-rsa", ("rsa-sha2-512", "rsa-sha2-256")


class KnownServer:
    """The keys by which one server is known.

    Args:
        address: the server.
        expected: its keys.
        revoked: fingerprints of keys that nobody may show any more.
        where: what the keys come from, for messages.
        setting: the setting that says so.

    """

    def __init__(
        self, address: Address, expected: Sequence[Known], revoked: frozenset[str], where: str, setting: str
    ) -> None:
        self._address = address
        self._expected = expected
        self._revoked = revoked
        self._where = where
        self._setting = setting

    @property
    def algorithms(self) -> list[str]:
        """The algorithms by which the server can show a key that is known; none when that can't be said."""
        kinds = [each.kind for each in self._expected if each.kind]
        return [name for kind in kinds for name in (_RSA_ALGORITHMS if kind == _RSA else (kind,))]

    @property
    def by_fingerprint(self) -> bool:
        """Whether it is known by a fingerprint alone, which may be of a key of any kind."""
        return bool(self._expected) and not self.algorithms

    def accepts(self, key: PKey) -> bool:
        """Tell whether it is one of its keys."""
        shown = fingerprint_of(key.asbytes())
        return shown not in self._revoked and any(each.fingerprint == shown for each in self._expected)

    def refusal(self, shown: Sequence[PKey]) -> BadConfig:
        """Return the error for a server that showed other keys."""
        keys = [Known(fingerprint_of(key.asbytes()), key.get_name()) for key in shown]
        text = f"{self._address.known_as} shows the key {' and '.join(map(str, keys))}, "
        ask = "nothing was sent to it. Ask who runs it for its fingerprint"
        if any(key.fingerprint in self._revoked for key in keys):
            text += f"which {self._where} says is revoked: nothing was sent to it"
        elif self._expected:
            text += (
                f"and not {' or '.join(map(str, self._expected))}, as {self._where} says. Either it was "
                f"given a new key, or another server answers in its place: {ask}, and only if that is the "
                f"one shown, put it into {self._where}"
            )
        else:
            text += (
                f"and {self._where} does not know that server: {ask}; if that is the one shown, say "
                f"`storage: {{ host_key: {keys[0].fingerprint} }}`"
            )
        return BadConfig(text, self._setting)


def known_server(address: Address, storage: SftpSettings, directory: Path) -> KnownServer:
    """Return by which keys a server is known.

    Raises:
        BadConfig: when the file that says so is not there, or can't be read as one.
        Denied: when it may not be read.

    """
    if storage.host_key is not None:
        expected = [known_by(storage.host_key)]
        return KnownServer(address, expected, frozenset(), "`storage.host_key`", "storage.host_key")
    if storage.known_hosts is not None:
        file = directory / expanded(storage.known_hosts)
        if not file.is_file():
            raise BadConfig(f"there is no file {storage.known_hosts}", "storage.known_hosts")
        return _in_files(address, [file], storage.known_hosts, "storage.known_hosts")
    files = [file for file in (expanded("~/.ssh/known_hosts"), _SYSTEM) if file.is_file()]
    return _in_files(address, files, "~/.ssh/known_hosts", "storage")


def _in_files(address: Address, files: Sequence[Path], where: str, setting: str) -> KnownServer:
    lines: list[str] = []
    for file in files:
        try:
            lines += file.read_text(encoding="utf-8", errors="replace").splitlines()
        except PermissionError:
            raise Denied(f"{where} may not be read by this user: its permissions forbid it") from None
        except OSError as error:
            raise BadConfig(f"{where} can't be read: {error.strerror}", setting) from None
    expected, revoked = known_in(lines, address.known_as)
    return KnownServer(address, expected, frozenset(revoked), where, setting)
