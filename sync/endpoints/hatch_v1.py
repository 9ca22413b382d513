"""Hatch's newer public API: ``POST /v1/contacts``, an upsert by phone number, then by e-mail.

Names and shapes are those of Hatch's OpenAPI document (api.usehatchapp.com/v1/docs/openapi) and of
docs.usehatchapp.com, "Hatch API Reference". ``source`` must be a custom source that exists in Hatch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sync.endpoints._exchange import Target
from sync.endpoints._json_endpoint import JsonEndpoint
from sync.endpoints._lead_json import V1_NAMES, customs, dumps, filled
from sync.endpoints._texts import ApiKey, Name  # noqa: TC001 pydantic reads them
from sync.endpoints._urls import BaseUrl  # noqa: TC001 pydantic reads it
from sync.endpoints.settings import EndpointSettings

if TYPE_CHECKING:
    from sync.lead import Lead

DEFAULT_BASE_URL = "https://api.usehatchapp.com/"


class HatchV1Settings(EndpointSettings):
    """Settings of ``type: hatch_v1``."""

    api_key: ApiKey = Field(
        description="The API key from Hatch's App Marketplace, sent as a bearer token.",
        examples=["${HATCH_API_KEY}"],
    )
    source: Name = Field(
        description="The API Source Name of a custom source in Hatch.", examples=["custom:my-company"]
    )
    base_url: BaseUrl = Field(
        DEFAULT_BASE_URL, description="What comes before v1/contacts.", examples=[DEFAULT_BASE_URL]
    )


class HatchV1(JsonEndpoint):
    """Hatch's newer API."""

    name: ClassVar[str] = "hatch_v1"
    Settings: ClassVar[type[EndpointSettings]] = HatchV1Settings
    settings: HatchV1Settings

    def body(self, lead: Lead) -> bytes:
        """Return the lead under this API's names, with custom properties in ``details``."""
        fields = {V1_NAMES.get(name, name): value for name, value in filled(lead.standard).items()}
        details = customs(lead)
        shape = {"source": self.settings.source, **fields}
        return dumps({**shape, "details": details} if details else shape)

    def _make_target(self) -> Target:
        url = f"{self.settings.base_url}v1/contacts"
        headers = {"Authorization": f"Bearer {self.settings.api_key.get_secret_value()}"}
        return Target(url, url, headers, key_hint="is api_key right?", place_hint="is base_url right?")
