"""The JWT that says who we are, as the JWT bearer flow wants it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sources._crm.signing import Signing, marks_of, signed_jwt
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Mapping
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

    @property
    def subject(self) -> tuple[str, ...]:
        """What tells this key from another."""
        return marks_of(self.file) if self.file is not None else (self.pem,)

    def jwt(self, claims: Mapping[str, Any]) -> str:
        """Return a JWT with these claims.

        Raises:
            BadConfig: when there is no key, or it is encrypted, or no RSA key.

        """
        signing = Signing(self.setting, "Salesforce", "salesforce", chosen_by="username")
        return signed_jwt(claims, self._bytes(), signing)

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

    @property
    def subject(self) -> tuple[str, ...]:
        """What decides whose token it brings; it may hold the key."""
        return (self.username, self.audience, *self.key.subject)

    def __call__(self, now: datetime) -> str:
        """Return it.

        Raises:
            BadConfig: as `Key.jwt`.

        """
        claims = {
            "iss": self.client_id,
            "sub": self.username,
            "aud": self.audience,
            "exp": int((now + _LIFE).timestamp()),
        }
        return self.key.jwt(claims)
