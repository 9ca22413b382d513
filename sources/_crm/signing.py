"""JWTs signed with an RSA key (RS256), by which a program proves who it is (RFC 7523)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Signing:
    """Whose key it is and where it stands, for messages."""

    #: The setting that holds or names the key.
    setting: str
    #: Who takes the JWT.
    vendor: str
    #: What `pip install leadrelay[…]` adds the library by.
    extra: str
    #: The setting that makes a JWT necessary, if it is another one.
    chosen_by: str | None = None


def signed_jwt(claims: Mapping[str, Any], pem: bytes, signing: Signing) -> str:
    """Return a JWT with these claims.

    Args:
        claims: what it says.
        pem: the private key.
        signing: see `Signing`.

    Raises:
        BadConfig: when the key can't sign.

    """
    sign = _signer(pem, signing)
    said = b".".join(_part(json.dumps(each).encode()) for each in ({"alg": "RS256", "typ": "JWT"}, claims))
    return b".".join((said, _part(sign(said)))).decode("ascii")


def _part(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _signer(pem: bytes, signing: Signing) -> Callable[[bytes], bytes]:
    hashes, padding, rsa, load = _library(signing)
    try:
        found = load(pem, password=None)
    except TypeError:
        text = "the private key is encrypted; store it without a password"
        raise BadConfig(text, signing.setting) from None
    except ValueError:
        text = "it holds no private key (PEM, -----BEGIN PRIVATE KEY-----)"
        raise BadConfig(text, signing.setting) from None
    if not isinstance(found, rsa):
        text = f"it is no RSA key; a JWT for {signing.vendor} is signed with RS256"
        raise BadConfig(text, signing.setting)
    sign = cast("Any", found).sign
    return lambda data: cast("bytes", sign(data, padding, hashes))


def _library(signing: Signing) -> tuple[Any, Any, type, Any]:
    """Import what signs, which is installed only where it is wanted."""
    try:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding, rsa
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError:
        text = f"a JWT needs `pip install 'leadrelay[{signing.extra}]'`"
        raise BadConfig(text, signing.chosen_by or signing.setting) from None
    return hashes.SHA256(), padding.PKCS1v15(), rsa.RSAPrivateKey, load_pem_private_key


def marks_of(file: Path) -> tuple[str, ...]:
    """Return what tells that a key file was replaced by another; its content is not read."""
    try:
        found = file.stat()
    except OSError:
        return (str(file),)  # whoever reads it says what is wrong with it
    return (str(file), str(found.st_mtime_ns), str(found.st_size))
