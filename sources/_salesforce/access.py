"""From settings to tokens: JWT bearer, client credentials, or a refresh token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sources._crm.access import Surroundings, authorizing, refreshing
from sources._rest.secrets import revealed
from sources._salesforce.addresses import audience, authorize_url, token_url
from sources._salesforce.assertion import Assertion, Key
from sources.errors import BadConfig
from sources.oauth import OAuth, OAuthApp

if TYPE_CHECKING:
    from sources._salesforce.settings import SalesforceSettings
    from sources.http import Answer
    from sources.oauth import Granted, OAuthFlow

#: What Salesforce says in a sentence of its own, and what to do about it.
_ADVICE = {
    "hasn't approved": "the user has not approved the connected app: let an administrator pre-authorise it "
    "for the user's profile or permission set",
    "audience is invalid": "the JWT is for another host: set `sandbox` for a sandbox, and only for one",
    "invalid assertion": "the JWT is not taken: its key and the connected app's certificate don't belong "
    "together, or this machine's clock is off",
    "invalid_app_access": "the connected app may not be used by this user",
    "inactive user": "the user is not active",
    "authentication failure": "the user is not active, or may not log in from here",
    "expired access/refresh token": "the refresh token was revoked, has expired or was used up; authorise "
    "again",
    "no client credentials user": "the connected app has no user to run client credentials as",
    "not supported on this domain": "client credentials are taken at the My Domain only: give it as `url`",
    "app must be installed": "the connected app is not installed in this organisation",
}


def access(settings: SalesforceSettings, around: Surroundings) -> OAuth:
    """Return what signs requests; nothing is asked for yet."""
    app = _app(settings, around)
    more: dict[str, Any] = {"owner": around.context.name, "options": around.options, "clock": around.clock}
    if app.assertion is not None:
        return OAuth.asserting(app, **more)
    if settings.authorized or settings.refresh_token is not None:
        return refreshing(around, app, revealed(settings.refresh_token))
    return OAuth.client_credentials(app, **more)


def flow_of(settings: SalesforceSettings, around: Surroundings) -> OAuthFlow:
    """Return how a person authorises the connected app.

    Raises:
        BadConfig: when the settings give another way in.

    """
    if settings.refresh_token is None and not settings.authorized:
        raise BadConfig(
            "it is let in without a person; for one, give client_id, `authorized: true` and, unless the app "
            "does without, client_secret"
        )
    page = authorize_url(settings.url, sandbox=settings.sandbox)
    return authorizing(
        around.context,
        _app(settings, around),
        page,
        revealed(settings.refresh_token),
        scopes=("api", "refresh_token"),
        account=_account,
    )


async def _account(granted: Granted) -> str | None:
    return urlsplit(str(granted.answer.get("instance_url") or "")).hostname


def _app(settings: SalesforceSettings, around: Surroundings) -> OAuthApp:
    secret = settings.client_secret
    assertion = _assertion(settings, around) if settings.username is not None else None
    return OAuthApp(
        token_url(settings.url, sandbox=settings.sandbox),
        settings.client_id or "",
        secret.get_secret_value() if secret is not None else "",
        assertion=assertion,
        subject=assertion.subject if assertion is not None else (),
        advice=_advice,
    )


def _assertion(settings: SalesforceSettings, around: Surroundings) -> Assertion:
    whom = audience(settings.url, sandbox=settings.sandbox)
    return Assertion(_key(settings, around), settings.client_id or "", settings.username or "", whom)


def _key(settings: SalesforceSettings, around: Surroundings) -> Key:
    if settings.private_key is not None:
        return Key("private_key", pem=settings.private_key.get_secret_value())
    return Key("private_key_file", around.context.directory / (settings.private_key_file or ""))


def _advice(answer: Answer) -> str | None:
    """Return what to do about a refusal, by what Salesforce says of it."""
    data = answer.data if isinstance(answer.data, dict) else {}
    said = f"{data.get('error')} {data.get('error_description')}".lower()
    return next((advice for words, advice in _ADVICE.items() if words in said), None)
