"""A spreadsheet at Google and a source that reads it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sources.google_sheets import GoogleSheets
from tests.crm_scene import opened, polled, records_of
from tests.doubles.base import running
from tests.doubles.google_sheets import CLIENT, ID, REFRESH, GoogleDouble, key_file

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

#: What an operator gives in the place of a service account.
OAUTH = {"client_id": CLIENT[0], "client_secret": CLIENT[1], "refresh_token": REFRESH}


def way_in(double: GoogleDouble, **said: Any) -> dict[str, Any]:
    """Return what would stand in connector.yaml."""
    way = {} if {"client_id", "service_account_file"} & said.keys() else {"service_account": key_file()}
    urls = {"base_url": double.url(), "drive_url": double.url(), "token_url": double.url("/token")}
    return {"spreadsheet": ID, "key": "Lead ID", **urls, **way, **said}


@asynccontextmanager
async def sheet(
    *rows: list[Any], cache: Path | None = None, **said: Any
) -> AsyncIterator[tuple[GoogleDouble, GoogleSheets]]:
    """Run a spreadsheet whose first sheet has these rows, and open a source over it."""
    async with running(GoogleDouble()) as double:
        double.edit([list(row) for row in rows])
        async with opened(GoogleSheets, double, cache, **way_in(double, **said)) as source:
            yield double, source


async def rows_of(source: GoogleSheets) -> list[dict[str, Any]]:
    """Poll, and return the fields of all records."""
    return [dict(record.fields) for record in records_of(await polled(source))]
