"""Microsoft Entra ID, as far as programs are let in by it: client credentials, refresh tokens, codes.

It keeps to the Microsoft identity platform's documents: v2.0 token endpoint of one tenant, `.default` scopes,
tokens that end by `expires_in`, refresh tokens that are replaced, refusals by their AADSTS numbers.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tests.doubles.base import Reply

if TYPE_CHECKING:
    from sources.http import Clock
    from tests.doubles.base import Asked

TENANT = "5c6b1a53-0000-4000-8000-7e0a11111111"
CLIENT = "0f8c0f4e-0000-4000-8000-7e0a22222222"
SECRET = "mAd~8Q-up.client.5ecret"
REFRESH = "0.AXoA.refresh.token.one"
#: What stands in connector.yaml.
APP = {"tenant": TENANT, "client_id": CLIENT, "client_secret": SECRET}
#: Seconds for which an access token is good, as Entra says it.
LIFETIME = 3599
_OFFLINE = "offline_access"


class Entra:
    """The directory of one organisation.

    Args:
        clock: time.
        resource: what tokens are given for, as in ``https://graph.microsoft.com``.

    """

    def __init__(self, clock: Clock, resource: str) -> None:
        self.clock = clock
        self.resource = resource
        self.lifetime = LIFETIME
        self.granted = 0
        self.refresh_token = REFRESH
        #: The number of the refusal that everybody gets from now on, and its words.
        self.refuses: tuple[int, str] | None = None
        self.scopes: list[str] = []
        self._ends: dict[str, float] = {}
        self._codes: dict[str, dict[str, str]] = {}

    def knows(self, header: str) -> bool:
        """Tell whether an Authorization header holds a token that has not ended."""
        return self._ends.get(header.removeprefix("Bearer "), -1.0) > self.clock.monotonic()

    def end(self) -> None:
        """End all access tokens, as an administrator can."""
        self._ends.clear()

    def page(self, asked: Asked) -> Reply:
        """Answer the page where a person lets an app in: yes."""
        said = asked.query
        assert (said["client_id"], said["response_type"]) == (CLIENT, "code")
        code = f"0.code.{len(self._codes)}"
        self._codes[code] = said
        where = f"{said['redirect_uri']}?{urlencode({'code': code, 'state': said['state']})}"
        return Reply(status=302, headers={"Location": where})

    def token(self, asked: Asked, tenant: str) -> Reply:
        """Answer a request for a token."""
        form = asked.form
        if self.refuses is not None:
            return refusal(400, "invalid_grant", *self.refuses)
        if tenant != TENANT:
            return refusal(400, "invalid_request", 90002, f"Tenant '{tenant}' not found.")
        if form.get("client_id") != CLIENT:
            return refusal(400, "unauthorized_client", 700016, "Application was not found in the directory.")
        if form.get("client_secret") != SECRET:
            return refusal(401, "invalid_client", 7000215, "Invalid client secret provided.")
        grants = {"client_credentials": self._own, "refresh_token": self._renewed}
        return grants.get(form["grant_type"], self._by_code)(form)

    def _own(self, form: dict[str, str]) -> Reply:
        if form.get("scope") != f"{self.resource}/.default":
            return refusal(400, "invalid_scope", 1002012, "The provided value for scope is not valid.")
        return self._grant(form["scope"])

    def _renewed(self, form: dict[str, str]) -> Reply:
        if form["refresh_token"] != self.refresh_token:
            return refusal(400, "invalid_grant", 700082, "The refresh token has expired due to inactivity.")
        return self._grant(form.get("scope", ""))

    def _by_code(self, form: dict[str, str]) -> Reply:
        asked = self._codes.pop(form["code"], {})
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (asked.get("redirect_uri"), asked.get("code_challenge")) != (form["redirect_uri"], challenge):
            return refusal(400, "invalid_grant", 70000, "The provided authorization code is not valid.")
        return self._grant(asked["scope"])

    def _grant(self, scope: str) -> Reply:
        self.scopes.append(scope)
        self.granted += 1
        token = f"eyJ0eXAi.made-up.{self.granted:04}"
        self._ends[token] = self.clock.monotonic() + self.lifetime
        told = {"token_type": "Bearer", "expires_in": self.lifetime, "ext_expires_in": self.lifetime}
        told |= {"access_token": token}
        if _OFFLINE in scope.split():
            self.refresh_token = f"0.AXoA.refresh.token.{self.granted}.new"
            told |= {"refresh_token": self.refresh_token, "scope": scope.replace(f" {_OFFLINE}", "")}
        return Reply(told)


def refusal(status: int, error: str, number: int, words: str) -> Reply:
    """Return a refusal as Entra writes it."""
    trace = "Trace ID: 3939d04c-0000-4000-8000-26ba65140000\r\nTimestamp: 2026-03-04 12:00:00Z"
    told = {
        "error": error,
        "error_description": f"AADSTS{number}: {words}\r\n{trace}",
        "error_codes": [number],
        "timestamp": "2026-03-04 12:00:00Z",
        "trace_id": "3939d04c-0000-4000-8000-26ba65140000",
        "correlation_id": "fe371be0-0000-4000-8000-4c9d60a10000",
    }
    return Reply(told, status=status)
