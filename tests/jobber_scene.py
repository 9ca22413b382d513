"""An account in Jobber and a source that reads it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sources.jobber import Jobber
from tests.crm_scene import opened
from tests.doubles.base import running
from tests.doubles.jobber import CLIENT, SECRET, Account
from tests.rest_server import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

GRAPHQL = "/api/graphql$"


@asynccontextmanager
async def account(cache: Path | None = None, **said: Any) -> AsyncIterator[tuple[Account, Jobber]]:
    """Run an account, and open a source over it with these settings."""
    async with running(Account()) as double, over(double, cache, **{**way_in(double), **said}) as source:
        yield double, source


@asynccontextmanager
async def over(double: Account, cache: Path | None = None, **said: Any) -> AsyncIterator[Jobber]:
    """Open a source over an account that runs, as a poll does."""
    settings = {"base_url": double.url("/api"), "client_id": CLIENT, "client_secret": SECRET, **said}
    async with opened(Jobber, double, cache, **settings) as source:
        yield source


def way_in(double: Account) -> dict[str, str]:
    """Return what an operator writes who got a refresh token by other means."""
    return {"refresh_token": double.refresh_token}


def ago(minutes: float) -> datetime:
    """Return the time so many minutes before the clocks' present."""
    return NOW - timedelta(minutes=minutes)
