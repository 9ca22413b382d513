"""The `auth:` block: each kind with its own settings, and what it makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Field, SecretStr, model_validator

from sources._crm.access import authorizing
from sources._rest.secrets import MaybeEmptySecret, Secret, revealed
from sources._rest.urls import Url  # noqa: TC001 pydantic reads it
from sources.base import SourceSettings
from sources.errors import BadConfig
from sources.http import Auth, ClientOptions, Clock, HeaderAuth, NoAuth, QueryAuth, basic, bearer
from sources.oauth import OAuth, OAuthApp, token_store

if TYPE_CHECKING:
    from datetime import timedelta

    from sources.base import SourceContext
    from sources.oauth import OAuthFlow


@dataclass(frozen=True, slots=True)
class AuthContext:
    """What OAuth needs to know beside its own settings."""

    source: SourceContext
    clock: Clock
    timeout: timedelta


class _Settings(SourceSettings):
    """Base of all kinds: errors about them never repeat what was given."""

    model_config = ConfigDict(hide_input_in_errors=True)


class NoneAuth(_Settings):
    """The API asks for no credentials."""

    type: Literal["none"] = Field("none", description="No credentials are sent.")

    def make(self, context: AuthContext) -> Auth:
        """Return what signs the requests."""
        del context
        return NoAuth()


class BearerAuth(_Settings):
    """A token in the Authorization header."""

    type: Literal["bearer"] = Field(description="Sends `Authorization: Bearer TOKEN`.")
    token: Secret = Field(description="The access token or API key.", examples=["${CRM_TOKEN}"])
    scheme: str = Field(
        "Bearer",
        description="The word before the token; some vendors want another.",
        examples=["Token", "Zoho-oauthtoken"],
    )

    def make(self, context: AuthContext) -> Auth:
        """Return what signs the requests."""
        del context
        return bearer(self.token.get_secret_value(), self.scheme)


class HeaderKeyAuth(_Settings):
    """A key in a header of the vendor's own."""

    type: Literal["header"] = Field(description="Sends the key in a header.")
    name: str = Field(description="Name of the header.", examples=["X-Api-Key"])
    value: Secret = Field(description="The key.", examples=["${CRM_KEY}"])

    def make(self, context: AuthContext) -> Auth:
        """Return what signs the requests."""
        del context
        return HeaderAuth(self.name, self.value.get_secret_value())


class QueryKeyAuth(_Settings):
    """A key in the query."""

    type: Literal["query"] = Field(description="Sends the key as a query parameter, which servers log.")
    name: str = Field(description="Name of the parameter.", examples=["api_token"])
    value: Secret = Field(description="The key.", examples=["${CRM_KEY}"])

    def make(self, context: AuthContext) -> Auth:
        """Return what signs the requests."""
        del context
        return QueryAuth(self.name, self.value.get_secret_value())


class BasicAuth(_Settings):
    """User name and password."""

    type: Literal["basic"] = Field(description="Sends HTTP Basic authentication.")
    username: Secret = Field(description="User name; for some vendors the API key.", examples=["${CRM_KEY}"])
    password: MaybeEmptySecret = Field(
        SecretStr(""),
        description="Password; empty where the user name is the API key.",
        examples=["${CRM_PW}"],
    )

    def make(self, context: AuthContext) -> Auth:
        """Return what signs the requests."""
        del context
        return basic(self.username.get_secret_value(), self.password.get_secret_value())


class _OAuthSettings(_Settings):
    """What both OAuth grants share."""

    token_url: Url = Field(
        description="Where access tokens are asked for.", examples=["https://auth.example.com/oauth/token"]
    )
    client_id: str = Field(
        description="The id of your application at the vendor.", examples=["${CRM_CLIENT_ID}"]
    )
    client_secret: Secret | None = Field(
        None,
        description="The secret of your application; left out for a public client, which has none.",
        examples=["${CRM_CLIENT_SECRET}"],
    )
    scope: str = Field("", description="What to ask access to, space-separated.", examples=["contacts.read"])
    extra: dict[str, MaybeEmptySecret] = Field(
        default_factory=dict,
        description="Further form fields of the token request.",
        examples=[{"audience": "https://api.example.com"}],
    )
    client_auth: Literal["body", "basic"] = Field(
        "body",
        description="Whether id and secret go into the form or into a Basic header.",
        examples=["basic"],
    )
    scheme: str = Field(
        "Bearer", description="The word before the access token.", examples=["Zoho-oauthtoken"]
    )

    def app(self) -> OAuthApp:
        """Return what the vendor knows us by."""
        return OAuthApp(
            self.token_url,
            self.client_id,
            revealed(self.client_secret) or "",
            self.scope,
            {name: value.get_secret_value() for name, value in self.extra.items()},
            self.client_auth,
        )


class ClientCredentialsAuth(_OAuthSettings):
    """OAuth for a program that acts for itself."""

    type: Literal["oauth2_client_credentials"] = Field(description="OAuth 2.0 client credentials grant.")
    client_secret: Secret = Field(
        description="The secret of your application.", examples=["${CRM_CLIENT_SECRET}"]
    )

    def make(self, context: AuthContext) -> Auth:
        """Return what signs the requests."""
        return OAuth.client_credentials(
            self.app(),
            owner=context.source.name,
            scheme=self.scheme,
            options=ClientOptions(timeout=context.timeout),
            clock=context.clock,
        )


class RefreshTokenAuth(_OAuthSettings):
    """OAuth for a program that a person has authorised."""

    type: Literal["oauth2_refresh_token"] = Field(description="OAuth 2.0 refresh token grant.")
    refresh_token: Secret | None = Field(
        None,
        description="From the authorisation; not needed after `leadrelay auth`. A new one that the vendor "
        "sends is kept in the cache.",
        examples=["${CRM_REFRESH_TOKEN}"],
    )
    authorize_url: Url | None = Field(
        None,
        description="The vendor's page where a person says yes, for `leadrelay auth`.",
        examples=["https://auth.example.com/oauth/authorize"],
    )
    authorize_params: dict[str, str] = Field(
        default_factory=dict,
        description="Further parameters of that page.",
        examples=[{"access_type": "offline", "prompt": "consent"}],
    )

    @model_validator(mode="after")
    def _can_be_had(self) -> RefreshTokenAuth:
        if self.refresh_token is None and self.authorize_url is None:
            raise ValueError("it needs a refresh_token, or an authorize_url for `leadrelay auth`")
        return self

    @property
    def _token(self) -> str | None:
        return revealed(self.refresh_token)

    def flow(self, source: SourceContext) -> OAuthFlow:
        """Return how a person authorises it in a browser.

        Raises:
            BadConfig: when it is not said where, or a refresh token is given.

        """
        if self.authorize_url is None:
            raise BadConfig("give authorize_url, the vendor's page where a person says yes", "auth")
        more = {"scopes": self.scope.split(), "parameters": self.authorize_params}
        return authorizing(source, self.app(), self.authorize_url, self._token, **more)

    def make(self, context: AuthContext) -> Auth:
        """Return what signs the requests."""
        app, token = self.app(), self._token
        return OAuth(
            app,
            refresh_token=token,
            store=token_store(context.source.cache, context.source.name, app, token),
            scheme=self.scheme,
            options=ClientOptions(timeout=context.timeout),
            clock=context.clock,
        )


AuthSettings: TypeAlias = Annotated[
    NoneAuth
    | BearerAuth
    | HeaderKeyAuth
    | QueryKeyAuth
    | BasicAuth
    | ClientCredentialsAuth
    | RefreshTokenAuth,
    Field(discriminator="type"),
]
