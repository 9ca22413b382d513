"""A base in Airtable and a source that reads its table."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sources.airtable import Airtable
from tests.crm_scene import opened
from tests.doubles.airtable import BASE, CLIENT, SECRET, STAMP, TOKEN, TOKENS, AirtableDouble
from tests.doubles.base import running
from tests.rest_server import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime


def way_in(double: AirtableDouble, **said: Any) -> dict[str, Any]:
    """Return what would stand in connector.yaml."""
    way = {"token": TOKEN, "base": BASE, "table": "Leads & co", "changed": STAMP, "base_url": double.url()}
    return {**way, **said}


def by_an_integration(double: AirtableDouble, **said: Any) -> dict[str, Any]:
    """Return the same for an integration that a person let in."""
    app = {"client_id": CLIENT, "client_secret": SECRET, "token_url": double.url(TOKENS)}
    return {**way_in(double, token=None), **app, "refresh_token": double.refresh_token, **said}


@asynccontextmanager
async def table(**said: Any) -> AsyncIterator[tuple[AirtableDouble, Airtable]]:
    """Run a base, and open a source over it with these settings."""
    async with (
        running(AirtableDouble()) as double,
        opened(Airtable, double, **way_in(double, **said)) as source,
    ):
        yield double, source


def ago(minutes: float) -> datetime:
    """Return the time so many minutes before the clocks' present."""
    return NOW - timedelta(minutes=minutes)


def fill(airtable: AirtableDouble, count: int) -> None:
    """Write so many records, changed one minute after another, the last of them just before the present."""
    for number in range(1, count + 1):
        airtable.put(f"rec{number}", ago(count + 1 - number), name=f"Lead {number}")
