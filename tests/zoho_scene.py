"""An organisation of Zoho CRM and a source that reads it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sources.zoho import Zoho
from tests.crm_scene import opened
from tests.doubles.base import running
from tests.doubles.zoho import CLIENT, SECRET, Organisation
from tests.rest_server import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime


@asynccontextmanager
async def organisation(**said: Any) -> AsyncIterator[tuple[Organisation, Zoho]]:
    """Run an organisation, and open a source over it with these settings."""
    async with running(Organisation()) as double, over(double, **said) as source:
        yield double, source


@asynccontextmanager
async def over(double: Organisation, **said: Any) -> AsyncIterator[Zoho]:
    """Open a source over an organisation that runs, as a poll does."""
    async with opened(Zoho, double, **{**way_in(double), **said}) as source:
        yield source


def way_in(double: Organisation) -> dict[str, str]:
    """Return what an operator writes to get in."""
    secrets = {"client_secret": SECRET, "refresh_token": double.refresh_token}
    return {"client_id": CLIENT, "accounts_url": double.url(), **secrets}


def ago(minutes: float) -> datetime:
    """Return the time so many minutes before the clocks' present."""
    return NOW - timedelta(minutes=minutes)
