"""What the endpoints have in common: one request per lead, one place where the answer is sorted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.endpoints.settings import EndpointSettings


@dataclass(frozen=True, slots=True)
class Target:
    """Where and how an endpoint is sent to."""

    url: str
    #: The URL for messages, without secrets.
    where: str
    #: What is sent along: mostly secrets.
    headers: Mapping[str, str] = field(repr=False)
    method: str = "POST"
    #: The statuses that mean that a lead was taken.
    success: tuple[str, ...] = ("2xx",)
    #: What to look at when the place is not there, as in "are department_id and base_url right?".
    check_hint: str = ""


class JsonEndpoint:
    """An endpoint that takes one JSON object in one request."""

    def __init__(self, settings: EndpointSettings) -> None:
        self.settings = settings
