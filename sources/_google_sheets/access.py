"""From settings to tokens: a service account, or a refresh token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sources._crm.access import Surroundings, authorizing, refreshing
from sources._google_sheets.account import SCOPES, ServiceAccount
from sources._rest.secrets import revealed
from sources.errors import BadConfig
from sources.oauth import OAuth, OAuthApp

if TYPE_CHECKING:
    from sources._google_sheets.settings import GoogleSheetsSettings
    from sources.base import SourceContext
    from sources.http import Answer
    from sources.oauth import OAuthFlow

#: What Google says in a sentence of its own, and what to do about it.
_ADVICE: Final = {
    "short-lived": "the JWT's times are not taken: this machine's clock is off",
    "signature": "the key is not one of the account's any more; make a new one in the Google Cloud console",
    "account not found": "the service account is not there any more",
    "expired or revoked": "the refresh token was revoked or has expired; authorise again. Google lets those "
    "of an app that is in testing expire after 7 days: publish the app",
    "deleted_client": "the OAuth client was deleted in the Google Cloud console",
}


def account_of(settings: GoogleSheetsSettings, around: Surroundings) -> ServiceAccount | None:
    """Return the service account that the settings name; None with OAuth."""
    if settings.service_account_file is not None:
        file = around.context.directory / settings.service_account_file
        return ServiceAccount(settings.token_url, file=file)
    if settings.service_account is not None:
        return ServiceAccount(settings.token_url, text=settings.service_account.get_secret_value())
    return None


def access(settings: GoogleSheetsSettings, around: Surroundings, account: ServiceAccount | None) -> OAuth:
    """Return what signs requests; nothing is asked for yet."""
    if account is not None:
        app = OAuthApp(settings.token_url, "", "", assertion=account, subject=account.subject, advice=_advice)
        return OAuth.asserting(app, owner=around.context.name, options=around.options, clock=around.clock)
    return refreshing(around, _app(settings), revealed(settings.refresh_token))


def flow_of(settings: GoogleSheetsSettings, context: SourceContext) -> OAuthFlow:
    """Return how a person authorises our client.

    Raises:
        BadConfig: when the settings give another way in.

    """
    return authorizing(
        context,
        _app(settings),
        settings.authorize_url,
        revealed(settings.refresh_token),
        scopes=SCOPES,
        parameters={"access_type": "offline", "prompt": "consent"},  # or there is no refresh token
    )


def _app(settings: GoogleSheetsSettings) -> OAuthApp:
    secret = settings.client_secret
    if settings.client_id is None or secret is None:
        text = "a service account needs no person; for one, give client_id and client_secret"
        raise BadConfig(text, "service_account_file" if settings.service_account_file else "service_account")
    return OAuthApp(settings.token_url, settings.client_id, secret.get_secret_value(), advice=_advice)


def _advice(answer: Answer) -> str | None:
    """Return what to do about a refusal, by what Google says of it."""
    data = answer.data if isinstance(answer.data, dict) else {}
    said = f"{data.get('error')} {data.get('error_description')}".lower()
    return next((advice for words, advice in _ADVICE.items() if words in said), None)
