"""A person lets us in with their browser: the authorization code grant with PKCE (RFC 6749, 7636, 8252).

Nothing here does I/O. An adapter says what its vendor wants (`OAuthFlow`); `begun` makes an attempt, whose
address a person opens, and which reads the address that the browser comes back to.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from sources._http.tokens import form_call, read_grant
from sources._http.wording import error_codes, scrub
from sources.errors import Denied, SourceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from sources._http.call import Answer, Call
    from sources._http.token_store import TokenStore
    from sources._http.tokens import Granted, OAuthApp

#: What the error that a browser brings back means.
_MEANT = {
    "access_denied": "access was not allowed there: somebody said no, or may not say yes",
    "invalid_scope": "a scope that was asked for is misspelt, or your app may not ask for it",
    "unauthorized_client": "your app may not be authorised this way; its settings at the vendor decide",
    "unsupported_response_type": "your app may not be authorised this way; its settings at the vendor decide",
    "invalid_client": "it does not know the client id",
    "redirect_uri_mismatch": "{redirect} is not registered as a redirect URL of your app; add it there",
    "invalid_request": "it did not take the request; is {redirect} registered as a redirect URL of your app?",
    "login_required": "nobody was signed in there",
    "consent_required": "an administrator has to allow your app first",
}
_LATER = {"server_error", "temporarily_unavailable"}
_STRAY = "that address is of no attempt of ours; copy the whole of it, or try again"
#: Jobber sends the browser back so after a no, where others bring error=access_denied.
_NOTHING = (
    "that address brings no answer: somebody may have said no at the vendor, or it was not copied whole; try "
    "again"
)
_NO_GRANT = (
    "the code was used up, is too old, or belongs to another redirect URL; is {redirect} registered as it "
    "stands here? Otherwise just try again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthFlow:
    """How a vendor is asked for an authorisation by a person."""

    app: OAuthApp
    #: The vendor's page where a person says yes.
    authorize_url: str
    #: Keeps the refresh token; see `sources.oauth.token_store`.
    store: TokenStore
    #: What to ask for.
    scopes: Sequence[str] = ()
    #: Further parameters of that page, as in ``{"access_type": "offline"}``.
    parameters: Mapping[str, str] = field(default_factory=dict)
    #: Asks the vendor whose account it is; must show no token. None: the answer itself tells, or nobody.
    account: Callable[[Granted], Awaitable[str | None]] | None = None
    #: Returns what to do about a refusal that the browser brings back, by its parameters, where this vendor
    #: means something of its own by it.
    meant: Callable[[Mapping[str, str]], str | None] | None = None

    def begun(self, redirect: str) -> Attempt:
        """Return an attempt of its own state and verifier.

        Args:
            redirect: where the vendor is to send the browser afterwards.

        """
        return Attempt(self, redirect, secrets.token_urlsafe(24), secrets.token_urlsafe(48))


class AnotherAttempt(Denied):
    """What came back belongs to no attempt of ours."""


@dataclass(frozen=True, slots=True, repr=False)
class Attempt:
    """One try to get authorised."""

    flow: OAuthFlow
    redirect: str
    state: str
    verifier: str

    @property
    def url(self) -> str:
        """The address for a person to open. It holds no secret."""
        wanted = {
            "response_type": "code",
            "client_id": self.flow.app.client_id,
            "redirect_uri": self.redirect,
            "state": self.state,
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
            **({"scope": " ".join(self.flow.scopes)} if self.flow.scopes else {}),
            **self.flow.parameters,
        }
        parts = urlsplit(self.flow.authorize_url)
        query = "&".join(filter(None, [parts.query, urlencode(wanted)]))
        return urlunsplit(parts._replace(query=query))

    def code_of(self, came_back: str) -> str:
        """Return the code in the address that the browser came back to.

        Raises:
            AnotherAttempt: when it does not hold our state.
            Denied: when it says no, in people's words.
            Unavailable: when the vendor has a problem, or sent no code.

        """
        said = {name: values[0] for name, values in _query_of(came_back).items()}
        if not hmac.compare_digest(said.get("state", "").encode(), self.state.encode()):
            raise AnotherAttempt(_NOTHING if self._is_bare(came_back) else _STRAY)
        if "error" in said:
            raise self._refusal(said)
        if not said.get("code"):
            raise Unavailable("the vendor sent the browser back without a code")
        return said["code"]

    def call(self, code: str) -> Call:
        """Return the request that turns the code into tokens. A code is good for one use."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect}
        return form_call(self.flow.app, form | {"code_verifier": self.verifier}, repeatable=False)

    def granted(self, answer: Answer, now: datetime) -> Granted:
        """Return what the answer to `call` grants.

        Raises:
            Denied: when it refuses, or there is no refresh token.
            SourceError: as `read_grant`.

        """
        granted = read_grant(answer, now, self._advice)
        if granted.refresh_token is None:
            raise Denied(
                f"{answer.where}: it gave access for once but no refresh token; ask for the scope, or the "
                "parameter, by which this vendor gives one (often offline_access)"
            )
        return granted

    def _is_bare(self, came_back: str) -> bool:
        """Tell whether this is our redirect, and nothing with it."""
        own = _query_of(self.redirect)
        try:
            path = urlsplit(came_back.strip()).path
        except ValueError:
            return False
        return path == urlsplit(self.redirect).path and _query_of(came_back).keys() <= own.keys()

    def _advice(self, answer: Answer) -> str | None:
        codes = error_codes(answer.data)
        if "invalid_grant" in codes:
            return _NO_GRANT.format(redirect=self.redirect)
        told = next((_MEANT[code] for code in codes if code == "redirect_uri_mismatch"), None)
        if told is not None:
            return told.format(redirect=self.redirect)
        return self.flow.app.advice(answer) if self.flow.app.advice else None

    def _refusal(self, said: Mapping[str, str]) -> SourceError:
        code = scrub(said["error"], ())[:60]
        host = urlsplit(self.flow.authorize_url).hostname
        if code in _LATER:
            return Unavailable(f"{host} has a problem of its own ({code}); try again later")
        meant = self.flow.meant(said) if self.flow.meant else None
        meant = meant or _MEANT.get(code, "it refused").format(redirect=self.redirect)
        words = scrub(said.get("error_description", ""), (self.state, self.flow.app.client_secret))
        return Denied(f"{host} said no ({code}): {meant}" + (f". It says: {words}" if words else ""))


def _query_of(address: str) -> dict[str, list[str]]:
    """Return the parameters of an address; none where it is no address, as ``http://[``."""
    try:
        return parse_qs(urlsplit(address.strip()).query)
    except ValueError:
        return {}


def challenge_of(verifier: str) -> str:
    """Return the PKCE challenge of a verifier, by S256."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def scopes_of(granted: Granted) -> list[str]:
    """Return the scopes that an answer names, empty where it names none."""
    told = granted.answer.get("scope") or granted.answer.get("scopes") or ()
    return str(told).replace(",", " ").split() if isinstance(told, str) else [str(each) for each in told]
