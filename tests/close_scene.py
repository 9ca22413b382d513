"""An organisation in Close and a source that reads it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sources.close import Close
from tests.crm_scene import opened
from tests.doubles.base import running
from tests.doubles.close import CLIENT, KEY, REFRESH, CloseDouble
from tests.rest_server import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

#: What an operator gives in the place of a key.
OAUTH = {"client_id": CLIENT[0], "client_secret": CLIENT[1], "refresh_token": REFRESH}


@asynccontextmanager
async def organisation(cache: Path | None = None, **said: Any) -> AsyncIterator[tuple[CloseDouble, Close]]:
    """Run an organisation, and open a source over it with these settings."""
    async with running(CloseDouble()) as double:
        way = {} if "client_id" in said else {"api_key": KEY}
        async with opened(Close, double, cache, **{**way, "base_url": double.url(), **said}) as source:
            yield double, source


def ago(minutes: float) -> datetime:
    """Return the time so many minutes before the clocks' present."""
    return NOW - timedelta(minutes=minutes)
