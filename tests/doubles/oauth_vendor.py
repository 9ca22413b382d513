"""A vendor that people authorise apps at: authorize page, tokens, rotation, and an API behind them.

It keeps to RFC 6749 and 7636: a code is good once and for the redirect URL and the verifier that it was
asked for with; a refresh token is good once, and one that is used again kills the whole family (RFC 9700).
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.rest_server import Asked, Reply

CLIENT, SECRET = "made-up-client", "made-up-client-s3cret"
BASIC = f"Basic {base64.b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}"


@dataclass
class Vendor:
    """Answers what is asked of `tests.rest_server.serving`."""

    redirects: set[str] = field(default_factory=set)
    #: Answered by the authorize page instead of a code.
    error: dict[str, str] | None = None
    #: What is granted in the place of what was asked for.
    scope: str | None = None
    gives_refresh: bool = True
    #: Whether the app is one without a secret, which must then give none (RFC 6749, 2.3.1).
    public: bool = False
    #: Stands in each grant too.
    further: dict[str, str] = field(default_factory=dict)
    #: What the API behind it answers.
    data: Any = field(default_factory=lambda: [{"id": 1, "name": "Ada"}])
    #: Seconds that the token endpoint takes for a refresh.
    slow: float = 0.0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    #: The only good refresh token; None: none is.
    refresh: str | None = None
    used: set[str] = field(default_factory=set)
    issued: int = 0
    access: set[str] = field(default_factory=set)
    seen: list[str] = field(default_factory=list)

    @property
    def secrets(self) -> set[str]:
        """All that must never be printed or stand in a file as it is."""
        given = {f"refresh-s3cret-{number}" for number in range(self.issued + 1)}
        return {SECRET, *given, *self.access, *self.codes}

    def answer(self, asked: Asked) -> Any:
        self.seen.append(asked.path)
        what = asked.path.rstrip("/").rpartition("/")[2]
        if what == "authorize":
            return self._page(asked)
        if what == "token":
            return self._token(asked.form, asked.headers.get("authorization"))
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.access:
            return Reply({"error": "invalid_token"}, status=401)
        return self.data

    def _page(self, asked: Asked) -> Reply:
        said = asked.query
        if said["redirect_uri"] not in self.redirects:  # shown to the person; the browser is sent nowhere
            return Reply(body=b"redirect_uri is not registered", status=400)
        assert (said["client_id"], said["response_type"]) == (CLIENT, "code")
        assert said["code_challenge_method"] == "S256"
        code = f"code-s3cret-{len(self.codes)}"
        self.codes[code] = said
        told = self.error or {"code": code}
        where = f"{said['redirect_uri']}?{urlencode({**told, 'state': said['state']})}"
        return Reply(status=302, headers={"Location": where})

    def _token(self, form: dict[str, str], header: str | None) -> Reply:
        if not self._knows(form, header):
            return Reply({"error": "invalid_client"}, status=401)
        by_code = form["grant_type"] == "authorization_code"
        return self._by_code(form) if by_code else self._by_refresh(form["refresh_token"])

    def _knows(self, form: dict[str, str], header: str | None) -> bool:
        told = form.get("client_id"), form.get("client_secret")
        if self.public:
            return (*told, header) == (CLIENT, None, None)
        return header == BASIC or told == (CLIENT, SECRET)

    def _by_code(self, form: dict[str, str]) -> Reply:
        asked = self.codes.get(form["code"])
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or form["code"] in self.used:
            return Reply({"error": "invalid_grant"}, status=400)
        self.used.add(form["code"])
        if (asked["redirect_uri"], asked["code_challenge"]) != (form["redirect_uri"], challenge):
            return Reply({"error": "invalid_grant"}, status=400)
        return self._give(asked.get("scope", ""))

    def _by_refresh(self, token: str) -> Reply:
        if token != self.refresh:
            self.refresh = None if token in self.used else self.refresh
            return Reply({"error": "invalid_grant"}, status=400)
        self.used.add(token)
        reply = self._give("")
        reply.delay = self.slow
        return reply

    def _give(self, scope: str) -> Reply:
        self.issued += 1
        self.refresh = f"refresh-s3cret-{self.issued}"
        self.access.add(f"access-s3cret-{self.issued}")
        told = {"scope": self.scope or scope} if scope or self.scope else {}
        more = {"refresh_token": self.refresh} if self.gives_refresh else {}
        more |= self.further
        token = f"access-s3cret-{self.issued}"
        return Reply({"access_token": token, "expires_in": 1800, "token_type": "bearer", **told, **more})
