"""Microsoft Excel: the rows of a workbook in OneDrive or SharePoint, through Microsoft Graph.

microsoft_excel:
  type: microsoft_excel
  workbook: https://contoso.sharepoint.com/:x:/s/Sales/EaBc…?e=1a2b3c
  tenant: contoso.onmicrosoft.com
  client_id: 00000000-0000-0000-0000-000000000000
  client_secret: ${ENTRA_CLIENT_SECRET}
  key: Lead ID

The file is downloaded and read as `sources.spreadsheet` reads files, so that columns, types and errors in
cells are the same, and csv, xlsx, xlsb and xls do. Graph's own calls for ranges of cells were not taken: they
open the workbook on a server, which takes no large answers, times out with large workbooks, does not let in
every app that may read files, and reads a sheet in parts between which rows move. A download is one state of
the file as it was saved.

A file that nobody has saved since is not downloaded: its tags and its time say so. For two minutes after a
save they are not relied upon, since Graph may give older content along with the tags of the newer.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, ClassVar

from sources._crm.access import Surroundings
from sources._excel.api import GraphApi
from sources._excel.failures import naming
from sources._excel.settings import MicrosoftExcelSettings
from sources._sheets.locate import Found
from sources._sheets.pages import pages_of
from sources._sheets.plan import Plan
from sources._sheets.reading import look_at
from sources._sheets.revision import Revision
from sources._sheets.settings import SpreadsheetSettings
from sources._threads import in_thread
from sources.base import Page, PollRequest, Record, SourceContext, SourceSettings
from sources.http import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sources._sheets.reading import Looked
    from sources.oauth import OAuthFlow

__all__ = ["MicrosoftExcel", "MicrosoftExcelSettings"]


class MicrosoftExcel:
    """Reads the rows of a workbook in OneDrive or SharePoint as records.

    Args:
        settings: see `MicrosoftExcelSettings`.
        context: where it runs; times without a zone are in its zone.
        clock: time, for tests.

    """

    name: ClassVar[str] = "microsoft_excel"
    Settings: ClassVar[type[SourceSettings]] = MicrosoftExcelSettings
    identity: ClassVar[tuple[str, ...]] = (
        "base_url",
        "workbook",
        "site",
        "user",
        "path",
        "drive",
        "item",
        "sheet",
        "key",
    )

    def __init__(
        self, settings: MicrosoftExcelSettings, context: SourceContext, clock: Clock | None = None
    ) -> None:
        self._settings = settings
        self._context = context
        self._api = GraphApi(settings, Surroundings(context, clock or SystemClock(), settings.timeout))

    @property
    def keys_are_places(self) -> bool:
        """Whether keys are row numbers, which all shift when a row is removed."""
        return self._settings.keys_are_rows

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield every row in pages, or one empty page when nothing changed since the position.

        Raises:
            RateLimited: Graph asks to be left alone for longer than a poll waits.
            Unavailable: no answer, or the file is locked, or no complete workbook.
            Denied: we may not read it, or it asks for a password.
            BadConfig: what the settings name is not there.

        """
        plan = self._plan(request)
        known, item = Revision.of(request.position), await self._api.item()
        if item.unchanged_since(known, plan.digest()):
            yield Page([], request.position, last=True)
            return
        async with self._api.content(item) as file:
            # The tags from before the download: a save meanwhile has others, and is read by the next poll.
            found = Found([file], Revision(plan.digest(), file.content, item.edition))
            if found.revision.same_as(known):
                yield Page([], found.revision.position(), last=True)
                return
            with naming(self._api.place.setting):
                async with aclosing(pages_of(found, plan)) as pages:
                    async for page in pages:
                        yield page

    async def check(self) -> str:
        """Open the workbook, and say which columns were found.

        Raises:
            SourceError: as `poll`.

        """
        return (await self._look()).said

    async def fields(self) -> Sequence[str]:
        """Return the names of the columns.

        Raises:
            SourceError: as `poll`.

        """
        return (await self._look()).fields

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the rows of these keys, by reading everything: a file can't be asked for a row.

        Raises:
            SourceError: as `poll`.

        """
        found: dict[str, Record] = {}
        if keys:
            async with aclosing(self.poll(PollRequest())) as pages:
                async for page in pages:
                    found |= {record.key: record for record in page.records if record.key in keys}
        return list(found.values())

    def authorization(self) -> OAuthFlow:
        """Return how a person who can open the workbook lets our app in.

        Raises:
            BadConfig: when the settings give another way in.

        """
        return self._api.flow()

    async def close(self) -> None:
        """Give back connections."""
        await self._api.close()

    async def _look(self) -> Looked:
        item = await self._api.item()
        plan = self._plan(PollRequest())
        async with self._api.content(item) as file:
            with naming(self._api.place.setting):
                return await in_thread(lambda: look_at(file, plan, many=False))

    def _plan(self, request: PollRequest) -> Plan:
        wanted = self._settings
        table: dict[str, Any] = {
            "path": self._api.place.setting,  # only the file that it stands for matters
            "key": wanted.key,
            "sheet": wanted.sheet,
            "header_row": wanted.header_row,
            "changed": wanted.changed,
            "encoding": wanted.encoding,
        }
        return Plan(SpreadsheetSettings(**table), self._context.timezone, request.fields, request.page_size)
