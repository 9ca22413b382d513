"""From settings to what signs requests: a personal access token, or an integration that a person lets in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sources._crm.access import Surroundings, app_credentials, authorizing, refreshing
from sources._rest.secrets import revealed
from sources.http import bearer
from sources.oauth import OAuthApp

if TYPE_CHECKING:
    from sources._airtable.settings import AirtableSettings
    from sources.base import SourceContext
    from sources.http import Answer, Auth
    from sources.oauth import OAuthFlow

#: To read records, and the fields of tables.
SCOPES: Final = ("data.records:read", "schema.bases:read")
_ADVICE: Final = {
    "invalid_grant": "the refresh token was used already, was revoked, or was left unused for 60 days; "
    "authorise again",
    "invalid_client": "the client id or the client secret is wrong; once a secret was made for an "
    "integration, it is needed",
}


def access(settings: AirtableSettings, around: Surroundings) -> Auth:
    """Return what signs requests; nothing is asked for yet."""
    if settings.token is not None:
        return bearer(settings.token.get_secret_value())
    return refreshing(around, _app(settings), revealed(settings.refresh_token))


def flow_of(settings: AirtableSettings, context: SourceContext) -> OAuthFlow:
    """Return how a person lets our integration into bases.

    Raises:
        BadConfig: when the settings give another way in.

    """
    told = revealed(settings.refresh_token)
    return authorizing(context, _app(settings), settings.authorize_url, told, scopes=SCOPES)


def _app(settings: AirtableSettings) -> OAuthApp:
    credentials = app_credentials(settings, "token", "token", public=True)
    return OAuthApp(settings.token_url, *credentials, client_auth="basic", advice=_advice)


def _advice(answer: Answer) -> str | None:
    data = answer.data if isinstance(answer.data, dict) else {}
    return _ADVICE.get(str(data.get("error")))
