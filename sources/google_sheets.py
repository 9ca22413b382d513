"""Google Sheets: the rows of one sheet.

google_sheets:
  type: google_sheets
  spreadsheet: https://docs.google.com/spreadsheets/d/1Ab…/edit#gid=0
  service_account_file: keys/google.json
  key: Lead ID

Columns are called what their header says, as in `sources.spreadsheet`. A sheet can only be read whole, and
is left alone while Google Drive says that nobody has edited it.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, ClassVar

from sources._crm.access import Surroundings
from sources._google_sheets.access import flow_of
from sources._google_sheets.api import SheetsApi
from sources._google_sheets.reading import Reader
from sources._google_sheets.seen import Seen
from sources._google_sheets.settings import GoogleSheetsSettings
from sources.base import Page, PollRequest, Record, SourceContext, SourceSettings
from sources.http import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sources.oauth import OAuthFlow

__all__ = ["GoogleSheets", "GoogleSheetsSettings"]


class GoogleSheets:
    """Reads the rows of a sheet as records.

    Numbers are int or float, dates are dates, and times with a date are in the zone of the spreadsheet. Times
    of day are text as ``08:30:00``. Cells with an error (#N/A) are None, and said.

    Args:
        settings: see `GoogleSheetsSettings`.
        context: where it runs.
        clock: time, for tests.

    """

    name: ClassVar[str] = "google_sheets"
    Settings: ClassVar[type[SourceSettings]] = GoogleSheetsSettings
    identity: ClassVar[tuple[str, ...]] = ("base_url", "spreadsheet", "sheet", "key")

    def __init__(
        self, settings: GoogleSheetsSettings, context: SourceContext, clock: Clock | None = None
    ) -> None:
        self._settings = settings
        self._context = context
        self._clock = clock or SystemClock()
        self._api = SheetsApi(settings, Surroundings(context, self._clock, settings.timeout))
        self._reader = Reader(self._api, settings, context)

    @property
    def keys_are_places(self) -> bool:
        """Whether keys are row numbers, which all shift when a row is removed."""
        return self._settings.keys_are_rows

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield every row in pages, or one empty page when nothing changed since the position.

        Raises:
            RateLimited: the limit of a minute did not pass in a minute.
            Unavailable: no answer, or the sheet is empty, or being edited all the time.
            Denied: the sheet is not shared with us, or the authorisation was revoked.
            BadConfig: what the settings name is not there.

        """
        rules = self._reader.rules(request)
        known, edition = Seen.of(request.position), await self._api.edition()
        now = self._clock.now()
        if known is not None and known.still_holds(rules, edition, self._settings.read_anyway, now):
            yield Page([], request.position, last=True)
            return
        async with self._reader.reading(request) as read:
            if edition is None:
                seen = Seen(rules, content=await read.digest())
            else:
                seen = Seen.edited(rules, edition, now)
            if seen == known:
                yield Page([], request.position, last=True)
                return
            async with aclosing(read.pages(seen.position())) as pages:
                async for page in pages:
                    yield page

    async def check(self) -> str:
        """Look at the first rows, and say which columns were found, and whether Drive tells of edits.

        Raises:
            SourceError: as `poll`.

        """
        said, _ = await self._reader.look()
        if await self._api.edition() is not None:
            return said
        return f"{said}; Google Drive can't be asked whether it was edited, so it is read at every poll"

    async def fields(self) -> Sequence[str]:
        """Return the names of the columns.

        Raises:
            SourceError: as `poll`.

        """
        return (await self._reader.look())[1]

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the rows of these keys, by reading everything: a sheet can't be asked for a row.

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
        """Return how a person who can open the sheet authorises a client of ours.

        Raises:
            BadConfig: when the settings give another way in.

        """
        return flow_of(self._settings, self._context)

    async def close(self) -> None:
        """Give back connections."""
        await self._api.close()
