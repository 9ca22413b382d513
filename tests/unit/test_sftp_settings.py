"""What is said of an SFTP server before anybody connects to it: its address, its keys, ours."""

from __future__ import annotations

import base64
import hashlib
import hmac
import stat
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st
from paramiko import SFTPAttributes
from pydantic import ValidationError

from sources._files.home import expanded
from sources._files.matching import pattern_of
from sources._files.sftp_address import Address, address_of
from sources._files.sftp_attributes import entry_of, mode_of, remote
from sources._files.sftp_fingerprint import fingerprint_of, known_by
from sources._files.sftp_known_hosts import known_in
from sources._files.sftp_private_keys import key_of
from sources.errors import BadConfig
from sources.spreadsheet import Spreadsheet
from tests.sshd_server import write_key

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "made-up-secret"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBtnIrqJbPMQlQCZ3n9a+qCnB1MVoKQvTYkXCgyZyHcm"
OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
PATH = "sftp://leads@example.com/exports/leads.csv"


@pytest.mark.parametrize(
    ("authority", "user", "host", "port", "known_as"),
    [
        ("leads@example.com", "leads", "example.com", 22, "example.com"),
        ("leads@example.com:2222", "leads", "example.com", 2222, "[example.com]:2222"),
        ("me@corp@203.0.113.7:22", "me@corp", "203.0.113.7", 22, "203.0.113.7"),
        ("leads@[2001:db8::1]:2222", "leads", "2001:db8::1", 2222, "[2001:db8::1]:2222"),
    ],
)
def test_an_address(authority: str, user: str, host: str, port: int, known_as: str) -> None:
    found = address_of(authority)
    assert found == Address(user, host, port)
    assert found.known_as == known_as
    assert address_of(str(found).removeprefix("sftp://")) == found


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"path": f"sftp://leads:{SECRET}@example.com/a.csv"}, "it holds a password; say `storage: {"),
        ({"path": "sftp://example.com/a.csv"}, "it names no user; a path looks like sftp://user@host/"),
        ({"path": "sftp://leads@example.com:99999/a.csv"}, "it names no host, or a port that is none"),
        ({"path": "sftp://leads@/a.csv"}, "it names no host"),
        ({"path": "sftp://leads@example.com"}, "it names no file; name the files with a glob"),
        ({"private_key": SECRET, "private_key_file": "k"}, "are two keys: give one"),
        ({"passphrase": SECRET}, "`passphrase` needs the `private_key`"),
        ({"host_key": KEY, "known_hosts": "k"}, "both say which server is meant"),
        ({"host_key": "MD5:16:27:ac:a5:76:28:2d:36"}, "looks like SHA256: and 43 characters"),
        ({"host_key": f"{KEY}A"}, "the public key is cut off"),
        ({"region": "eu"}, "`storage.region` means nothing to a path of sftp://; it takes password,"),
    ],
)
def test_p10_what_can_not_be_meant_is_refused_without_the_secret(settings: dict[str, Any], said: str) -> None:
    path = settings.pop("path", PATH)
    with pytest.raises(ValidationError) as caught:
        Spreadsheet.Settings(path=path, key="a", storage=settings or None)
    assert said in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_fingerprint_is_what_ssh_keygen_prints(tmp_path: Path) -> None:
    (tmp_path / "key.pub").write_text(f"{KEY} somebody@example.com\n")
    printed = subprocess.run(
        ["ssh-keygen", "-lf", str(tmp_path / "key.pub")], capture_output=True, text=True, check=True
    )
    fingerprint = printed.stdout.split()[1]
    known = known_by(f" {KEY} somebody@example.com ")
    assert (known.fingerprint, known.kind) == (fingerprint, "ssh-ed25519")
    assert str(known_by(fingerprint)) == fingerprint


def hashed(host: str) -> str:
    digest = hmac.digest(b"salt", host.encode(), hashlib.sha1)
    return f"|1|{base64.b64encode(b'salt').decode()}|{base64.b64encode(digest).decode()}"


@pytest.mark.parametrize(
    ("hosts", "meant"),
    [
        ("example.com", True),
        ("other.example,EXAMPLE.com", True),
        ("*.com,!other.com", True),
        ("exampl?.com", True),
        ("*,!example.com", False),
        ("[example.com]:2222", False),
        ("examplescom", False),
        (hashed("example.com"), True),
        (hashed("[example.com]:2222"), False),
        ("|1|x|y", False),
    ],
)
def test_the_hosts_of_a_line(hosts: str, meant: bool) -> None:
    lines = ["", "# example.com", "nonsense", f"{hosts} {KEY} a comment", f"@cert-authority {hosts} {OTHER}"]
    expected, revoked = known_in([*lines, f"@revoked {hosts} {OTHER}"], "example.com")
    assert [each.kind for each in expected] == ["ssh-ed25519"] * meant
    assert revoked == ({known_by(OTHER).fingerprint} if meant else set())


def made(kind: str) -> Any:
    if kind == "rsa":
        return rsa.generate_private_key(65537, 1024)  # noqa: S505 - made in no time
    if kind == "ecdsa":
        return ec.generate_private_key(ec.SECP384R1())
    return ed25519.Ed25519PrivateKey.generate()


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
@pytest.mark.parametrize(
    ("way", "passphrase"),
    [
        (form.PrivateFormat.OpenSSH, None),
        (form.PrivateFormat.PKCS8, None),
        (form.PrivateFormat.PKCS8, SECRET),
    ],
)
def test_keys_of_all_kinds_and_forms(kind: str, way: form.PrivateFormat, passphrase: str | None) -> None:
    key = made(kind)
    hidden = form.BestAvailableEncryption(SECRET.encode()) if passphrase else form.NoEncryption()
    text = key.private_bytes(form.Encoding.PEM, way, hidden).decode()
    public = key.public_key().public_bytes(form.Encoding.OpenSSH, form.PublicFormat.OpenSSH).decode()
    for written in (
        text,
        text.replace("\n", "\\n"),
        text.replace("\n", "\r\n"),
        text.strip().replace("\n", " "),
    ):
        found = key_of(written, passphrase, "private_key")
        assert fingerprint_of(found.asbytes()) == known_by(public).fingerprint
        assert found.can_sign()


def test_what_is_no_key_to_get_in_by_is_said(tmp_path: Path) -> None:
    whole = write_key(tmp_path / "key", made("ed25519")).read_text()
    old = dsa.generate_private_key(1024).private_bytes(  # noqa: S505 - the only size that there was
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
    )
    for text, said in (
        (KEY, "it is the public key, which belongs to the server; a private key begins with"),
        ("PuTTY-User-Key-File-3: ssh-ed25519", "it is PuTTY's; convert it, as by puttygen"),
        (SECRET, "a private key begins with -----BEGIN OPENSSH PRIVATE KEY-----"),
        (whole.replace(whole.splitlines()[2], ""), "can't be read: it is cut off or changed"),
        (old.decode(), "is a key of a kind that is not used any more"),
    ):
        with pytest.raises(BadConfig) as caught:
            key_of(text, None, "private_key")
        assert said in str(caught.value)
        assert SECRET not in str(caught.value)
        assert caught.value.setting == "storage.private_key"


def test_a_server_that_tells_little_of_a_file() -> None:
    told = SFTPAttributes()
    told.st_size = 7
    first, second = entry_of("a.csv", told), entry_of("a.csv", told)
    assert first.revision != second.revision, "without a time every poll has to read it"
    assert first.tag == second.tag
    for letter, kind in (("d", stat.S_IFDIR), ("l", stat.S_IFLNK), ("-", stat.S_IFREG)):
        told.longname = f"{letter}rw-r--r-- 1 a b 7 Jan 1 a.csv"  # type: ignore[attr-defined]
        assert mode_of(told) == kind


def test_a_path_begins_at_the_root_or_in_the_users_own_folder() -> None:
    asked = {each: remote(each) for each in ("a/b.csv", "", "~", "~/", "~/a.csv", "~a.csv")}
    assert list(asked.values()) == ["/a/b.csv", "/", ".", ".", "a.csv", "/~a.csv"]


def test_a_home_that_is_not_there_is_no_crash() -> None:
    assert expanded("~no-such-user/known_hosts").parts[0] == "~no-such-user"


NAMES = st.sampled_from(["a", "b", ".c", "leads-1.csv"])
PARTS = st.sampled_from(["*", "**", "a", "?", "leads-*", ".*", "[ab]"])


@given(st.lists(NAMES, min_size=2, max_size=5), st.lists(PARTS, min_size=1, max_size=5))
def test_every_folder_above_what_a_glob_means_is_led_into(names: list[str], parts: list[str]) -> None:
    pattern = pattern_of("/".join(parts))
    if pattern is not None and pattern.matches("/".join(names)):
        assert all(pattern.leads_into("/".join(names[:end])) for end in range(1, len(names)))


def test_other_folders_are_not_led_into() -> None:
    pattern = pattern_of("exports/2*/leads-*.csv")
    assert pattern is not None
    led = [
        each
        for each in ("exports", "exports/2026", "exports/2026/x", "exports/1", "a")
        if pattern.leads_into(each)
    ]
    assert led == ["exports", "exports/2026"]
