"""Any endpoint that takes one lead as JSON: an automation tool's webhook, a service of your own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from sync.endpoints._exchange import Target
from sync.endpoints._json_endpoint import JsonEndpoint
from sync.endpoints._lead_json import customs, dumps, filled, flat
from sync.endpoints._statuses import ACCEPTED_BY_DEFAULT, checked_statuses, status_texts
from sync.endpoints._texts import Name, SecretHeader, header_name
from sync.endpoints._urls import Url, shown
from sync.endpoints.settings import EndpointSettings
from sync.lead import FIELDS

if TYPE_CHECKING:
    from sync.lead import Lead

#: Headers that follow from the request itself.
_OURS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


def _checked_headers(headers: dict[str, SecretHeader]) -> dict[str, SecretHeader]:
    seen: dict[str, str] = {}
    for written in headers:
        folded = header_name(written).lower()
        if folded in _OURS:
            raise ValueError(f"{written} is set by the request itself; leave it out")
        if folded in seen:
            raise ValueError(f"{seen[folded]} and {written} are the same header; keep one")
        seen[folded] = written
    return {name.strip(): value for name, value in headers.items()}


def _checked_nest(name: str) -> str:
    if name in (*FIELDS, "source"):
        raise ValueError(f"{name} is a property of the lead itself; choose another name, as in details")
    return name


Headers = Annotated[dict[str, SecretHeader], AfterValidator(_checked_headers)]
Statuses = Annotated[
    tuple[str, ...],
    BeforeValidator(status_texts),
    AfterValidator(checked_statuses),
    WithJsonSchema(
        {"type": "array", "items": {"type": ["string", "integer"]}, "examples": [["2xx"], [200, 201]]}
    ),
]


class HttpSettings(EndpointSettings):
    """Settings of ``type: http``."""

    url: Url = Field(
        repr=False, description="Where to send leads.", examples=["https://hooks.example.com/leads"]
    )
    method: Literal["POST", "PUT", "PATCH"] = Field("POST", description="The method to send them with.")
    headers: Headers = Field(
        default_factory=dict, description="Headers to send along, as in Authorization: Bearer ${TOKEN}."
    )
    source: Name | None = Field(
        None,
        description="Sent as source on every lead; left out when not given.",
        examples=["my_company_name"],
    )
    success: Statuses = Field(
        ACCEPTED_BY_DEFAULT,
        description="The answers that mean a lead was taken: statuses, or 2xx for all of that class.",
    )
    nest_custom: Annotated[Name, AfterValidator(_checked_nest)] | None = Field(
        None,
        description="Put custom properties into an object of this name, as in details; flat when not given.",
        examples=["details"],
    )


class Http(JsonEndpoint):
    """A JSON endpoint of the user's own."""

    name: ClassVar[str] = "http"
    Settings: ClassVar[type[EndpointSettings]] = HttpSettings
    settings: HttpSettings

    def body(self, lead: Lead) -> bytes:
        """Return the lead as one object under the Standard API's names, flat or with its customs nested."""
        settings = self.settings
        if settings.nest_custom is None:
            return dumps(flat(lead, settings.source))
        shape: dict[str, object] = {"source": settings.source} if settings.source else {}
        shape.update(filled(lead.standard))
        details = customs(lead)
        return dumps({**shape, settings.nest_custom: details} if details else shape)

    def _make_target(self) -> Target:
        settings = self.settings
        headers = {name: value.get_secret_value() for name, value in settings.headers.items()}
        return Target(
            settings.url,
            shown(settings.url),
            headers,
            method=settings.method,
            # Webhooks of automation tools take a GET for an event, and OPTIONS for what it is.
            probe_method="OPTIONS",
            success=settings.success,
            answers_pages=True,
            key_hint="are the headers right?",
            place_hint="are url and method right?",
        )
