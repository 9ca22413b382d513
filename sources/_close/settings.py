"""What may stand in connector.yaml under `type: close`."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from sources._crm.settings import TIMEOUT, CrmSettings, Ways, or_by_an_app, pace
from sources._rest.secrets import Secret  # noqa: TC001 pydantic reads it
from sources._rest.urls import Url  # noqa: TC001 pydantic reads it
from sources.units import Duration, RateLimit  # noqa: TC001 pydantic reads it


class CloseSettings(CrmSettings):
    """Which organisation to read, and how to get in."""

    ways: ClassVar[Ways] = or_by_an_app("api_key")

    api_key: Secret | None = Field(
        None,
        description="A user's API key, from the settings of Close. It sees what the user sees.",
        examples=["${CLOSE_API_KEY}"],
    )
    client_id: str | None = Field(
        None,
        description="With OAuth in the place of a key: the id of your app.",
        examples=["${CLOSE_CLIENT_ID}"],
    )
    client_secret: Secret | None = Field(
        None, description="With OAuth: the secret of your app.", examples=["${CLOSE_CLIENT_SECRET}"]
    )
    refresh_token: Secret | None = Field(
        None,
        description="With OAuth: from the authorisation by the organisation, with the scope offline_access. "
        "Not needed after `leadrelay auth`.",
        examples=["${CLOSE_REFRESH_TOKEN}"],
    )
    authorize_url: Url = Field(
        "https://app.close.com/oauth2/authorize/",
        description="The page that `leadrelay auth` opens.",
        examples=["https://app.close.com/oauth2/authorize/"],
    )
    base_url: Url = Field(
        "https://api.close.com", description="Where the API is.", examples=["https://api.close.com"]
    )
    rate_limit: RateLimit = pace(
        "8/s",
        "At most so many requests in so long; an organisation shares three times what a key may.",
        "4/s",
    )
    timeout: Duration = TIMEOUT
