"""The requests that are made of Airtable, and what comes back of them."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sources._airtable.access import access
from sources._airtable.failures import explaining
from sources._crm.saying import sensible
from sources.errors import BadConfig
from sources.http import Answer, ApiClient, Call, ClientOptions, walk

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from datetime import datetime

    from sources._airtable.settings import AirtableSettings
    from sources._crm.access import Surroundings

#: The largest page that Airtable gives.
LARGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list."""

    items: Sequence[Any]
    #: Airtable's own clock as it answered.
    present: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to ask for."""

    #: None: all records.
    formula: str | None = None
    #: None: all fields.
    names: Sequence[str] | None = None
    size: int = LARGEST

    def body(self) -> dict[str, Any]:
        """Return the request's body. A query would be too long with many fields or ids."""
        said = {"pageSize": self.size, "filterByFormula": self.formula, "fields": self.names}
        return {name: value for name, value in said.items() if value is not None}


class AirtableApi:
    """Talks with one base.

    Args:
        settings: see `AirtableSettings`.
        around: where it runs.

    """

    def __init__(self, settings: AirtableSettings, around: Surroundings) -> None:
        home = f"{settings.base_url.rstrip('/')}/v0"
        self._table = settings.table
        self._list = f"{home}/{settings.base}/{quote(settings.table, safe='')}/listRecords"
        self._schema = f"{home}/meta/bases/{settings.base}/tables"
        options = ClientOptions(
            rate=settings.rate_limit,
            timeout=settings.timeout,
            explain=explaining("filter" if settings.filter else "changed"),
        )
        self._client = ApiClient(home, access(settings, around), options, around.clock)

    async def listed(self, wanted: Wanted) -> AsyncGenerator[tuple[Found, bool], None]:
        """Yield page after page, and whether each is the last.

        Raises:
            Expired: Airtable has forgotten where the list goes on.
            SourceError: see `Airtable.poll`.

        """
        first = Call(self._list, "POST", body=wanted.body())
        walked = walk(self._client, first, self._turned, items=lambda found: found.items)
        async with aclosing(walked) as pages:
            async for page in pages:
                yield page

    async def first(self, wanted: Wanted) -> Found:
        """Return the first page."""
        answer = await self._client.request(Call(self._list, "POST", body=wanted.body()))
        return self._turned(answer)[0]

    async def types(self) -> dict[str, str]:
        """Return the table's fields by name, each with its type.

        Raises:
            BadConfig: when the base has no such table.

        """
        answer = await self._client.request(Call(self._schema))
        with sensible(answer.where):
            for table in answer.data["tables"]:
                if self._table in (table["id"], table["name"]):
                    return {str(each["name"]): str(each["type"]) for each in table["fields"]}
            names = ", ".join(str(table["name"]) for table in answer.data["tables"])
        raise BadConfig(f'the base has no table "{self._table}"; its tables are {names}', "table")

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()

    def _turned(self, answer: Answer) -> tuple[Found, Call | None]:
        """Read a page and how to go on.

        Raises:
            Unavailable: when it is no page.

        """
        with sensible(answer.where):
            items = list(answer.data["records"])
            offset = answer.data.get("offset")
        found = Found(items, answer.server_time or self._client.clock.now())
        call = answer.call
        return found, replace(call, body={**call.body, "offset": str(offset)}) if offset else None
