"""Microsoft Entra ID: the settings and the tokens by which Microsoft's systems let us in.

class ThatSettings(EntraSettings): ...

auth = access(settings, around, "https://graph.microsoft.com")
flow = flow_of(settings, around, "https://graph.microsoft.com", ["https://graph.microsoft.com/Files.Read.All"])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from sources._crm.access import authorizing, refreshing
from sources._crm.settings import CrmSettings, Ways
from sources._microsoft.refusals import advice, advice_on
from sources._rest.secrets import Secret, revealed
from sources._rest.urls import Url
from sources.errors import BadConfig
from sources.oauth import OAuth, OAuthApp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources._crm.access import Surroundings
    from sources.oauth import OAuthFlow

#: Where tokens are given, by how the host ends that they are for: the national clouds have their own.
_CLOUDS: Final = {
    ".us": "https://login.microsoftonline.us",
    ".cn": "https://login.partner.microsoftonline.cn",
}
_EVERYWHERE: Final = "https://login.microsoftonline.com"
#: Words in the place of a tenant. A program that acts for itself belongs to one.
_NO_TENANT: Final = frozenset({"common", "organizations", "consumers"})
_APP: Final = ("tenant", "client_id", "client_secret")


def over_tls(value: str) -> str:
    """Return a URL to which secrets may go: over TLS, or without leaving this machine.

    Raises:
        ValueError: when it is another; says what one looks like.

    """
    parts = urlsplit(value)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise ValueError("it must begin with https://, or secrets would go there in the clear")
    return value.rstrip("/")


#: The address of something that secrets are sent to, without a slash at its end.
SecureUrl = Annotated[Url, AfterValidator(over_tls)]


class EntraSettings(CrmSettings):
    """Base of the settings of systems that Entra ID guards."""

    ways: ClassVar[Ways] = (_APP, (*_APP, "authorized"), (*_APP, "refresh_token"))

    tenant: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$",
        description="The directory (tenant) id of your organisation in Entra ID, or a domain of it.",
        examples=["${ENTRA_TENANT}", "contoso.onmicrosoft.com"],
    )
    client_id: str | None = Field(
        None,
        description="The application (client) id of your app registration.",
        examples=["${ENTRA_CLIENT_ID}"],
    )
    client_secret: Secret | None = Field(
        None,
        description="The value of one of its client secrets, not the secret's id.",
        examples=["${ENTRA_CLIENT_SECRET}"],
    )
    authorized: Literal[True] | None = Field(
        None,
        description="True: a person authorises it by `leadrelay auth`; it then sees what that person sees.",
        examples=[True],
    )
    refresh_token: Secret | None = Field(
        None,
        description="From the authorisation by a person elsewhere. A new one that Microsoft sends is kept.",
        examples=["${ENTRA_REFRESH_TOKEN}"],
    )
    login_url: SecureUrl | None = Field(
        None,
        description="Where tokens are given. Left out, login.microsoftonline.com, or that of the national "
        "cloud.",
        examples=["https://login.microsoftonline.us"],
    )

    @model_validator(mode="after")
    def _of_one_tenant(self) -> Self:
        if not self.acts_for_a_person and (self.tenant or "").lower() in _NO_TENANT:
            raise ValueError(f"`tenant: {self.tenant}` names no organisation; give its id or its domain")
        return self

    @property
    def acts_for_a_person(self) -> bool:
        """Whether it is let in by a person, and not for itself."""
        return self.authorized is not None or self.refresh_token is not None


def access(settings: EntraSettings, around: Surroundings, resource: str, scopes: Sequence[str] = ()) -> OAuth:
    """Return what signs requests; nothing is asked for yet.

    Args:
        settings: the adapter's.
        around: where the adapter runs.
        resource: scheme and host of what the tokens are for, as in ``https://graph.microsoft.com``.
        scopes: what to ask of a person; none: all that the app registration says. Unused without a person.

    """
    app = _app(settings, resource, scopes)
    if settings.acts_for_a_person:
        return refreshing(around, app, revealed(settings.refresh_token))
    return OAuth.client_credentials(
        app, owner=around.context.name, options=around.options, clock=around.clock
    )


def flow_of(
    settings: EntraSettings, around: Surroundings, resource: str, scopes: Sequence[str] = ()
) -> OAuthFlow:
    """Return how a person lets our app in; arguments as for `access`.

    Raises:
        BadConfig: when the settings give another way in.

    """
    if not settings.acts_for_a_person:
        raise BadConfig("it is let in without a person; for one, add `authorized: true`")
    app = _app(settings, resource, scopes)
    return authorizing(
        around.context,
        app,
        f"{_authority(settings, resource)}/authorize",
        revealed(settings.refresh_token),
        scopes=app.scope.split(),
        meant=advice_on,
        parameters={"prompt": "select_account"},
    )


def _app(settings: EntraSettings, resource: str, scopes: Sequence[str]) -> OAuthApp:
    asked = [f"{resource}/.default"]
    if settings.acts_for_a_person:
        asked = [*(scopes or asked), "offline_access"]  # without it there is no refresh token
    return OAuthApp(
        f"{_authority(settings, resource)}/token",
        settings.client_id or "",
        revealed(settings.client_secret) or "",
        scope=" ".join(asked),
        advice=advice,
    )


def _authority(settings: EntraSettings, resource: str) -> str:
    host = urlsplit(resource).hostname or ""
    cloud = next((login for end, login in _CLOUDS.items() if host.endswith(end)), _EVERYWHERE)
    return f"{settings.login_url or cloud}/{settings.tenant}/oauth2/v2.0"
