"""A tenant of ServiceTitan and a source that reads it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sources.servicetitan import Servicetitan
from tests.crm_scene import opened
from tests.doubles.base import running
from tests.doubles.servicetitan import APP_KEY, CLIENT, TENANT, TenantDouble
from tests.rest_server import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

#: What an operator gives to get in.
ACCESS = {"tenant": TENANT, "client_id": CLIENT[0], "client_secret": CLIENT[1], "app_key": APP_KEY}


def settings(double: TenantDouble, **said: Any) -> dict[str, Any]:
    """Return what stands in connector.yaml for a double."""
    return {**ACCESS, "base_url": double.url(), "auth_url": double.url(), **said}


@asynccontextmanager
async def tenant(**said: Any) -> AsyncIterator[tuple[TenantDouble, Servicetitan]]:
    """Run a tenant, and open a source over it with these settings."""
    async with (
        running(TenantDouble()) as double,
        opened(Servicetitan, double, **settings(double, **said)) as source,
    ):
        yield double, source


def ago(minutes: float) -> datetime:
    """Return the time so many minutes before the clocks' present."""
    return NOW - timedelta(minutes=minutes)
