"""Access by a refresh token that a person has given, kept safe where the vendor replaces it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sources._rest.secrets import revealed
from sources.errors import BadConfig
from sources.http import ClientOptions
from sources.oauth import OAuth, OAuthFlow, token_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from pydantic import SecretStr

    from sources.base import SourceContext
    from sources.errors import SourceError
    from sources.http import Answer, Clock
    from sources.oauth import OAuthApp


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What getting tokens needs to know beside an adapter's own settings."""

    context: SourceContext
    clock: Clock
    timeout: timedelta
    #: See `ClientOptions.explain`.
    explain: Callable[[Answer, SourceError], SourceError] | None = None

    @property
    def options(self) -> ClientOptions:
        """How the token endpoint is asked."""
        return ClientOptions(timeout=self.timeout, explain=self.explain)


class NamesAnApp(Protocol):
    """Settings by which a vendor may know an application of ours."""

    @property
    def client_id(self) -> str | None:
        """Its id."""

    @property
    def client_secret(self) -> SecretStr | None:
        """Its secret."""


def app_credentials(
    settings: NamesAnApp, other: str, setting: str, *, public: bool = False
) -> tuple[str, str]:
    """Return the id and the secret of our application.

    Args:
        settings: the adapter's.
        other: what is given in their place, for people.
        setting: what that is called in the settings.
        public: whether the vendor lets in applications that have no secret; it is empty then.

    Raises:
        BadConfig: when they are not given.

    """
    secret = revealed(settings.client_secret)
    if settings.client_id is None or (secret is None and not public):
        needed = "a client_id" if public else "a client_id and a client_secret"
        raise BadConfig(f"it needs {needed}, in the place of a {other}", setting)
    return settings.client_id, secret or ""


def authorizing(
    context: SourceContext, app: OAuthApp, authorize_url: str, refresh_token: str | None, **more: Any
) -> OAuthFlow:
    """Return how a person authorises this app in a browser, for `leadrelay auth`.

    Args:
        context: where the adapter runs.
        app: what the vendor knows our application by.
        authorize_url: the vendor's page where a person says yes.
        refresh_token: as it stands in the settings.
        more: see `OAuthFlow`.

    Raises:
        BadConfig: when there is a refresh token in the settings, which would count.

    """
    if refresh_token is not None:
        raise BadConfig(
            "what stands in connector.yaml counts: take refresh_token out of it, then authorise",
            "refresh_token",
        )
    store = token_store(context.cache, context.name, app, None)
    return OAuthFlow(app=app, authorize_url=authorize_url, store=store, **more)


def refreshing(
    around: Surroundings, app: OAuthApp, refresh_token: str | None, scheme: str = "Bearer"
) -> OAuth:
    """Return what signs requests with access tokens from a refresh token.

    Args:
        around: where the adapter runs.
        app: what the vendor knows our application by.
        refresh_token: as it stands in the settings; a newer one that was kept is used in its place.
            None: the one that `leadrelay auth` kept.
        scheme: the word before the access token.

    """
    return OAuth.refreshing(
        app,
        refresh_token,
        token_store(around.context.cache, around.context.name, app, refresh_token),
        scheme=scheme,
        options=around.options,
        clock=around.clock,
    )
