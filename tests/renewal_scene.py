"""Vendors that grant access tokens, each with an adapter that is made anew for every poll."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any

from sources.airtable import Airtable
from sources.base import SourceContext
from sources.close import Close
from sources.dynamics import Dynamics
from sources.google_sheets import GoogleSheets
from sources.hubspot import Hubspot
from sources.pipedrive import Pipedrive
from sources.rest import Rest
from sources.salesforce import Salesforce
from sources.servicetitan import Servicetitan
from tests import (
    airtable_scene,
    close_scene,
    dynamics_scene,
    google_scene,
    hubspot_scene,
    pipedrive_scene,
    salesforce_org,
    servicetitan_scene,
)
from tests.crm_scene import polled
from tests.doubles.airtable import AirtableDouble
from tests.doubles.base import Asked, Double, Reply, route
from tests.doubles.close import CloseDouble
from tests.doubles.dynamics import DynamicsDouble
from tests.doubles.google_sheets import GoogleDouble
from tests.doubles.hubspot import HubspotDouble
from tests.doubles.pipedrive import PipedriveDouble
from tests.doubles.salesforce import Org, lead_kind
from tests.doubles.servicetitan import TenantDouble

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Plain(Double):
    """An API as `rest` reads it, whose tokens are good for an hour; a refresh token is replaced each time."""

    vendor = "rest"

    def __init__(self) -> None:
        super().__init__()
        self.tokens: set[str] = set()
        self.refresh_token = "refresh-made-up-0"
        self._numbers = itertools.count(1)

    def refusal(self, asked: Asked) -> Reply | None:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        return Reply(status=401) if asked.path != "/token" and token not in self.tokens else None

    @route("POST", "/token")
    def token(self, asked: Asked) -> Any:
        if asked.form.get("refresh_token") not in (None, self.refresh_token):
            return Reply({"error": "invalid_grant"}, status=400)
        number = next(self._numbers)
        self.tokens.add(f"access-made-up-{number}")
        said = {"access_token": f"access-made-up-{number}", "expires_in": 3600}
        if "refresh_token" in asked.form:
            self.refresh_token = f"refresh-made-up-{number}"
            said["refresh_token"] = self.refresh_token
        return said

    @route("GET", "/v1/contacts")
    def contacts(self, asked: Asked) -> Any:
        del asked
        return [{"id": 1, "name": "Ada"}]

    def settings(self, kind: str, **more: Any) -> dict[str, Any]:
        """Return what stands in connector.yaml, with this kind of `auth`."""
        app = {"token_url": self.url("/token"), "client_id": "us", "client_secret": "app-made-up"}
        return {"url": self.url("/v1/contacts"), "key": "id", "auth": {"type": kind, **app, **more}}


@dataclass(frozen=True)
class Way:
    """A vendor, and how it lets an adapter in."""

    adapter: Any
    double: Callable[[], Any]
    #: What stands in connector.yaml.
    settings: Callable[[Any], dict[str, Any]]
    #: Where its tokens come from.
    path: str
    #: Seconds for which one is passed on.
    lasts: float
    end: Callable[[Any], None] = field(default=lambda double: double.tokens.clear())

    async def poll(self, double: Any, cache: Path, name: str = "crm", **more: Any) -> None:
        """Poll as `run` does: by an adapter of its own."""
        settings = self.adapter.Settings.model_validate({**self.settings(double), **more})
        source = self.adapter(settings, SourceContext(name, cache, UTC, cache), double.clock)
        try:
            await polled(source, fields=frozenset({"LastName"}) if self.adapter is Salesforce else None)
        finally:
            await source.close()

    def renewals(self, double: Any) -> int:
        """Return how many access tokens were asked for."""
        return len(double.asked(self.path))


def _sheet() -> GoogleDouble:
    double = GoogleDouble()
    double.edit([["Lead ID"], ["7"]])
    return double


def _pipedrive(double: Any) -> dict[str, Any]:
    return {**pipedrive_scene.OAUTH, "token_url": double.url("/oauth/token")}


WAYS = {
    "airtable": Way(
        Airtable,
        AirtableDouble,
        lambda double: airtable_scene.by_an_integration(double, refresh_token="refresh-made-up-0"),
        "/oauth2/v1/token$",
        3540,
    ),
    "hubspot": Way(
        Hubspot,
        HubspotDouble,
        lambda double: {**hubspot_scene.OAUTH, "base_url": double.url()},
        "/oauth/v1/token$",
        1740,
    ),
    "pipedrive": Way(Pipedrive, PipedriveDouble, _pipedrive, "/oauth/token$", 3540),
    "close": Way(
        Close,
        CloseDouble,
        lambda double: {**close_scene.OAUTH, "base_url": double.url()},
        "/oauth2/token/$",
        3540,
    ),
    "dynamics": Way(
        Dynamics,
        DynamicsDouble,
        dynamics_scene.settings,
        "/oauth2/v2.0/token$",
        3539,
        end=lambda double: double.entra.end(),
    ),
    "google_sheets": Way(
        GoogleSheets,
        _sheet,
        lambda double: google_scene.way_in(double, **google_scene.OAUTH),
        "/token$",
        3539,
    ),
    "google_sheets by account": Way(GoogleSheets, _sheet, google_scene.way_in, "/token$", 3539),
    "servicetitan": Way(Servicetitan, TenantDouble, servicetitan_scene.settings, "/connect/token$", 840),
    "salesforce": Way(
        Salesforce,
        lambda: Org(lead_kind()),
        lambda double: {**salesforce_org.CREDENTIALS, "url": double.url()},
        "/services/oauth2/token$",
        900,  # it does not say; no session is shorter
        end=lambda double: double.login.expire(),
    ),
    "rest": Way(Rest, Plain, lambda double: double.settings("oauth2_client_credentials"), "/token$", 3540),
    "rest by a person": Way(
        Rest,
        Plain,
        lambda double: double.settings("oauth2_refresh_token", refresh_token="refresh-made-up-0"),
        "/token$",
        3540,
    ),
}
