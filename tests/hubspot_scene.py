"""An account of HubSpot and a source that reads it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sources.hubspot import Hubspot
from tests.crm_scene import opened
from tests.doubles.base import running
from tests.doubles.hubspot import TOKEN, HubspotDouble
from tests.rest_server import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

#: What an operator gives in the place of a token.
OAUTH = {"client_id": "made-up", "client_secret": "secret-made-up", "refresh_token": "oauth-refresh-made-up"}


@asynccontextmanager
async def account(cache: Path | None = None, **said: Any) -> AsyncIterator[tuple[HubspotDouble, Hubspot]]:
    """Run an account, and open a source over it with these settings."""
    async with running(HubspotDouble()) as double:
        way = {} if "client_id" in said else {"token": TOKEN}
        settings = {**way, "base_url": double.url(), **said}
        async with opened(Hubspot, double, cache, **settings) as source:
            yield double, source


def ago(minutes: float) -> datetime:
    """Return the time so many minutes before the clocks' present."""
    return NOW - timedelta(minutes=minutes)
