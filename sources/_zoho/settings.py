"""What may stand in connector.yaml under `type: zoho`."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from sources._crm.settings import TIMEOUT, CrmSettings, pace
from sources._rest.secrets import Secret  # noqa: TC001 pydantic reads it
from sources._rest.urls import Url  # noqa: TC001 pydantic reads it
from sources.units import Duration, RateLimit  # noqa: TC001 pydantic reads it

#: Where each data center gives tokens. Where its API is, comes with the token.
ACCOUNTS: Final = {
    "us": "https://accounts.zoho.com",
    "eu": "https://accounts.zoho.eu",
    "in": "https://accounts.zoho.in",
    "au": "https://accounts.zoho.com.au",
    "cn": "https://accounts.zoho.com.cn",
    "jp": "https://accounts.zoho.jp",
    "ca": "https://accounts.zohocloud.ca",
    "sa": "https://accounts.zoho.sa",
}


class ZohoSettings(CrmSettings):
    """Which records of which organisation to read, and how to get in."""

    client_id: str = Field(
        description="The id of your client (a self client will do), from the API console.",
        examples=["${ZOHO_CLIENT_ID}"],
    )
    client_secret: Secret = Field(
        description="The secret of your client.", examples=["${ZOHO_CLIENT_SECRET}"]
    )
    refresh_token: Secret | None = Field(
        None,
        description="From the authorisation, good until it is revoked. Not needed after `leadrelay auth`.",
        examples=["${ZOHO_REFRESH_TOKEN}"],
    )
    data_center: Literal["us", "eu", "in", "au", "cn", "jp", "ca", "sa"] = Field(
        "us",
        description="Where your account is: us when you sign in at zoho.com, eu at zoho.eu, and so on.",
        examples=["eu"],
    )
    module: str = Field(
        "Leads",
        pattern=r"^[A-Za-z0-9_]+$",
        description="What to read, by its API name: Leads, Contacts, or a module of your own.",
        examples=["Contacts"],
    )
    include_converted: bool = Field(
        default=False,
        description="Whether to read converted leads too, with `$converted: true`. Zoho leaves them out.",
    )
    base_url: Url | None = Field(
        None,
        description="Where the API is. Left out, Zoho says so with the access token.",
        examples=["https://www.zohoapis.eu"],
    )
    accounts_url: Url | None = Field(
        None,
        description="Where tokens come from. Left out, the place of `data_center`.",
        examples=["https://accounts.zoho.eu"],
    )
    rate_limit: RateLimit = pace(
        "5/s", "At most so many requests in so long; each takes one of the credits of 24 hours.", "2/s"
    )
    timeout: Duration = TIMEOUT

    @property
    def accounts(self) -> str:
        """Where tokens come from, without a slash at the end."""
        return (self.accounts_url or ACCOUNTS[self.data_center]).rstrip("/")
