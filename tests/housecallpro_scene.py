"""A company in Housecall Pro and a source that reads it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sources.housecallpro import Housecallpro
from tests.crm_scene import opened
from tests.doubles.base import running
from tests.doubles.housecallpro import KEY, CompanyDouble

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@asynccontextmanager
async def company(**said: Any) -> AsyncIterator[tuple[CompanyDouble, Housecallpro]]:
    """Run a company, and open a source over it with these settings."""
    async with running(CompanyDouble()) as double:
        settings = {"api_key": KEY, "base_url": double.url(), "rate_limit": "1000/s", **said}
        async with opened(Housecallpro, double, **settings) as source:
            yield double, source
