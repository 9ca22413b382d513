"""From settings to what signs requests: a private integration's token, or an app that a person lets in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sources._crm.access import Surroundings, app_credentials, authorizing
from sources._crm.sparing import SparingOAuth
from sources._gohighlevel.failures import SCOPE
from sources._rest.secrets import revealed
from sources.http import bearer
from sources.oauth import OAuthApp, token_store

if TYPE_CHECKING:
    from sources._gohighlevel.settings import GohighlevelSettings
    from sources.base import SourceContext
    from sources.http import Auth
    from sources.oauth import OAuthFlow

#: An access token is good for a day. More of them than this are a sign that something uses them up.
_MOST: Final = 20
_WITHIN: Final = timedelta(hours=1)


def access(settings: GohighlevelSettings, around: Surroundings) -> Auth:
    """Return what signs requests; nothing is asked for yet."""
    if settings.token is not None:
        return bearer(settings.token.get_secret_value())
    app, refresh_token = _app(settings), revealed(settings.refresh_token)
    store = token_store(around.context.cache, around.context.name, app, refresh_token)
    return SparingOAuth(
        app,
        refresh_token,
        store,
        most=_MOST,
        within=_WITHIN,
        cache=around.context.cache,
        options=around.options,
        clock=around.clock,
    )


def flow_of(settings: GohighlevelSettings, context: SourceContext) -> OAuthFlow:
    """Return how a person lets our app in.

    Raises:
        BadConfig: when the settings give another way in.

    """
    told = revealed(settings.refresh_token)
    return authorizing(context, _app(settings), settings.authorize_url, told, scopes=[SCOPE])


def _app(settings: GohighlevelSettings) -> OAuthApp:
    url = f"{settings.base_url.rstrip('/')}/oauth/token"
    return OAuthApp(url, *app_credentials(settings, "token", "token"), extra={"user_type": "Location"})
