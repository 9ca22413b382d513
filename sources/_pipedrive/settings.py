"""What may stand in connector.yaml under `type: pipedrive`."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from sources._crm.settings import TIMEOUT, CrmSettings, Ways, or_by_an_app, pace
from sources._rest.secrets import Secret  # noqa: TC001 pydantic reads it
from sources._rest.urls import Url  # noqa: TC001 pydantic reads it
from sources.units import Duration, RateLimit  # noqa: TC001 pydantic reads it


class PipedriveSettings(CrmSettings):
    """Which objects of which company to read, and how to get in."""

    ways: ClassVar[Ways] = or_by_an_app("token")

    token: Secret | None = Field(
        None,
        description="A user's API token, from their personal preferences. It sees what the user sees.",
        examples=["${PIPEDRIVE_TOKEN}"],
    )
    client_id: str | None = Field(
        None,
        description="With OAuth in the place of a token: the id of your app.",
        examples=["${PIPEDRIVE_CLIENT_ID}"],
    )
    client_secret: Secret | None = Field(
        None, description="With OAuth: the secret of your app.", examples=["${PIPEDRIVE_CLIENT_SECRET}"]
    )
    refresh_token: Secret | None = Field(
        None,
        description="With OAuth: from the authorisation by the company. Not needed after `leadrelay auth`.",
        examples=["${PIPEDRIVE_REFRESH_TOKEN}"],
    )
    authorize_url: Url = Field(
        "https://oauth.pipedrive.com/oauth/authorize",
        description="The page that `leadrelay auth` opens.",
        examples=["https://oauth.pipedrive.com/oauth/authorize"],
    )
    object: Literal["leads", "persons"] = Field(
        "leads",
        description="What to read: leads, each with its person, who alone has name and phone; or persons.",
        examples=["persons"],
    )
    archived: bool = Field(
        default=False,
        description="Whether to read archived leads too, a list of their own, with `is_archived: true`.",
    )
    base_url: Url | None = Field(
        None,
        description=(
            "Where the API is. Left out: https://api.pipedrive.com; with OAuth your company's own address, "
            "as Pipedrive tells it."
        ),
        examples=["https://acme.pipedrive.com"],
    )
    token_url: Url = Field(
        "https://oauth.pipedrive.com/oauth/token",
        description="With OAuth: where access tokens come from.",
        examples=["https://oauth.pipedrive.com/oauth/token"],
    )
    rate_limit: RateLimit = pace(
        "18/2s", "At most so many requests in so long; the smallest plan allows 20 in two seconds.", "70/2s"
    )
    timeout: Duration = TIMEOUT

    @model_validator(mode="after")
    def _fits_together(self) -> PipedriveSettings:
        if self.archived and self.object != "leads":
            raise ValueError("`archived` is about leads; persons are not archived. Leave one of the two out")
        return self
