"""A company in Pipedrive and a source that reads it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sources.pipedrive import Pipedrive
from tests.crm_scene import opened
from tests.doubles.base import running
from tests.doubles.pipedrive import CLIENT, REFRESH, TOKEN, PipedriveDouble
from tests.rest_server import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

#: What an operator gives in the place of a token.
OAUTH = {"client_id": CLIENT[0], "client_secret": CLIENT[1], "refresh_token": REFRESH}


@asynccontextmanager
async def company(
    cache: Path | None = None, kind: str = "leads", **said: Any
) -> AsyncIterator[tuple[PipedriveDouble, Pipedrive]]:
    """Run a company, and open a source over it with these settings."""
    async with running(PipedriveDouble()) as double:
        way = (
            {"token_url": double.url("/oauth/token")}
            if "client_id" in said
            else {"token": TOKEN, "base_url": double.url()}
        )
        async with opened(Pipedrive, double, cache, **{**way, "object": kind, **said}) as source:
            yield double, source


def ago(minutes: float) -> datetime:
    """Return the time so many minutes before the clocks' present."""
    return NOW - timedelta(minutes=minutes)


def fill(pipedrive: PipedriveDouble, count: int, **fields: Any) -> None:
    """Write so many leads, changed one minute after another, the last of them just before the present."""
    for number in range(1, count + 1):
        pipedrive.put_lead(str(number), ago(count + 1 - number), **fields)
