"""What a server's key is known by: its fingerprint, as OpenSSH writes it since version 6.8."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?")
#: A line of a public key file, or of known_hosts without the host.
_PUBLIC_KEY = re.compile(r"(?P<kind>[a-z0-9@.-]+)\s+(?P<key>AAAA[A-Za-z0-9+/]+={0,2})(\s.*)?")
_LOOKS_LIKE = (
    "SHA256: and 43 characters, or as ssh-ed25519 AAAA…; `ssh-keyscan HOST | ssh-keygen -lf -` prints it"
)


@dataclass(frozen=True, slots=True)
class Known:
    """A key that is expected."""

    #: ``SHA256:…``.
    fingerprint: str
    #: As ssh-ed25519; None when that is not known.
    kind: str | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint}" if self.kind else self.fingerprint


def known_by(text: str) -> Known:
    """Return what a fingerprint or a public key says.

    Raises:
        ValueError: when it is neither.

    """
    text = text.strip()
    if _FINGERPRINT.fullmatch(text):
        return Known(text.rstrip("="))
    found = _PUBLIC_KEY.fullmatch(text)
    if found is None:
        raise ValueError(f"the key of a server looks like {_LOOKS_LIKE}")
    try:
        return Known(fingerprint_of(base64.b64decode(found["key"], validate=True)), found["kind"])
    except binascii.Error:
        raise ValueError("the public key is cut off: its base64 has no end") from None


def fingerprint_of(key: bytes) -> str:
    """Return the fingerprint of a public key in the form in which it travels."""
    digest = base64.b64encode(hashlib.sha256(key).digest()).decode()
    return f"SHA256:{digest.rstrip('=')}"
