"""Requests to one environment: pages of a query, and what tables are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sources._crm.saying import sensible
from sources._dynamics.addresses import other_hosts
from sources._dynamics.explaining import UnknownTable, explain
from sources._dynamics.records import FORMATTED
from sources._dynamics.tables import known, schema_of, table_of
from sources._microsoft.entra import access
from sources._wording import did_you_mean
from sources.errors import BadConfig, Unavailable
from sources.http import Answer, ApiClient, Call, ClientOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources._crm.access import Surroundings
    from sources._dynamics.odata import Query
    from sources._dynamics.settings import DynamicsSettings
    from sources._dynamics.tables import Schema, Table
    from sources.http import Clock

#: The largest page; Dataverse ignores the wish for a larger one.
LARGEST: Final = 5_000
_VERSIONS: Final = {"OData-Version": "4.0", "OData-MaxVersion": "4.0"}
_TABLE: Final = "LogicalName,EntitySetName,PrimaryIdAttribute"
_COLUMNS: Final = "LogicalName,AttributeOf,AttributeTypeName,IsValidForRead,IsSecured"


@dataclass(frozen=True, slots=True)
class Result:
    """One page of a query's result."""

    rows: Sequence[Any]
    #: The request for the next page; None when there is none.
    following: Call | None
    answer: Answer


class Environment:
    """An environment of Dataverse, and the one table of it that the settings name.

    Args:
        settings: see `DynamicsSettings`.
        around: where it runs.

    """

    def __init__(self, settings: DynamicsSettings, around: Surroundings) -> None:
        self._settings = settings
        self._around = around
        self._base = f"{settings.base}/api/data/v9.2"
        self._table = known(settings.table)
        self._schema: Schema | None = None
        options = ClientOptions(
            headers=_VERSIONS,
            rate=settings.rate_limit,
            timeout=settings.timeout,
            allow_hosts=other_hosts(settings.base),
            explain=explain,
        )
        auth = access(settings, around, settings.url)
        self._client = ApiClient(settings.base, auth, options, around.clock)

    @property
    def clock(self) -> Clock:
        """What time it is."""
        return self._around.clock

    def call(self, query: Query, size: int) -> Call:
        """Return the request for a query's first page.

        Args:
            query: what to ask.
            size: at most so many rows a page. Dataverse ignores it where the query has a limit of its own.

        """
        pages = f"odata.maxpagesize={max(1, min(size, LARGEST))}"
        wishes = f'{pages},odata.include-annotations="{FORMATTED}"'
        return Call(f"{self._base}/{query}", headers={"Prefer": wishes})

    async def result(self, call: Call) -> Result:
        """Send a request for a page of a query.

        Raises:
            Refused: the query is not taken.
            UnknownTable: there is no such table; names the closest.
            SourceError: anything else.

        """
        try:
            answer = await self._client.request(call)
        except UnknownTable:
            raise await self._no_table() from None
        with sensible(answer.where):
            rows, link = list(answer.data["value"]), answer.data.get("@odata.nextLink")
            return Result(rows, self._followed(call, link) if link is not None else None, answer)

    async def table(self) -> Table:
        """Return what the table is called; asked for once, where it is not one that all have.

        Raises:
            BadConfig: when there is no such table.
            SourceError: anything else.

        """
        if self._table is None:
            told = await self._definition(_TABLE)
            self._table = table_of(told)
        return self._table

    async def schema(self) -> Schema:
        """Return the table with its columns, asked for once.

        Raises:
            BadConfig: when there is no such table.
            SourceError: anything else.

        """
        if self._schema is None:
            told = await self._definition(f"{_TABLE}&$expand=Attributes($select={_COLUMNS})")
            with sensible(self._base):
                self._schema = schema_of(told)
        return self._schema

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()

    def _followed(self, call: Call, link: str) -> Call:
        """Return the request for the page behind a link, which is used byte for byte as it comes.

        Raises:
            Unavailable: when it leads away from the environment, whose tokens nobody else gets.

        """
        try:
            self._client.reach.admit(link)
        except BadConfig:
            text = "its nextLink leads away from the environment; stopped there, and sent no token"
            raise Unavailable(f"{call.where}: {text}") from None
        return call.to(link)

    async def _definition(self, parts: str) -> dict[str, Any]:
        name = self._settings.table
        wanted = f"$filter=EntitySetName%20eq%20'{name}'%20or%20LogicalName%20eq%20'{name}'"
        answer = await self._client.request(Call(f"{self._base}/EntityDefinitions?{wanted}&$select={parts}"))
        with sensible(answer.where):
            found = [each for each in answer.data["value"] if each.get("EntitySetName")]
        if not found:
            raise await self._no_table()
        first: dict[str, Any] = found[0]
        return first

    async def _no_table(self) -> BadConfig:
        """Return the error for a table that is not there, or that our user may not see."""
        url = f"{self._base}/EntityDefinitions?$select=EntitySetName"
        answer = await self._client.request(Call(url))
        with sensible(answer.where):
            there = [str(each["EntitySetName"]) for each in answer.data["value"] if each["EntitySetName"]]
        name = self._settings.table
        return BadConfig(
            f"there is no table {name}{did_you_mean(name, there)} that this user may see", "table"
        )
