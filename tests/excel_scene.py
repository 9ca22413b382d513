"""A workbook in SharePoint, its content at another host, and a source that reads it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sources.microsoft_excel import MicrosoftExcel
from tests.crm_scene import opened, polled, records_of
from tests.doubles.entra import APP, REFRESH
from tests.doubles.microsoft_excel import LINK, GraphDouble, graph, xlsx_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

#: What lets in an app for a person.
PERSON = {"refresh_token": REFRESH}
_PLACES = {"workbook", "drive", "site", "user"}


def way_in(double: GraphDouble, **said: Any) -> dict[str, Any]:
    """Return what would stand in connector.yaml."""
    place = {} if _PLACES & said.keys() else {"workbook": LINK}
    urls = {"base_url": double.url("/v1.0"), "login_url": double.url()}
    return {"key": "Lead ID", **APP, **urls, **place, **said}


@asynccontextmanager
async def workbook(
    *rows: list[Any], cache: Path | None = None, content: bytes | None = None, **said: Any
) -> AsyncIterator[tuple[GraphDouble, MicrosoftExcel]]:
    """Run a workbook whose first sheet has these rows, and open a source over it."""
    async with graph() as double:
        double.file.content = xlsx_of(*rows) if content is None else content
        async with opened(MicrosoftExcel, double, cache, **way_in(double, **said)) as source:
            yield double, source


async def rows_of(source: MicrosoftExcel) -> list[dict[str, Any]]:
    """Poll, and return the fields of all records."""
    return [dict(record.fields) for record in records_of(await polled(source))]
