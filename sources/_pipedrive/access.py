"""From settings to what signs requests: a user's token, or an app that a company lets in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sources._crm.access import Surroundings, authorizing, refreshing
from sources.errors import BadConfig
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
    return refreshing(around, _app(settings), _refresh_token(settings))


def flow_of(settings: PipedriveSettings, context: SourceContext) -> OAuthFlow:
    """Return how a person lets our app into their company. Its scopes are chosen where it is registered.

    Raises:
        BadConfig: when the settings give another way in.

    """
    told = _refresh_token(settings)
    return authorizing(context, _app(settings), settings.authorize_url, told, account=_account)


async def _account(granted: Granted) -> str | None:
    return urlsplit(str(granted.answer.get("api_domain") or "")).hostname


def _app(settings: PipedriveSettings) -> OAuthApp:
    if settings.client_id is None or settings.client_secret is None:
        raise BadConfig("it needs a client_id and a client_secret, in the place of a token", "token")
    secret = settings.client_secret.get_secret_value()
    return OAuthApp(settings.token_url, settings.client_id, secret, client_auth="basic")


def _refresh_token(settings: PipedriveSettings) -> str | None:
    return settings.refresh_token.get_secret_value() if settings.refresh_token is not None else None
