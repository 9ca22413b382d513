"""What may stand in connector.yaml under `type: hubspot`."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

from pydantic import Field

from sources._crm.settings import TIMEOUT, CrmSettings, Ways, or_by_an_app, pace
from sources._rest.secrets import Secret  # noqa: TC001 pydantic reads it
from sources._rest.urls import Url  # noqa: TC001 pydantic reads it
from sources.units import Duration, RateLimit  # noqa: TC001 pydantic reads it

#: A lead of HubSpot has no name, phone or e-mail of its own: its contact has them.
_OF_LEADS: Final = {"contacts": ["firstname", "lastname", "email", "phone", "mobilephone"]}
_TYPE: Final = r"^[A-Za-z0-9_-]+$"

ObjectType = Annotated[str, Field(pattern=_TYPE)]


class HubspotSettings(CrmSettings):
    """Which objects of which account to read, and how to get in."""

    ways: ClassVar[Ways] = or_by_an_app("token")

    token: Secret | None = Field(
        None, description="The access token of a private app.", examples=["${HUBSPOT_TOKEN}"]
    )
    client_id: str | None = Field(
        None,
        description="With OAuth in the place of a token: the id of your app.",
        examples=["${HUBSPOT_CLIENT_ID}"],
    )
    client_secret: Secret | None = Field(
        None, description="With OAuth: the secret of your app.", examples=["${HUBSPOT_CLIENT_SECRET}"]
    )
    refresh_token: Secret | None = Field(
        None,
        description="With OAuth: from the authorisation by the account. Not needed after `leadrelay auth`.",
        examples=["${HUBSPOT_REFRESH_TOKEN}"],
    )
    scopes: list[str] | None = Field(
        None,
        description="What `leadrelay auth` asks for: those of your app. Left out, to read these objects.",
        examples=[["oauth", "crm.objects.contacts.read"]],
    )
    authorize_url: Url = Field(
        "https://app.hubspot.com/oauth/authorize",
        description="The page that `leadrelay auth` opens.",
        examples=["https://app-eu1.hubspot.com/oauth/authorize"],
    )
    object: ObjectType = Field(
        "contacts",
        description="What to read: contacts, leads, deals, or the type id of a custom object.",
        examples=["leads", "2-3456789"],
    )
    associated: dict[ObjectType, list[str]] | None = Field(
        None,
        description=(
            "Further objects to read with each one, and the properties of theirs: they stand in a list "
            "under the name of their type. Left out, leads come with their contacts."
        ),
        examples=[{"contacts": ["firstname", "phone"]}],
    )
    archived: bool = Field(
        default=False,
        description="Whether to read deleted ones too, with `archived: true`. All of them at every poll.",
    )
    base_url: Url = Field(
        "https://api.hubapi.com",
        description="Where the API is.",
        examples=["https://api.hubapi.com"],
    )
    rate_limit: RateLimit = pace(
        "100/10s", "At most so many requests in so long; searches are counted apart.", "190/10s"
    )
    search_rate_limit: RateLimit = pace(
        "4/s", "At most so many searches in so long; HubSpot allows 5/s to the whole account.", "2/s"
    )
    timeout: Duration = TIMEOUT

    @property
    def modified(self) -> str:
        """The property with the time of the last change: contacts have a name of their own for it."""
        return "lastmodifieddate" if self.object in ("contacts", "contact", "0-1") else "hs_lastmodifieddate"

    @property
    def joined(self) -> dict[str, list[str]]:
        """What is read along with each object: properties by type."""
        if self.associated is None:
            return _OF_LEADS if self.object in ("leads", "lead", "0-136") else {}
        return self.associated
