"""From settings to what signs requests: a user's token, or an app that a company lets in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sources._crm.access import Surroundings, app_credentials, authorizing, refreshing
from sources._rest.secrets import revealed
from sources.http import HeaderAuth
from sources.oauth import OAuthApp

if TYPE_CHECKING:
    from sources._pipedrive.settings import PipedriveSettings
    from sources.base import SourceContext
    from sources.http import Auth
    from sources.oauth import Granted, OAuthFlow


def access(settings: PipedriveSettings, around: Surroundings) -> Auth:
    """Return what signs requests; nothing is asked for yet."""
    if settings.token is not None:
        # In the query, as Pipedrive also takes it, it would stand in logs.
        return HeaderAuth("x-api-token", settings.token.get_secret_value())
    return refreshing(around, _app(settings), revealed(settings.refresh_token))


def flow_of(settings: PipedriveSettings, context: SourceContext) -> OAuthFlow:
    """Return how a person lets our app into their company. Its scopes are chosen where it is registered.

    Raises:
        BadConfig: when the settings give another way in.

    """
    told = revealed(settings.refresh_token)
    return authorizing(context, _app(settings), settings.authorize_url, told, account=_account)


async def _account(granted: Granted) -> str | None:
    return urlsplit(str(granted.answer.get("api_domain") or "")).hostname


def _app(settings: PipedriveSettings) -> OAuthApp:
    return OAuthApp(settings.token_url, *app_credentials(settings, "token", "token"), client_auth="basic")
