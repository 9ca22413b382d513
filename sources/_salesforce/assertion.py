"""A JWT signed with an RSA key (RS256), as the JWT bearer flow wants it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

#: Salesforce refuses a JWT that ends later than this from now.
_LIFE = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Key:
    """Where the private key is: in a file, or in a setting."""

    #: The setting that names it, for messages.
    setting: str
    file: Path | None = None
    pem: str = ""

    def __repr__(self) -> str:
        """Return the setting's name only."""
        return f"<Key {self.setting}>"

    def signer(self) -> Callable[[bytes], bytes]:
        """Read the key.

        Raises:
            BadConfig: when there is none, or it is encrypted, or no RSA key.

        """
        hashes, padding, rsa, load = _library()
        try:
            found = load(self._bytes(), password=None)
        except TypeError:
            raise BadConfig(
                "the private key is encrypted; store it without a password", self.setting
            ) from None
        except ValueError:
            raise BadConfig(
                "it holds no private key (PEM, -----BEGIN PRIVATE KEY-----)", self.setting
            ) from None
        if not isinstance(found, rsa):
            raise BadConfig("it is no RSA key; a JWT for Salesforce is signed with RS256", self.setting)
        sign = cast("Any", found).sign
        return lambda data: cast("bytes", sign(data, padding, hashes))

    def _bytes(self) -> bytes:
        if self.file is None:
            # In an environment variable, line ends are often written as backslash and n.
            return self.pem.replace("\\n", "\n").encode()
        try:
            return self.file.read_bytes()
        except OSError as error:
            raise BadConfig(f"{self.file.name} can't be read: {error.strerror}", self.setting) from error


@dataclass(frozen=True, slots=True)
class Assertion:
    """Makes the JWT that says who we are, anew for each access token.

    Args:
        key: what signs.
        client_id: of the connected app.
        username: whom to act as.
        audience: who is to take it.

    """

    key: Key
    client_id: str
    username: str
    audience: str

    def __call__(self, now: datetime) -> str:
        """Return it.

        Raises:
            BadConfig: as `Key.signer`.

        """
        claims = {
            "iss": self.client_id,
            "sub": self.username,
            "aud": self.audience,
            "exp": int((now + _LIFE).timestamp()),
        }
        said = b".".join(map(_part, (json.dumps({"alg": "RS256"}).encode(), json.dumps(claims).encode())))
        return b".".join((said, _part(self.key.signer()(said)))).decode("ascii")


def _part(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _library() -> tuple[Any, Any, type, Any]:
    """Import what signs, which is installed only where it is wanted.

    Raises:
        BadConfig: when it is not installed.

    """
    try:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding, rsa
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError:
        raise BadConfig("a JWT needs `pip install leadrelay[salesforce]`", "username") from None
    return hashes.SHA256(), padding.PKCS1v15(), rsa.RSAPrivateKey, load_pem_private_key
