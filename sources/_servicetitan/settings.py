"""What may stand in connector.yaml under `type: servicetitan`."""

from __future__ import annotations

from typing import Final, Literal, Self

from pydantic import Field, model_validator

from sources._crm.settings import TIMEOUT, CrmSettings, pace
from sources._rest.secrets import Secret  # noqa: TC001 pydantic reads it
from sources._rest.urls import Url  # noqa: TC001 pydantic reads it
from sources.units import Duration, RateLimit  # noqa: TC001 pydantic reads it

#: Where the API is, and where its tokens come from.
_HOMES: Final = {
    "production": ("https://api.servicetitan.io", "https://auth.servicetitan.io"),
    "integration": ("https://api-integration.servicetitan.io", "https://auth-integration.servicetitan.io"),
}
#: The path of tokens there.
TOKENS: Final = "/connect/token"


class ServicetitanSettings(CrmSettings):
    """Which tenant to read, and how to get in: as the company, and as the app."""

    tenant: int = Field(gt=0, description="The number of the company, its tenant id.", examples=[1234567890])
    client_id: str = Field(
        min_length=1,
        description="The company's client id for your app, from its settings under API Application Access.",
        examples=["${SERVICETITAN_CLIENT_ID}"],
    )
    client_secret: Secret = Field(
        description="The client secret that belongs to it.", examples=["${SERVICETITAN_CLIENT_SECRET}"]
    )
    app_key: Secret = Field(
        description="The key of your app, from the developer portal. It is the same for every company.",
        examples=["${SERVICETITAN_APP_KEY}"],
    )
    object: Literal["leads", "customers"] = Field(
        "leads",
        description="What to read: leads, each with its customer; or customers, inactive ones too.",
        examples=["customers"],
    )
    export: bool = Field(
        default=False,
        description=(
            "Whether to read by ServiceTitan's export feed in the place of its lists. "
            "A backfill is read by the lists all the same."
        ),
        examples=[True],
    )
    include_deleted: bool = Field(
        default=False,
        description="With `export`: whether to read leads too that were deleted, with `active: false`.",
    )
    environment: Literal["production", "integration"] = Field(
        "production",
        description="Whether to read what the company works with, or ServiceTitan's place for trying things.",
        examples=["integration"],
    )
    base_url: Url | None = Field(
        None,
        description="Where the API is, if not where the environment has it.",
        examples=["https://api.servicetitan.io"],
    )
    auth_url: Url | None = Field(
        None,
        description="Where tokens come from, if not from where the environment has it.",
        examples=["https://auth.servicetitan.io"],
    )
    rate_limit: RateLimit = pace(
        "30/s", "At most so many requests in so long; ServiceTitan allows 60/s to an app and tenant.", "10/s"
    )
    timeout: Duration = TIMEOUT

    @model_validator(mode="after")
    def _deleted_ones_are_in_the_feed(self) -> Self:
        if self.include_deleted and not (self.export and self.object == "leads"):
            raise ValueError(
                "`include_deleted` is about leads read by `export: true`; no list has deleted ones"
            )
        return self

    @property
    def api(self) -> str:
        """The address of the tenant's CRM."""
        base = (self.base_url or _HOMES[self.environment][0]).rstrip("/")
        return f"{base}/crm/v2/tenant/{self.tenant}"

    @property
    def token_url(self) -> str:
        """The address of tokens."""
        return f"{(self.auth_url or _HOMES[self.environment][1]).rstrip('/')}{TOKENS}"
