"""How programs log in to Salesforce: three grants, sessions without a stated end, tokens that rotate."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from tests.doubles.base import Asked, Reply

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from tests.doubles.base import Double

CLIENT = "3MVG9.client.of.these.tests"
SECRET = "5ecret0fTheConnectedApp"
REFRESH = "5Aep861.refresh.token.one"
USER = "leads@example.com"
_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
#: A JWT may end so many seconds from now.
_LONGEST_LIFE = 300


class Login:
    """The token endpoint of an organisation.

    Args:
        org: whose; its address becomes `instance_url`.

    """

    def __init__(self, org: Double) -> None:
        self._org = org
        self.sessions: set[str] = set()
        self.granted = 0
        self.refresh_token = REFRESH
        #: The connected app's secret; None for one that does not require it.
        self.secret: str | None = SECRET
        #: Whether each use of a refresh token replaces it; the old one is dead at once.
        self.rotates = False
        #: The certificate of the connected app.
        self.public_key: RSAPublicKey | None = None
        self.audience = "https://login.salesforce.com"
        self.approved = True
        #: Whether this is a My Domain; client credentials are taken nowhere else.
        self.is_my_domain = True
        self.assertions: list[dict[str, Any]] = []

    def knows(self, header: str) -> bool:
        return header.removeprefix("Bearer ") in self.sessions

    def expire(self) -> None:
        """End all sessions, as the organisation's session timeout does."""
        self.sessions.clear()

    def answer(self, asked: Asked) -> Reply:
        form = asked.form
        grant = form.get("grant_type")
        if grant == _JWT:
            refused = self._refused_jwt(form["assertion"])
        elif form.get("client_id") != CLIENT or form.get("client_secret") != self.secret:
            refused = _refused("invalid_client", "invalid client credentials")
        elif grant == "refresh_token":
            refused = self._refused_refresh(form.get("refresh_token"))
        else:
            refused = self._refused_client_credentials()
        return refused or Reply(self._grant(grant))

    def _grant(self, grant: str | None) -> dict[str, Any]:
        self.granted += 1
        token = f"00D5e000000session{self.granted:04}!AQ.of.these.tests"
        self.sessions.add(token)
        told = {
            "access_token": token,
            "instance_url": self._org.url().rstrip("/"),
            "id": "https://login.salesforce.com/id/00D5e0000000000EAA/0055e0000000000AAA",
            "token_type": "Bearer",
            "issued_at": "1772625600000",
            "signature": "c2lnbmF0dXJl",
        }
        if grant == "refresh_token" and self.rotates:
            self.refresh_token = f"5Aep861.refresh.token.{self.granted}.new"
            told["refresh_token"] = self.refresh_token
        return told

    def _refused_jwt(self, text: str) -> Reply | None:
        header, claims, signature = text.split(".")
        said = json.loads(_decoded(claims))
        self.assertions.append(said)
        now = self._org.clock.now().timestamp()
        if json.loads(_decoded(header))["alg"] != "RS256" or not self._is_signed(
            f"{header}.{claims}", signature
        ):
            return _refused("invalid_grant", "invalid assertion")
        if said["iss"] != CLIENT:
            return _refused("invalid_client_id", "client identifier invalid")
        if said["aud"] != self.audience:
            return _refused("invalid_grant", "audience is invalid")
        if not now < said["exp"] <= now + _LONGEST_LIFE:
            return _refused("invalid_grant", "expired authorization code")
        if said["sub"] != USER or not self.approved:
            return _refused("invalid_grant", "user hasn't approved this consumer")
        return None

    def _is_signed(self, said: str, signature: str) -> bool:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        assert self.public_key is not None
        try:
            self.public_key.verify(_decoded(signature), said.encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    def _refused_refresh(self, token: str | None) -> Reply | None:
        return (
            None if token == self.refresh_token else _refused("invalid_grant", "expired access/refresh token")
        )

    def _refused_client_credentials(self) -> Reply | None:
        if self.is_my_domain:
            return None
        return _refused("invalid_grant", "request not supported on this domain")


def _refused(code: str, description: str) -> Reply:
    """Return a refusal as the login answers it: an object, where the REST API answers a list."""
    return Reply({"error": code, "error_description": description}, status=400)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
