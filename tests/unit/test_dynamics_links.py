"""A link to the next page may name another host of the environment, and is followed there by the source."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sources._crm.access import Surroundings
from sources._dynamics.environment import Environment
from sources._dynamics.odata import Query
from sources.dynamics import DynamicsSettings
from sources.errors import Unavailable
from tests.doubles.entra import APP
from tests.rest_server import FakeClock, context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SKIP = "/api/data/v9.2/leads?$select=lastname&$skiptoken=%3Ccookie%20pagenumber=%222%22%20/%3E"


@asynccontextmanager
async def opened() -> AsyncIterator[Environment]:
    settings = DynamicsSettings.model_validate({**APP, "url": "https://contoso.crm4.dynamics.com"})
    environment = Environment(settings, Surroundings(context(), FakeClock(), timedelta(seconds=1)))
    try:
        yield environment
    finally:
        await environment.close()


@pytest.mark.parametrize("host", ["contoso.crm4.dynamics.com", "contoso.api.crm4.dynamics.com"])
async def test_a_link_within_the_environment_is_followed_as_it_is(host: str) -> None:
    async with opened() as environment:
        call = environment.call(Query("leads"), 1)
        following = environment._followed(call, f"https://{host}{SKIP}")
    assert following.url == f"https://{host}{SKIP}"
    assert following.headers == call.headers


@pytest.mark.parametrize(
    "host", ["fabrikam.api.crm4.dynamics.com", "contoso.api.crm4.dynamics.com.example.com"]
)
async def test_a_link_out_of_the_environment_is_not(host: str) -> None:
    async with opened() as environment:
        with pytest.raises(Unavailable, match="leads away from the environment"):
            environment._followed(environment.call(Query("leads"), 1), f"https://{host}{SKIP}")
