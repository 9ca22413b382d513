"""A sub-account of GoHighLevel and a source that reads it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sources.gohighlevel import Gohighlevel
from tests.crm_scene import opened
from tests.doubles.base import running
from tests.doubles.gohighlevel import LOCATION, SECRET, TOKEN, Location
from tests.rest_server import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path


@asynccontextmanager
async def location(
    cache: Path | None = None, *, oauth: bool = False, **said: Any
) -> AsyncIterator[tuple[Location, Gohighlevel]]:
    """Run a sub-account, and open a source over it with these settings."""
    async with running(Location()) as double:
        way = way_in(double) if oauth else {"token": TOKEN}
        async with over(double, cache, **{**way, **said}) as source:
            yield double, source


@asynccontextmanager
async def over(double: Location, cache: Path | None = None, **said: Any) -> AsyncIterator[Gohighlevel]:
    """Open a source over a sub-account that runs, as a poll does."""
    settings = {"base_url": double.url(), "location_id": LOCATION, **said}
    async with opened(Gohighlevel, double, cache, **settings) as source:
        yield source


def way_in(double: Location) -> dict[str, str]:
    """Return what an operator writes in the place of a token."""
    return {"client_id": "made-up", "client_secret": SECRET, "refresh_token": double.refresh_token}


def ago(minutes: float) -> datetime:
    """Return the time so many minutes before the clocks' present."""
    return NOW - timedelta(minutes=minutes)
