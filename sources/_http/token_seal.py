"""Refresh tokens encrypted at rest, with a key from the environment (AES-256-GCM).

The key is not kept beside what it locks: it stands in the environment of the process and nowhere else.
Several may stand there, separated by commas: the first encrypts, all of them decrypt.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sources.errors import BadConfig, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The environment variable that holds the keys.
VARIABLE: Final = "LEADRELAY_TOKEN_KEY"
_BYTES: Final = 32
_NONCE: Final = 12


@dataclass(frozen=True, slots=True, repr=False)
class TokenKeys:
    """The keys there are; none: tokens are kept as they are."""

    keys: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether tokens are encrypted."""
        return bool(self.keys)

    def seal(self, token: str, of: str) -> dict[str, str]:
        """Return a token encrypted with the first key.

        Args:
            token: what is to be hidden.
            of: whose it is; it can be read again for that one only.

        """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(_NONCE)
        hidden = AESGCM(self.keys[0]).encrypt(nonce, token.encode(), of.encode())
        return {"key": _name_of(self.keys[0]), "sealed": base64.b64encode(nonce + hidden).decode()}

    def unseal(self, sealed: Mapping[str, Any], of: str) -> str:
        """Return the token that `seal` encrypted.

        Raises:
            BadConfig: when the key it takes is not here; names the variable.
            Unavailable: when it was altered, or is another's.

        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if not self.keys:
            raise BadConfig(f"is encrypted, and {VARIABLE} is not set; set it to the key of that time")
        found = next((key for key in self.keys if _name_of(key) == sealed.get("key")), None)
        if found is None:
            raise BadConfig(
                f"is encrypted with a key that is not in {VARIABLE}; put the old key there too, "
                "behind the new one and a comma, or authorise again"
            )
        try:
            hidden = base64.b64decode(str(sealed.get("sealed")), validate=True)
            return AESGCM(found).decrypt(hidden[:_NONCE], hidden[_NONCE:], of.encode()).decode()
        except (InvalidTag, ValueError):
            raise Unavailable("was altered, or kept for another source; authorise again") from None

    def is_newest(self, sealed: Mapping[str, Any]) -> bool:
        """Tell whether something is encrypted with the first key, or needs no key."""
        return not self.keys or sealed.get("key") == _name_of(self.keys[0])


def token_keys(environ: Mapping[str, str] | None = None) -> TokenKeys:
    """Return the keys of the environment.

    Args:
        environ: the environment; None for the process's own.

    Raises:
        BadConfig: when one is no key, or what encrypts is not installed.

    """
    said = (os.environ if environ is None else environ).get(VARIABLE, "")
    keys = tuple(_key(part) for part in re.split(r"[,\s]+", said) if part)
    if keys:
        _installed()
    return TokenKeys(keys)


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text.translate(str.maketrans("-_", "+/")), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _BYTES:
        raise BadConfig(
            f"{VARIABLE} must be {_BYTES} random bytes in base64: `openssl rand -base64 {_BYTES}` makes them"
        )
    return key


def _installed() -> None:
    try:
        import cryptography.hazmat.primitives.ciphers.aead  # noqa: F401 only whether it is there
    except ImportError:
        raise BadConfig(
            f"{VARIABLE} is set, and the package that encrypts is missing: pip install 'leadrelay[oauth]'"
        ) from None


def _name_of(key: bytes) -> str:
    """Return what tells one key from another and nothing about it."""
    return hashlib.blake2b(key, digest_size=6, person=b"leadrelay-key").hexdigest()
