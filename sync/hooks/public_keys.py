"""Public keys that check who has signed a body."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

if TYPE_CHECKING:
    from sync.hooks.call import Call

#: GoHighLevel's, as others quote it from their Webhook Integration Guide; the same for all apps, no secret.
PUBLISHED = "MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg="


@dataclass(frozen=True, slots=True)
class SignedBody:
    """A key, and the header of the signatures that it checks."""

    header: str
    #: Raises `InvalidSignature` of cryptography.
    verify: Any = field(repr=False, compare=False)
    text: str = ""

    def signed(self, call: Call) -> bool:
        """Tell whether the body of a call was signed with the key that belongs to this one."""
        from cryptography.exceptions import InvalidSignature

        try:
            self.verify(base64.b64decode(call.header(self.header), validate=True), call.body)
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


def read_key(value: Any) -> SignedBody:
    """Read a public key in PEM, or the Base64 in the middle of it.

    Raises:
        ValueError: when it is none, or can't be read without a package that is not installed.

    """
    if isinstance(value, SignedBody):
        return value
    lines = (line.strip() for line in str(value).replace("\\n", "\n").splitlines())
    text = "".join(line for line in lines if not line.startswith("-----"))
    key = _loaded(text)
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA256

    if isinstance(key, Ed25519PublicKey):
        return SignedBody("X-GHL-Signature", key.verify, text)
    if isinstance(key, RSAPublicKey):
        return SignedBody(
            "X-WH-Signature", lambda found, body: key.verify(found, body, PKCS1v15(), SHA256()), text
        )
    raise ValueError("expected a public key of the kind Ed25519 or RSA")


def _loaded(text: str) -> Any:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_der_public_key
    except ImportError:
        raise ValueError("checking it takes a package more: pip install 'leadrelay[gohighlevel]'") from None
    try:
        return load_der_public_key(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        raise ValueError("is no public key in PEM, nor the Base64 in the middle of one") from None


PublicKey = Annotated[SignedBody, BeforeValidator(read_key), WithJsonSchema({"type": "string"})]
