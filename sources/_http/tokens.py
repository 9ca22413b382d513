"""OAuth token requests and answers as data (RFC 6749): nothing here does I/O."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from sources._http.auth import basic
from sources._http.call import Answer, Call
from sources._http.retry_after import parse_retry_after
from sources._http.wording import error_codes, said, sounds_rate_limited
from sources.errors import Denied, RateLimited, SourceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

#: Answers of a token endpoint that say something about our credentials.
REFUSALS = frozenset({400, 401, 402, 403, 422})
#: The grant by a JWT that we sign (RFC 7523).
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
#: An access token is renewed this long before it ends, in seconds, or after nine tenths of its life.
_MARGIN = 60.0
_ADVICE = {
    "invalid_grant": "the refresh token was revoked, has expired or was used up; authorise again",
    "invalid_client": "the client id or the client secret is wrong",
    "unauthorized_client": "this client may not use this kind of grant",
    "invalid_scope": "the scope is not one this client may ask for",
    "unsupported_grant_type": "the server does not know this kind of grant",
}


@dataclass(frozen=True, slots=True)
class OAuthApp:
    """What the vendor knows our application by."""

    token_url: str
    client_id: str
    #: Empty for a public client, which has none: PKCE, or a refresh token, is what it shows.
    client_secret: str = field(repr=False)
    #: Space-separated; empty: not sent.
    scope: str = ""
    #: Further form fields, as in ``{"audience": "https://api.example.com"}``.
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: Where id and secret go: in the form, or in a Basic header.
    client_auth: Literal["body", "basic"] = "body"
    #: Returns a JWT that we signed (RFC 7523), given the present; it proves who we are, not the secret.
    assertion: Callable[[datetime], str] | None = None
    #: What else decides whose token it is: the assertion's key and user. Never shown.
    subject: tuple[str, ...] = field(default=(), repr=False)
    #: Returns what to do about a refusal, where this vendor means something of its own by it.
    advice: Callable[[Answer], str | None] | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Granted:
    """What a token endpoint gave."""

    access_token: str
    #: Seconds until it ends, from when it was asked for; infinite when the server did not say.
    lifetime: float = math.inf
    #: A new refresh token, which replaces the old one; None when there is none.
    refresh_token: str | None = None
    #: The whole answer: vendors put ``instance_url``, ``api_domain`` and the like there.
    answer: Mapping[str, Any] = field(default_factory=dict)

    @property
    def good_for(self) -> float:
        """Seconds for which to use it, so that it does not end on its way to the server."""
        return self.lifetime - min(_MARGIN, self.lifetime / 10) if math.isfinite(self.lifetime) else math.inf


def assertion_call(app: OAuthApp, assertion: str) -> Call:
    """Return the request for an access token by a JWT that we signed; it proves who we are by itself."""
    return Call(app.token_url, "POST", form={"grant_type": _JWT_BEARER, "assertion": assertion, **app.extra})


def token_call(app: OAuthApp, refresh_token: str | None = None) -> Call:
    """Return the request for an access token: refresh_token grant, or client_credentials without one.

    A refresh token may be used up by a request whose answer is lost, so that request is not repeatable.
    """
    form = {"grant_type": "client_credentials"}
    if refresh_token is not None:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    if app.scope:
        form["scope"] = app.scope
    return form_call(app, form, repeatable=refresh_token is None)


def form_call(app: OAuthApp, form: dict[str, str], *, repeatable: bool) -> Call:
    """Return a request to the token endpoint that says who we are and what the form says."""
    headers: dict[str, str] = {}
    if not app.client_secret:  # RFC 6749, 3.2.1: it only says who it is
        form |= {"client_id": app.client_id}
    elif app.client_auth == "basic":
        headers["authorization"] = basic(app.client_id, app.client_secret).value
    else:
        form |= {"client_id": app.client_id, "client_secret": app.client_secret}
    form.update(app.extra)
    return Call(app.token_url, "POST", headers=headers, form=form, repeatable=repeatable)


def read_grant(
    answer: Answer, now: datetime, advice: Callable[[Answer], str | None] | None = None
) -> Granted:
    """Return what a token endpoint's answer grants. Some vendors refuse with a 200.

    Args:
        answer: what came back.
        now: our clock.
        advice: see `OAuthApp.advice`.

    Raises:
        Denied: it refused, with advice by its error code.
        RateLimited: it refused for asking too often.
        Unavailable: the answer is neither.

    """
    data = answer.data if isinstance(answer.data, dict) else {}
    token = data.get("access_token")
    if isinstance(token, str) and token and answer.status < 300:  # noqa: PLR2004
        return Granted(token, _lifetime(data.get("expires_in")), _text(data.get("refresh_token")), data)
    raise _refusal(answer, now, advice(answer) if advice else None)


def _refusal(answer: Answer, now: datetime, told: str | None) -> SourceError:
    wait = parse_retry_after(answer.headers.get("retry-after"), answer.server_time or now)
    codes = error_codes(answer.data)
    if wait is not None or sounds_rate_limited(answer.body):
        return RateLimited(f"{said(answer)}: tokens were asked for too often", wait)
    if codes or answer.status >= 400:  # noqa: PLR2004
        advice = told or next(
            (_ADVICE[code] for code in codes if code in _ADVICE), "it gives us no access token"
        )
        return Denied(f"{said(answer)}: {advice}")
    return Unavailable(f"{answer.where}: the answer has no access_token")


def _lifetime(expires_in: Any) -> float:
    """Read expires_in, which some send as text; 0 or nonsense says nothing (Salesforce sends none)."""
    try:
        seconds = float(expires_in)
    except (TypeError, ValueError):
        return math.inf
    return seconds if math.isfinite(seconds) and seconds > 0 else math.inf


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
