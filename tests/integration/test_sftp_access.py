"""Getting into a real OpenSSH server, and into no other that answers in its place."""

from __future__ import annotations

import logging
import shutil
import socket
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from sources._files import sftp_connection
from sources._files.place import Place
from sources._files.sftp import open_store
from sources._files.sftp_settings import SftpSettings
from sources.errors import BadConfig, Denied, SourceError, Unavailable
from tests.sshd_server import Folder, SshServer, write_key
from tests.tcp_relay import relaying

if TYPE_CHECKING:
    from collections.abc import Iterator

ADA = b"Lead ID,Name\n1,Ada\n"
PASSWORD = "made-up-secret"


@contextmanager
def store(
    folder: Folder, storage: dict[str, Any], directory: Path = Path(), port: int | None = None
) -> Iterator[Any]:
    """Open a store of the folder by these settings."""
    server = folder.server
    place = Place("sftp", f"{server.user}@127.0.0.1:{port or server.port}", "")
    opened = open_store(place, SftpSettings(**storage), directory)
    try:
        yield opened
    finally:
        opened.close()


def size_read(folder: Folder, storage: dict[str, Any], directory: Path = Path()) -> int:
    """Get in, and return the size of a file."""
    folder.put("leads.csv", ADA)
    with store(folder, storage, directory) as opened:
        return int(opened.entry(f"{folder.directory}/leads.csv".removeprefix("/")).size)


def refused(folder: Folder, storage: dict[str, Any], directory: Path = Path()) -> SourceError:
    """Return why it does not get in; nothing secret is in that."""
    with pytest.raises(SourceError) as caught:
        size_read(folder, storage, directory)
    told = f"{caught.value!r} {caught.value.__cause__!r}"
    assert PASSWORD not in told
    assert folder.server.key.splitlines()[2] not in told
    return caught.value


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without keys, known hosts and agent."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    (tmp_path / ".ssh").mkdir()
    return tmp_path


def other_key(directory: Path, **options: Any) -> Path:
    return write_key(directory / "other", ed25519.Ed25519PrivateKey.generate(), **options)


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa"])
def test_a_server_is_known_by_the_fingerprint_of_any_of_its_keys(ssh_folder: Folder, kind: str) -> None:
    server = ssh_folder.server
    assert size_read(ssh_folder, server.storage(host_key=server.fingerprints[kind])) == len(ADA)
    assert size_read(ssh_folder, server.storage(host_key=f"{server.public_key(kind)} root@there")) == len(ADA)


def test_a_server_is_known_by_its_line_in_known_hosts(ssh_folder: Folder, home: Path) -> None:
    server = ssh_folder.server
    line = f"[127.0.0.1]:{server.port} {server.public_key('ecdsa')}\n"
    file = home / ".ssh" / "known_hosts"
    file.write_text(f"# a comment\nexample.com {server.public_key('ed25519')}\n{line}")
    assert size_read(ssh_folder, server.storage(host_key=None)) == len(ADA)
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", str(file)], check=True, capture_output=True)
    assert "127.0.0.1" not in file.read_text()
    assert size_read(ssh_folder, server.storage(host_key=None)) == len(ADA)
    file.rename(home / "mine")
    assert size_read(ssh_folder, server.storage(host_key=None, known_hosts="mine"), home) == len(ADA)
    (home / "mine").write_text(f"{line}@revoked * {server.public_key('ecdsa')}\n")
    error = refused(ssh_folder, server.storage(host_key=None, known_hosts="mine"), home)
    assert "which mine says is revoked: nothing was sent to it" in str(error)


def test_p10_another_server_is_told_nothing(ssh_folder: Folder, home: Path) -> None:
    """Neither a password nor a key is tried on it; a wrong one is not noticed."""
    server = ssh_folder.server
    shown, port = server.fingerprints["ed25519"], server.port
    storage = {"private_key_file": str(other_key(home)), "password": PASSWORD}
    wrong = "SHA256:" + "A" * 43
    error = refused(ssh_folder, {**storage, "host_key": wrong})
    assert isinstance(error, BadConfig)
    assert error.setting == "storage.host_key"
    said = f"[127.0.0.1]:{port} shows the key ssh-ed25519 {shown} and ecdsa-sha2-nistp256 "
    assert str(error).startswith(said)
    assert f"and not {wrong}, as `storage.host_key` says. Either it was given a new key, or" in str(error)
    error = refused(ssh_folder, storage)
    assert isinstance(error, BadConfig)
    known = "~/.ssh/known_hosts does not know that server"
    assert f"shows the key ssh-ed25519 {shown}, and {known}: nothing was sent to it. Ask" in str(error)
    assert str(error).endswith(f"say `storage: {{ host_key: {shown} }}`")
    public = other_key(home).with_name("other.pub").read_text()
    (home / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{port} {public}")
    error = refused(ssh_folder, storage)
    assert "and not ssh-ed25519 SHA256:" in str(error)
    assert "as ~/.ssh/known_hosts says" in str(error)
    assert str(refused(ssh_folder, {**storage, "known_hosts": "no"}, home)) == "there is no file no"


def test_a_key_comes_as_a_text_or_a_file(ssh_folder: Folder, tmp_path: Path) -> None:
    server = ssh_folder.server
    known = {"host_key": server.fingerprints["ed25519"]}
    on_one_line = server.key.strip().replace("\n", " ")
    assert size_read(ssh_folder, {"private_key": on_one_line, **known}) == len(ADA)
    (tmp_path / "key").write_text(server.key)
    (tmp_path / "key").chmod(0o600)
    subprocess.run(
        ["ssh-keygen", "-q", "-p", "-N", PASSWORD, "-P", "", "-f", str(tmp_path / "key")], check=True
    )
    storage = {"private_key_file": "key", **known}
    assert "`storage.private_key_file` is encrypted; give its passphrase" in str(
        refused(ssh_folder, storage, tmp_path)
    )
    wrong = refused(ssh_folder, {**storage, "passphrase": "x"}, tmp_path)
    assert str(wrong) == "`storage.passphrase` does not open `storage.private_key_file`"
    assert size_read(ssh_folder, {**storage, "passphrase": PASSWORD}, tmp_path) == len(ADA)


def test_without_a_key_it_takes_those_that_ssh_would_take(
    ssh_folder: Folder, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ssh_folder.server
    known = {"host_key": server.fingerprints["ed25519"]}
    error = refused(ssh_folder, known)
    assert isinstance(error, Denied)
    assert "there is nothing to log in by" in str(error)
    shutil.copy(other_key(home, passphrase=PASSWORD), home / ".ssh" / "id_ecdsa")
    (home / ".ssh" / "id_ed25519").write_text(server.key)
    assert size_read(ssh_folder, known) == len(ADA)
    shutil.copy(other_key(home), home / ".ssh" / "id_ed25519")
    error = refused(ssh_folder, known)
    assert "lets nobody in by ~/.ssh/id_ed25519 (ssh-ed25519 SHA256:" in str(error)
    assert "~/.ssh/id_ecdsa (which is encrypted, or no key)" in str(error)
    with ssh_agent(home, server) as address:
        monkeypatch.setenv("SSH_AUTH_SOCK", address)
        assert size_read(ssh_folder, known) == len(ADA)


@contextmanager
def ssh_agent(home: Path, server: SshServer) -> Iterator[str]:
    """Run an agent that has the key which gets in."""
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(home / "agent")], stdout=subprocess.DEVNULL)
    try:
        (home / "key").write_text(server.key)
        (home / "key").chmod(0o600)
        while not (home / "agent").exists():
            assert agent.poll() is None
        environment = {"SSH_AUTH_SOCK": str(home / "agent"), "PATH": "/usr/bin:/bin"}
        subprocess.run(["ssh-add", "-q", str(home / "key")], check=True, env=environment)
        yield str(home / "agent")
    finally:
        agent.terminate()
        agent.wait()


def test_p10_a_refused_login_says_what_was_tried_and_nothing_secret(
    ssh_folder: Folder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    known = {"host_key": ssh_folder.server.fingerprints["ed25519"]}
    with caplog.at_level(logging.DEBUG):
        error = refused(ssh_folder, {**known, "private_key_file": str(other_key(tmp_path))})
        assert isinstance(error, Denied)
        assert "lets nobody in by the private key (ssh-ed25519 SHA256:" in str(error)
        error = refused(ssh_folder, {**known, "password": PASSWORD})
        assert isinstance(error, Denied)
        assert str(error).endswith("lets nobody in by the password; it takes publickey")
    assert caplog.records == []


def test_a_user_who_is_let_in_without_files_is_told_so(ssh_folder: Folder, tmp_path: Path) -> None:
    key = other_key(tmp_path)
    with ssh_folder.server.also_let_in(f'command="/bin/false" {key.with_name("other.pub").read_text()}'):
        error = refused(ssh_folder, ssh_folder.server.storage(private_key=key.read_text()))
    assert isinstance(error, Denied)
    assert "lets this user in, but offers no SFTP to it" in str(error)


def test_a_server_that_goes_away_is_unavailable_and_comes_back(ssh_folder: Folder) -> None:
    server = ssh_folder.server
    ssh_folder.put("leads.csv", b"1234567\n" * 600_000)
    path = f"{ssh_folder.directory}/leads.csv".removeprefix("/")
    with relaying(server.port) as relay, store(ssh_folder, server.storage(), port=relay.port) as opened:
        found = opened.entry(path)
        pieces = opened.pieces(found)
        next(pieces)
        relay.break_off()
        with pytest.raises(
            Unavailable, match=r"no connection could be made or kept|the connection broke off"
        ):
            list(pieces)
        assert sum(map(len, opened.pieces(found))) == found.size, "the next question connects again"


def test_what_is_no_server_of_ssh_is_unavailable(
    ssh_server: SshServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sftp_connection, "_ANSWER", 0.2)
    monkeypatch.setattr(sftp_connection, "_BEGINNING", 0.2)

    def said_of(server: str, kind: type[SourceError] = Unavailable) -> str:
        opened = open_store(
            Place("sftp", f"leads@{server}", ""), SftpSettings(**ssh_server.storage()), Path()
        )
        with pytest.raises(kind) as caught:
            opened.entry("leads.csv")
        opened.close()
        return str(caught.value)

    def hang_up() -> None:
        connection, _ = listener.accept()
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = f"127.0.0.1:{listener.getsockname()[1]}"
        assert "no connection could be made or kept" in said_of(server)
        listener.accept()[0].close()
        web = threading.Thread(target=hang_up)
        web.start()
        assert "does not begin to speak SSH" in said_of(server)
        web.join()
    assert said_of(server) == f"sftp://leads@{server}/leads.csv can't be read: the connection was refused"
    assert "the host ::1%nowhere has no address" in said_of("[::1%nowhere]")
    assert "the host leads..example is no name of one" in said_of("leads..example", BadConfig)
