"""Private keys as people have them, made into what signs."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_ssh_private_key,
)
from paramiko import ECDSAKey, Ed25519Key, RSAKey

from sources._files.home import expanded
from sources._rest.secrets import revealed
from sources.errors import BadConfig, Denied

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from paramiko import PKey

    from sources._files.sftp_settings import SftpSettings

_KINDS = ((Ed25519PrivateKey, Ed25519Key), (EllipticCurvePrivateKey, ECDSAKey), (RSAPrivateKey, RSAKey))
_FORM = "a private key begins with -----BEGIN OPENSSH PRIVATE KEY----- or the like"
_LARGEST = 1 << 16


def given_key(storage: SftpSettings, directory: Path) -> PKey | None:
    """Return the key of the settings; None when they have none.

    Raises:
        BadConfig: when it is no private key, or the passphrase does not open it.
        Denied: when its file may not be read.

    """
    passphrase = revealed(storage.passphrase)
    if storage.private_key is not None:
        return key_of(storage.private_key.get_secret_value(), passphrase, "private_key")
    if storage.private_key_file is None:
        return None
    return key_of(_text(directory / expanded(storage.private_key_file)), passphrase, "private_key_file")


def key_of(text: str, passphrase: str | None, setting: str) -> PKey:
    """Return the key that a text holds.

    Args:
        text: a key as OpenSSH writes it, or PEM; its line ends may have become spaces on their way here.
        passphrase: what it is encrypted with.
        setting: where the text is from.

    Raises:
        BadConfig: when it is no key, or the passphrase does not open it.

    """
    text = _lines(text)
    if "PRIVATE KEY-----" not in text:
        raise BadConfig(f"`storage.{setting}` is no private key: {_kind_of(text)}", f"storage.{setting}")
    loaded = _loaded(text.encode(), passphrase, setting)
    for kind, made in _KINDS:
        if isinstance(loaded, kind):
            plain = loaded.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
            return made.from_private_key(io.StringIO(plain.decode()))
    kinds = "Ed25519, ECDSA and RSA are"
    raise BadConfig(
        f"`storage.{setting}` is a key of a kind that is not used any more; {kinds}", f"storage.{setting}"
    )


def _loaded(data: bytes, passphrase: str | None, setting: str) -> Any:
    load: Callable[..., Any] = load_ssh_private_key if b"BEGIN OPENSSH" in data else load_pem_private_key
    try:
        return load(data, None)
    except TypeError:  # it is encrypted
        pass
    except (ValueError, UnsupportedAlgorithm):
        raise BadConfig(
            f"`storage.{setting}` can't be read: it is cut off or changed", f"storage.{setting}"
        ) from None
    if passphrase is None:
        text = (
            f"`storage.{setting}` is encrypted; give its passphrase, as in passphrase: ${{SFTP_PASSPHRASE}}"
        )
        raise BadConfig(text, f"storage.{setting}")
    try:
        return load(data, passphrase.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise BadConfig(
            f"`storage.passphrase` does not open `storage.{setting}`", "storage.passphrase"
        ) from None


def _lines(text: str) -> str:
    """Put line ends back, which are lost where a key has come through an environment variable."""
    text = text.strip().replace("\\n", "\n").replace("\r\n", "\n")
    if "\n" not in text and text.endswith(" KEY-----"):
        start, body, end = text.partition(" KEY-----")[0], text.partition(" KEY-----")[2], ""
        body, _, end = body.partition("-----END")
        text = f"{start} KEY-----\n" + "\n".join(body.split()) + f"\n-----END{end}"
    return f"{text}\n"


def _kind_of(text: str) -> str:
    if text.startswith("PuTTY-User-Key-File"):
        return "it is PuTTY's; convert it, as by puttygen KEY.ppk -O private-openssh -o KEY"
    if text.startswith(("ssh-", "ecdsa-", "---- BEGIN SSH2 PUBLIC")) or "BEGIN PUBLIC KEY" in text:
        return f"it is the public key, which belongs to the server; {_FORM}"
    return _FORM


def _text(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as handle:
            return handle.read(_LARGEST)
    except PermissionError:
        raise Denied(f"{file.name} may not be read by this user: its permissions forbid it") from None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise BadConfig(f"{file.name} can't be read: {why}", "storage.private_key_file") from None
