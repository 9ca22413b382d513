"""A real OpenSSH server for tests: on the loopback, with keys and files of its own, gone afterwards."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.local_server import Process, free_port, hand_over, missing

if TYPE_CHECKING:
    from collections.abc import Iterator

_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ATTEMPTS = 5
_NUMBERS = count(1)
#: Who it runs as, and lets in, when the tests run as root; `nobody` is locked where systemd has a say in it.
_ACCOUNT = "daemon"
#: Nobody has a password here: there is no PAM, and no account of the tests' own.
_CONFIG = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {directory}/host_ed25519
HostKey {directory}/host_ecdsa
PidFile none
UsePAM no
UseDNS no
StrictModes no
MaxStartups 100
PasswordAuthentication no
KbdInteractiveAuthentication no
AuthorizedKeysFile {directory}/authorized_keys
Subsystem sftp internal-sftp -d {directory}/home
"""


@dataclass(frozen=True)
class Folder:
    """A folder of a server that nobody else has."""

    server: SshServer
    directory: Path

    def path(self, below: str, port: int | None = None) -> str:
        """Return the URL of a file or a glob in it."""
        server = self.server
        return f"sftp://{server.user}@127.0.0.1:{port or server.port}{self.directory}/{below}"

    def put(self, below: str, content: bytes, modified: float | None = None) -> Path:
        """Write a file, as if at that moment, in seconds since 1970; long ago, by default."""
        path = self.directory / below
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        moment = 1_780_000_000 + next(_NUMBERS) if modified is None else modified
        os.utime(path, (moment, moment))
        return path


class SshServer:
    """A running server."""

    def __init__(self, directory: Path, port: int) -> None:
        self.port = port
        self.user = _ACCOUNT if os.geteuid() == 0 else getpass.getuser()
        self.home = directory / "home"
        self._directory = directory
        #: The private key that gets in.
        self.key = (directory / "user_key").read_text()
        self.fingerprints = {
            kind: _fingerprint(directory / f"host_{kind}.pub") for kind in ("ed25519", "ecdsa")
        }

    def folder(self) -> Folder:
        """Make a folder."""
        path = self.home / f"test {next(_NUMBERS)}"
        path.mkdir()
        return Folder(self, path)

    def storage(self, **other: Any) -> dict[str, Any]:
        """Return settings that get in."""
        return {"private_key": self.key, "host_key": self.fingerprints["ed25519"]} | other

    def public_key(self, kind: str) -> str:
        """Return a host key of the server, as in a line of known_hosts."""
        return " ".join((self._directory / f"host_{kind}.pub").read_text().split()[:2])

    @contextmanager
    def also_let_in(self, line: str) -> Iterator[None]:
        """Let in by another line of authorized_keys while the block lasts."""
        file = self._directory / "authorized_keys"
        before = file.read_text()
        file.write_text(f"{before}{line}")
        try:
            yield
        finally:
            file.write_text(before)

    def answers(self) -> bool:
        """Tell whether it takes connections yet."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                return probe.recv(4) == b"SSH-"
        except OSError:
            return False


@contextmanager
def running_sshd() -> Iterator[SshServer]:
    """Run a server while the block lasts. Every process of pytest-xdist has one of its own."""
    program = _program("sshd")
    with tempfile.TemporaryDirectory(prefix="leadrelay-ssh-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        (directory / "home").mkdir()
        _make_keys(directory)
        directory.chmod(0o755)
        server, process = _start(program, directory)
        try:
            yield server
        finally:
            process.stop()


def _make_keys(directory: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    write_key(directory / "host_ed25519", ed25519.Ed25519PrivateKey.generate())
    write_key(directory / "host_ecdsa", ec.generate_private_key(ec.SECP256R1()))
    write_key(directory / "user_key", ed25519.Ed25519PrivateKey.generate())
    shutil.copy(directory / "user_key.pub", directory / "authorized_keys")
    hand_over(directory / "host_ed25519", _ACCOUNT)
    hand_over(directory / "host_ecdsa", _ACCOUNT)


def write_key(path: Path, key: Any, passphrase: str | None = None) -> Path:
    """Write a private key as OpenSSH does, and the public one beside it."""
    from cryptography.hazmat.primitives import serialization as form

    hidden = form.BestAvailableEncryption(passphrase.encode()) if passphrase else form.NoEncryption()
    path.write_bytes(key.private_bytes(form.Encoding.PEM, form.PrivateFormat.OpenSSH, hidden))
    path.chmod(0o600)
    public = key.public_key().public_bytes(form.Encoding.OpenSSH, form.PublicFormat.OpenSSH)
    path.with_name(f"{path.name}.pub").write_bytes(public + b"\n")
    return path


def _fingerprint(public: Path) -> str:
    from sources._files.sftp_fingerprint import known_by

    return known_by(public.read_text()).fingerprint


def _start(program: str, directory: Path) -> tuple[SshServer, Process]:
    """Start it on a free port; another one when somebody else was quicker."""
    for _ in range(_ATTEMPTS):
        server = SshServer(directory, free_port())
        config = directory / "sshd_config"
        config.write_text(_CONFIG.format(port=server.port, directory=directory))
        process = Process([program, "-D", "-e", "-f", config], directory / "log", _ACCOUNT)
        if process.wait_until(server.answers):
            return server, process
    raise RuntimeError(f"sshd does not start:\n{process.said}")


def _program(name: str) -> str:
    found = shutil.which(name, path=_SYSTEM_PATH)
    return found or missing("OpenSSH's sshd", "make test-servers, or the system's package openssh-server")
