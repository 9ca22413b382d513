"""An app that a person lets into a Jobber account, and its tokens: a refresh token is good for one use."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sources._crm.access import authorizing
from sources._crm.sparing import SparingOAuth
from sources._jobber.queries import ACCOUNT
from sources._rest.secrets import revealed
from sources.errors import SourceError
from sources.http import ApiClient, Call, ClientOptions, bearer
from sources.oauth import OAuthApp, token_store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sources._crm.access import Surroundings
    from sources._jobber.settings import JobberSettings
    from sources.base import SourceContext
    from sources.oauth import Granted, OAuthFlow

#: The header that every request to the API needs.
VERSION_HEADER: Final = "x-jobber-graphql-version"
#: An access token is good for an hour. More of them than this are a sign that something uses them up.
_MOST: Final = 20
_WITHIN: Final = timedelta(hours=1)


class JobberOAuth(SparingOAuth):
    """As `SparingOAuth`, and knows how long a token lasts, which only the token itself says."""

    async def _request(self, refresh_token: str | None) -> Granted:
        granted = await super()._request(refresh_token)
        return replace(
            granted, lifetime=min(granted.lifetime, _life_of(granted, self._clock.now().timestamp()))
        )


def access(settings: JobberSettings, around: Surroundings) -> JobberOAuth:
    """Return what signs requests; nothing is asked for yet."""
    app, refresh_token = _app(settings), revealed(settings.refresh_token)
    return JobberOAuth(
        app,
        refresh_token,
        token_store(around.context.cache, around.context.name, app, refresh_token),
        most=_MOST,
        within=_WITHIN,
        cache=around.context.cache,
        options=around.options,
        clock=around.clock,
    )


def flow_of(settings: JobberSettings, context: SourceContext) -> OAuthFlow:
    """Return how a person lets our app in. What it may read is said where it is registered.

    Raises:
        BadConfig: when there is a refresh token in the settings already.

    """
    told = revealed(settings.refresh_token)
    return authorizing(context, _app(settings), settings.authorize_url, told, account=_account(settings))


def _app(settings: JobberSettings) -> OAuthApp:
    secret = settings.client_secret.get_secret_value()
    return OAuthApp(f"{settings.base}/oauth/token", settings.client_id, secret)


def _account(settings: JobberSettings) -> Callable[[Granted], Awaitable[str | None]]:
    """Return what asks Jobber whose account it is. It is no matter if it does not say."""

    async def ask(granted: Granted) -> str | None:
        options = ClientOptions(headers={VERSION_HEADER: settings.api_version})
        client = ApiClient(settings.base, bearer(granted.access_token), options)
        try:
            answer = await client.request(Call(f"{settings.base}/graphql", "POST", body={"query": ACCOUNT}))
            return str(answer.data["data"]["account"]["name"])
        except (SourceError, LookupError, TypeError):
            return None
        finally:
            await client.close()

    return ask


def _life_of(granted: Granted, now: float) -> float:
    """Return the seconds that an access token, a JWT, says it lasts; else what the answer says."""
    said = _claims(granted.access_token)
    ends, begins = said.get("exp"), said.get("iat", now)
    if not isinstance(ends, (int, float)) or not isinstance(begins, (int, float)) or ends <= begins:
        return granted.lifetime
    return float(ends - begins)


def _claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1] if token.count(".") == 2 else ""  # noqa: PLR2004
    try:
        said = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
