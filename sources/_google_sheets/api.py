"""The requests that are made of Google, and what comes back of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import quote, urlsplit

from sources._crm.saying import sensible
from sources._google_sheets.access import access, account_of
from sources._google_sheets.book import Book, Tab
from sources._google_sheets.failures import explaining
from sources.errors import BadConfig, Denied, Unavailable
from sources.http import ApiClient, Call, ClientOptions, Patience

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from sources._crm.access import Surroundings
    from sources._google_sheets.settings import GoogleSheetsSettings

#: The quota of a minute is full again after a minute: 1 + 2 + 4 + 8 + 16 + 32 seconds.
_PATIENCE: Final = Patience(attempts=7, first_delay=1.0, longest_delay=32.0)
_OF_BOOK: Final = (
    "properties(title,timeZone),"
    "sheets.properties(sheetId,title,sheetType,hidden,gridProperties(rowCount,columnCount))"
)
#: Google recommends answers of at most 2 MB: about so many cells of twenty characters.
_CELLS: Final = 100_000
_FEWEST_ROWS: Final = 100

#: How dates come: as numbers of days, or as text in the format of their cell.
Dates = Literal["SERIAL_NUMBER", "FORMATTED_STRING"]


class SheetsApi:
    """Talks with Google about one spreadsheet.

    Args:
        settings: see `GoogleSheetsSettings`.
        around: where it runs.

    """

    def __init__(self, settings: GoogleSheetsSettings, around: Surroundings) -> None:
        account = account_of(settings, around)
        self._home = f"{settings.base_url.rstrip('/')}/v4/spreadsheets/{settings.id}"
        self._file = f"{settings.drive_url.rstrip('/')}/drive/v3/files/{settings.id}"
        options = ClientOptions(
            rate=settings.rate_limit,
            timeout=settings.timeout,
            allow_hosts=(urlsplit(settings.drive_url).netloc,),
            explain=explaining(lambda: account.email if account is not None else ""),
            patience=_PATIENCE,
        )
        auth = access(settings, replace(around, explain=None), account)
        self._client = ApiClient(settings.base_url, auth, options, around.clock)

    async def edition(self) -> str | None:
        """Return what changes with every edit of the file; None when Google Drive doesn't tell us.

        Raises:
            SourceError: no answer, or asked too often.

        """
        params = {"fields": "version,modifiedTime", "supportsAllDrives": "true"}
        try:
            answer = await self._client.request(Call(self._file, params=params))
        except (Denied, BadConfig):  # whoever may read the cells need not be allowed to ask Drive
            return None
        with sensible(answer.where):
            return f"{answer.data['version']} {answer.data['modifiedTime']}"

    async def book(self) -> Book:
        """Return what the spreadsheet says of itself.

        Raises:
            Denied: it is not shared with us, or the API is not enabled.
            BadConfig: it is not there, or no Google sheet.
            Unavailable: no answer, or none that makes sense.

        """
        answer = await self._client.request(Call(self._home, params={"fields": _OF_BOOK}))
        with sensible(answer.where):
            return Book.of(answer.data)

    async def cells(self, tab: Tab, dates: Dates) -> AsyncGenerator[list[list[Any]], None]:
        """Yield all rows of a sheet from its first, a part at a time, the blank ones among them as well.

        Each part is read from the last row of the part before on, which tells whether rows were moved
        meanwhile.

        Raises:
            Unavailable: when they were.

        """
        size = max(_FEWEST_ROWS, _CELLS // max(tab.columns, 1))
        first, before = 1, None
        while True:
            last = first + size - 1 if first + size - 1 < tab.rows else None
            part = await self.part(tab, dates, first, last)
            if last is not None:
                part += [[] for _ in range(size - len(part))]
            if before is not None and (part[0] if part else []) != before:
                raise moved(tab)
            yield part if before is None else part[1:]
            if last is None:
                return
            first, before = last, part[-1]

    async def part(self, tab: Tab, dates: Dates, first: int, last: int | None) -> list[list[Any]]:
        """Return some rows; Google leaves out blank cells and rows at the end, and the list if all are."""
        where = quote(tab.part(first, last), safe="")
        params = {
            "majorDimension": "ROWS",
            "valueRenderOption": "UNFORMATTED_VALUE",
            "dateTimeRenderOption": dates,
        }
        answer = await self._client.request(Call(f"{self._home}/values/{where}", params=params))
        with sensible(answer.where):
            return [list(row) for row in answer.data.get("values") or []]

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()


def moved(tab: Tab) -> Unavailable:
    """Return the error for a sheet that is edited while it is read."""
    return Unavailable(f"sheet {tab.title} was edited while it was being read; it is read again later")
