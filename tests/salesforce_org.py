"""A Salesforce source over a double of it, for tests."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sources.base import Page, PollRequest, SourceContext
from sources.salesforce import Salesforce, SalesforceSettings
from tests.doubles.base import running
from tests.doubles.salesforce import Org, lead_kind
from tests.doubles.salesforce_login import CLIENT, SECRET

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

#: When the leads of these tests changed, unless they say otherwise.
DAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
CREDENTIALS = {"client_id": CLIENT, "client_secret": SECRET}


def key_of(number: int) -> str:
    """Return an id as Salesforce makes them, in the order of the numbers."""
    return f"00Q5e{number:010}EAU"


def lead(number: int, changed: datetime = DAY, **fields: Any) -> dict[str, Any]:
    """Return a row of Lead."""
    usual = {"Id": key_of(number), "LastName": f"Lead {number}", "SystemModstamp": changed}
    return {**usual, "LastModifiedDate": changed, "CreatedDate": changed, **fields}


def leads(count: int, *, each: timedelta = timedelta(minutes=1)) -> list[dict[str, Any]]:
    """Return so many, changed one after another."""
    return [lead(number, DAY + each * number) for number in range(1, count + 1)]


def source(org: Org, directory: Path | None = None, **said: Any) -> Salesforce:
    """Return a source as it would stand in connector.yaml."""
    settings = {"url": org.url(), **(CREDENTIALS if "client_id" not in said else {}), **said}
    where = directory or Path()
    context = SourceContext("crm", where, UTC, directory)
    return Salesforce(SalesforceSettings.model_validate(settings), context, org.clock)


@asynccontextmanager
async def organisation(*rows: dict[str, Any], **said: Any) -> AsyncIterator[tuple[Org, Salesforce]]:
    """Run an organisation with these leads, and a source that reads it."""
    org = Org(lead_kind())
    org.put("Lead", *rows)
    async with running(org), closing(source(org, **said)) as salesforce:
        yield org, salesforce


@asynccontextmanager
async def closing(salesforce: Salesforce) -> AsyncIterator[Salesforce]:
    """Give back its connections after the block."""
    try:
        yield salesforce
    finally:
        await salesforce.close()


async def pages(salesforce: Salesforce, reads: set[str] | None = None, **request: Any) -> list[Page]:
    """Poll to the end."""
    fields = frozenset(reads if reads is not None else {"LastName"})
    return [page async for page in salesforce.poll(PollRequest(fields=fields, **request))]


def names(found: list[Page]) -> list[Any]:
    """Return the last names of all records, in the order in which they came."""
    return [record.fields.get("LastName") for page in found for record in page.records]
