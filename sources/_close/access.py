"""From settings to what signs requests: a user's key, or an app that an organisation lets in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources._crm.access import Surroundings, authorizing, refreshing
from sources.errors import BadConfig
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
    return refreshing(around, _app(settings), _refresh_token(settings))


def flow_of(settings: CloseSettings, context: SourceContext) -> OAuthFlow:
    """Return how a person lets our app into their organisation. All apps have the same two scopes.

    Raises:
        BadConfig: when the settings give another way in.

    """
    told = _refresh_token(settings)
    return authorizing(context, _app(settings), settings.authorize_url, told, account=_account)


async def _account(granted: Granted) -> str | None:
    told = granted.answer.get("organization_id")
    return str(told) if told else None


def _app(settings: CloseSettings) -> OAuthApp:
    if settings.client_id is None or settings.client_secret is None:
        raise BadConfig("it needs a client_id and a client_secret, in the place of a key", "api_key")
    url = f"{settings.base_url.rstrip('/')}/oauth2/token/"
    return OAuthApp(url, settings.client_id, settings.client_secret.get_secret_value())


def _refresh_token(settings: CloseSettings) -> str | None:
    return settings.refresh_token.get_secret_value() if settings.refresh_token is not None else None
