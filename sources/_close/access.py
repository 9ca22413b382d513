"""From settings to what signs requests: a user's key, or an app that an organisation lets in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources._crm.access import Surroundings, app_credentials, authorizing, refreshing
from sources._rest.secrets import revealed
from sources.http import basic
from sources.oauth import OAuthApp

if TYPE_CHECKING:
    from sources._close.settings import CloseSettings
    from sources.base import SourceContext
    from sources.http import Auth
    from sources.oauth import Granted, OAuthFlow


def access(settings: CloseSettings, around: Surroundings) -> Auth:
    """Return what signs requests; nothing is asked for yet."""
    if settings.api_key is not None:
        return basic(settings.api_key.get_secret_value(), "")
    return refreshing(around, _app(settings), revealed(settings.refresh_token))


def flow_of(settings: CloseSettings, context: SourceContext) -> OAuthFlow:
    """Return how a person lets our app into their organisation. All apps have the same two scopes.

    Raises:
        BadConfig: when the settings give another way in.

    """
    told = revealed(settings.refresh_token)
    return authorizing(context, _app(settings), settings.authorize_url, told, account=_account)


async def _account(granted: Granted) -> str | None:
    told = granted.answer.get("organization_id")
    return str(told) if told else None


def _app(settings: CloseSettings) -> OAuthApp:
    url = f"{settings.base_url.rstrip('/')}/oauth2/token/"
    return OAuthApp(url, *app_credentials(settings, "key", "api_key"))
