"""What may stand in connector.yaml under `type: housecallpro`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sources._crm.settings import TIMEOUT, CrmSettings, pace
from sources._rest.secrets import Secret  # noqa: TC001 pydantic reads it
from sources._rest.urls import Url  # noqa: TC001 pydantic reads it
from sources.units import Duration, RateLimit  # noqa: TC001 pydantic reads it


class HousecallproSettings(CrmSettings):
    """Which company to read, and how to get in."""

    api_key: Secret = Field(
        description="An API key of the company, which its MAX plan allows, or that of an application.",
        examples=["${HOUSECALLPRO_API_KEY}"],
    )
    company_id: str | None = Field(
        None,
        min_length=1,
        description="With the key of an application, or for one of several locations: whose data to read.",
        examples=["${HOUSECALLPRO_COMPANY_ID}"],
    )
    object: Literal["leads", "customers"] = Field(
        "leads",
        description="What to read: leads, each with its customer; or customers.",
        examples=["customers"],
    )
    base_url: Url = Field(
        "https://api.housecallpro.com",
        description="Where the API is.",
        examples=["https://api.housecallpro.com"],
    )
    rate_limit: RateLimit = pace(
        "5/s", "At most so many requests in so long; Housecall Pro does not say what it allows.", "2/s"
    )
    timeout: Duration = TIMEOUT
