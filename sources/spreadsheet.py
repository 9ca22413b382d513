"""Spreadsheets as a source: csv, tsv, xlsx, xlsm, xlsb, xls and ods.

They are files or globs, on this machine or in a store (an S3 bucket, say), or what is behind an http(s) URL.

A spreadsheet can only be read whole. The position of a poll is the state that the files were in (size,
time and inode, what a store calls it, or a digest of what a server sent); while that holds, nothing is read.
A file that is written to while it is read fails the poll, and the next poll reads it again.

Columns are called what their header says, white space made single. A second "Phone" is "Phone (2)".
A column without a header is "Column C", and stands in the records of the rows that have something there.
Cells of a text file are text, or None when blank; cells of a workbook are text, int, float, bool, date
or datetime. Times and durations are text as ``08:30:00``. Cells with an error (#N/A) are None, and said;
in .xls and .xlsb workbooks they can't be told from empty ones.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, ClassVar

from sources._files.store import NotThere
from sources._http.clock import Clock, SystemClock
from sources._sheets.files import LocalFile
from sources._sheets.locate import locate
from sources._sheets.pages import pages_of
from sources._sheets.plan import Plan
from sources._sheets.reading import look_at
from sources._sheets.revision import Revision
from sources._sheets.settings import ROW, SpreadsheetSettings
from sources._sheets.settling import seconds_to_wait
from sources._sheets.stored import StoredFile
from sources._sheets.watching import saves
from sources._threads import in_thread
from sources._wording import counted
from sources.base import Page, PollRequest, Record, SourceContext
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sources._sheets.locate import Found
    from sources._sheets.reading import Looked, SheetFile

__all__ = ["Spreadsheet", "SpreadsheetSettings"]

#: Of files in a store, so many from the beginning and the end are fetched for a look at them.
_FETCHED_TO_LOOK = 5


class Spreadsheet:
    """Reads the rows of a spreadsheet as records.

    Args:
        settings: see `SpreadsheetSettings`.
        context: where the source stands.
        clock: how time is told; the machine's clock by default.

    """

    name: ClassVar[str] = "spreadsheet"
    Settings: ClassVar[type[SpreadsheetSettings]] = SpreadsheetSettings

    def __init__(
        self, settings: SpreadsheetSettings, context: SourceContext, clock: Clock | None = None
    ) -> None:
        self._settings = settings
        self._context = context
        self._clock = clock or SystemClock()

    @property
    def keys_are_places(self) -> bool:
        """Whether keys are row numbers, which all shift when a row is removed."""
        return self._settings.key == ROW

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield every row in pages, or one empty page when nothing changed since the position.

        Raises:
            Unavailable: when a file is not there, not complete, or written to at this moment.
            Denied: when it may not be read, or asks for a password.
            BadConfig: when what the settings name is not in it.

        """
        plan = Plan(self._settings, self._context.timezone, request.fields, request.page_size)
        known = Revision.of(request.position)
        async with locate(plan, self._context, known) as found:
            if found.revision.same_as(known):
                yield Page([], found.revision.position(), last=True)
                return
            await self._settle(found)
            async with aclosing(pages_of(found, plan)) as pages:
                async for page in pages:
                    yield page

    async def check(self) -> str:
        """Open what the settings name, and say which columns were found where.

        Of many files in a store a few are opened: each would have to be fetched whole.

        Raises:
            SourceError: when it could not be polled as things stand.

        """
        try:
            count, looked = await self._look()
        except NotThere as error:
            where = f" (looked in {self._context.directory})" if self._settings.scheme is None else ""
            raise BadConfig(f"{error}{where}", "path") from None
        files = "" if count == 1 else f"{counted(count, 'file')}; "
        return files + looked[0].said

    async def fields(self) -> Sequence[str]:
        """Return the names of the columns of all files that `check` opens, in the order they are met in.

        Raises:
            SourceError: when a file can't be read.

        """
        _, looked = await self._look()
        return list(dict.fromkeys(name for each in looked for name in each.fields))

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the rows of these keys, by reading everything: a sheet can't be asked for a row.

        Raises:
            SourceError: as `poll` does.

        """
        found: dict[str, Record] = {}
        if keys:
            async with aclosing(self.poll(PollRequest())) as pages:
                async for page in pages:
                    found |= {record.key: record for record in page.records if record.key in keys}
        return list(found.values())

    async def hints(self) -> AsyncGenerator[None, None]:
        """Yield when files may have changed; nothing for a URL, and with ``watch: false``.

        Raises:
            SourceError: when they can't be watched.

        """
        if self._settings.watch and self._settings.scheme is None:
            path = self._settings.path.strip()
            async with aclosing(saves(path, self._context.directory, self._clock)) as each:
                async for _ in each:
                    yield

    async def _look(self) -> tuple[int, list[Looked]]:
        """Return how many files there are, and what a look at them found."""
        plan = Plan(self._settings, self._context.timezone)
        async with locate(plan, self._context) as found:
            files = _few(found.files)
            looked = await in_thread(lambda: [look_at(file, plan, many=found.many) for file in files])
            return len(found.files), looked

    async def _settle(self, found: Found) -> None:
        """Wait where a file may still be being written; reading it then tells whether it was."""
        local = [file for file in found.files if isinstance(file, LocalFile)]
        seconds = await in_thread(lambda: seconds_to_wait(local, self._clock.now()))
        if seconds > 0:
            await self._clock.sleep(seconds)


def _few(files: Sequence[SheetFile]) -> Sequence[SheetFile]:
    """Return the first and the last by name where each costs a download, which are the oldest and newest."""
    stored = any(isinstance(file, StoredFile) for file in files)
    if not stored or len(files) <= 2 * _FETCHED_TO_LOOK:
        return files
    return [*files[:_FETCHED_TO_LOOK], *files[-_FETCHED_TO_LOOK:]]
