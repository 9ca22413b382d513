"""What may stand in connector.yaml under `type: gohighlevel`."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from sources._crm.settings import TIMEOUT, CrmSettings, Ways, or_by_an_app, pace
from sources._rest.secrets import Secret  # noqa: TC001 pydantic reads it
from sources._rest.urls import Url  # noqa: TC001 pydantic reads it
from sources.units import Duration, RateLimit  # noqa: TC001 pydantic reads it


class GohighlevelSettings(CrmSettings):
    """Whose contacts to read, which of them, and how to get in."""

    ways: ClassVar[Ways] = or_by_an_app("token")

    token: Secret | None = Field(
        None,
        description="The token of a private integration of the sub-account.",
        examples=["${GOHIGHLEVEL_TOKEN}"],
    )
    client_id: str | None = Field(
        None,
        description="With OAuth in the place of a token: the id of your app.",
        examples=["${GOHIGHLEVEL_CLIENT_ID}"],
    )
    client_secret: Secret | None = Field(
        None, description="With OAuth: the secret of your app.", examples=["${GOHIGHLEVEL_CLIENT_SECRET}"]
    )
    refresh_token: Secret | None = Field(
        None,
        description=(
            "With OAuth: from the authorisation. It is good for one use; its successors are kept. "
            "Not needed after `leadrelay auth`."
        ),
        examples=["${GOHIGHLEVEL_REFRESH_TOKEN}"],
    )
    location_id: str = Field(
        pattern=r"^[A-Za-z0-9_-]+$",
        description="The sub-account whose contacts to read; it stands in the address of its pages.",
        examples=["ve9EPM428h8vShlRW1KT"],
    )
    include_dnd: bool = Field(
        default=False,
        description=(
            "Whether to read contacts who asked not to be disturbed: `dnd` is on, or text messages are off. "
            "They are left out otherwise, and counted."
        ),
    )
    base_url: Url = Field(
        "https://services.leadconnectorhq.com",
        description="Where the API is.",
        examples=["https://services.leadconnectorhq.com"],
    )
    authorize_url: Url = Field(
        "https://marketplace.gohighlevel.com/oauth/chooselocation",
        description="The page that `leadrelay auth` opens.",
        examples=["https://marketplace.leadconnectorhq.com/oauth/chooselocation"],
    )
    rate_limit: RateLimit = pace(
        "90/10s", "At most so many requests in so long; 100 in 10 seconds are allowed.", "50/10s"
    )
    timeout: Duration = TIMEOUT
