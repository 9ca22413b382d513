"""What may stand in connector.yaml under `type: airtable`."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from sources._crm.settings import TIMEOUT, CrmSettings, Ways, or_by_an_app, pace
from sources._rest.secrets import Secret  # noqa: TC001 pydantic reads it
from sources._rest.urls import Url  # noqa: TC001 pydantic reads it
from sources.units import Duration, RateLimit  # noqa: TC001 pydantic reads it


class AirtableSettings(CrmSettings):
    """Which table of which base to read, and how to get in."""

    ways: ClassVar[Ways] = or_by_an_app("token", public=True)

    token: Secret | None = Field(
        None,
        description="A personal access token with the scopes data.records:read and schema.bases:read, for "
        "this base.",
        examples=["${AIRTABLE_TOKEN}"],
    )
    client_id: str | None = Field(
        None,
        min_length=1,
        description="With OAuth in the place of a token: the id of your integration.",
        examples=["${AIRTABLE_CLIENT_ID}"],
    )
    client_secret: Secret | None = Field(
        None,
        description="With OAuth: its secret, if one was generated for it.",
        examples=["${AIRTABLE_CLIENT_SECRET}"],
    )
    refresh_token: Secret | None = Field(
        None,
        description="With OAuth: from the authorisation. Not needed after `leadrelay auth`. It is good for "
        "one use; those that replace it are kept.",
        examples=["${AIRTABLE_REFRESH_TOKEN}"],
    )
    base: str = Field(
        pattern=r"^app\w+$",
        description="The base's id, as in its address: airtable.com/app…",
        examples=["appAb1Cd2Ef3Gh4Ij"],
    )
    table: str = Field(min_length=1, description="The table, by its name or its id.", examples=["Leads"])
    changed: str | None = Field(
        None,
        min_length=1,
        description="A field of type `Last modified time` over all fields that matter. Left out, the whole "
        "table is read each time, and compared.",
        examples=["Last modified"],
    )
    filter: str | None = Field(
        None,
        min_length=1,
        description="A formula of Airtable's; records that fail it are never read.",
        examples=["{Status} = 'New'"],
    )
    base_url: Url = Field(
        "https://api.airtable.com", description="Where the API is.", examples=["https://api.airtable.com"]
    )
    token_url: Url = Field(
        "https://airtable.com/oauth2/v1/token",
        description="With OAuth: where access tokens come from.",
        examples=["https://airtable.com/oauth2/v1/token"],
    )
    authorize_url: Url = Field(
        "https://airtable.com/oauth2/v1/authorize",
        description="The page that `leadrelay auth` opens.",
        examples=["https://airtable.com/oauth2/v1/authorize"],
    )
    rate_limit: RateLimit = pace(
        "4/s", "At most so many requests in so long; Airtable allows a base five in a second.", "2/s"
    )
    timeout: Duration = TIMEOUT
