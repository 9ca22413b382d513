"""The Hatch Standard API ("New Lead API (legacy)" in Hatch's documentation).

``POST {base_url}{Department ID}/newlead`` with the header ``X-API-KEY`` and one flat JSON object:
docs.usehatchapp.com, "New Lead API (legacy)". The page prints no host; two public integrations that
were written against it use ``app.usehatchapp.com``, and ``prod.usehatchapp.com`` for departments of
the first platform, whose ids are eight digits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sync.endpoints._exchange import Target
from sync.endpoints._json_endpoint import JsonEndpoint
from sync.endpoints._lead_json import dumps, flat
from sync.endpoints._texts import ApiKey, DepartmentId, Name  # noqa: TC001 pydantic reads them
from sync.endpoints._urls import BaseUrl, path_segment
from sync.endpoints.settings import EndpointSettings

if TYPE_CHECKING:
    from sync.lead import Lead

DEFAULT_BASE_URL = "https://app.usehatchapp.com/api/webhooks/"
_KEY_HINT = "are api_key and department_id right?"
_FIRST_PLATFORM_ID = re.compile(r"\d{8}")


class HatchSettings(EndpointSettings):
    """Settings of ``type: hatch``."""

    department_id: DepartmentId = Field(
        description="The Department ID, from your customer success manager or support at Hatch.",
        examples=["${HATCH_DEPARTMENT_ID}"],
    )
    api_key: ApiKey = Field(
        description="The Hatch API key, sent as X-API-KEY.", examples=["${HATCH_API_KEY}"]
    )
    source: Name = Field(
        description="The source Hatch knows you by; the same on every lead.", examples=["my_company_name"]
    )
    base_url: BaseUrl = Field(
        DEFAULT_BASE_URL,
        description="What comes before the Department ID. Departments of Hatch's first platform (eight "
        "digits) may want https://prod.usehatchapp.com/api/webhooks/.",
        examples=[DEFAULT_BASE_URL],
    )


class Hatch(JsonEndpoint):
    """The Hatch Standard API."""

    name: ClassVar[str] = "hatch"
    Settings: ClassVar[type[EndpointSettings]] = HatchSettings
    settings: HatchSettings

    def body(self, lead: Lead) -> bytes:
        """Return the lead as one flat object; a standard name wins over a custom one."""
        return dumps(flat(lead, self.settings.source))

    def _make_target(self) -> Target:
        settings = self.settings
        url = f"{settings.base_url}{path_segment(settings.department_id)}/newlead"
        headers = {"X-API-KEY": settings.api_key.get_secret_value()}
        return Target(url, url, headers, key_hint=_KEY_HINT, place_hint=self._place_hint())

    def _place_hint(self) -> str:
        hint = "are department_id and base_url right?"
        if _FIRST_PLATFORM_ID.fullmatch(self.settings.department_id) and "//app." in self.settings.base_url:
            return (
                f"{hint} Some departments of eight digits are at https://prod.usehatchapp.com/api/webhooks/"
            )
        return hint
