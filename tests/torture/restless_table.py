"""A table that people write to while it is read, and that sees who reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sources.base import Page, SourceSettings
from sources.position import Position
from tests.scripted_source import ScriptedTable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from sources.base import PollRequest, Record
    from tests.torture.mortal_store import MortalStore


@dataclass
class RestlessTable(ScriptedTable):
    """Every page is a query of its own, as with a real database; something may happen between two."""

    #: Done after the next page, once.
    meanwhile: Callable[[], object] | None = None
    #: Whether that was done since the last look.
    has_happened: bool = False
    #: Whether rows of the same time come in the other order.
    turned: bool = False
    #: Processes that are reading it.
    readers: list[MortalStore] = field(default_factory=list)
    #: Set when two that were alive read it at once.
    was_shared: bool = False

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        self.asked.append(request.position)
        after: tuple[Any, Any] | None = None
        while True:
            rows = self._from(request.position, after)
            page, last = rows[: self.page_size], len(rows) <= self.page_size
            position = Position(page[-1].changed, (page[-1].key,)) if page else request.position
            if page:
                after = self._place(page[-1])
            yield Page(page, position, last)
            if last:
                return
            self.happen()

    def _from(self, position: Position | None, after: tuple[Any, Any] | None) -> list[Record]:
        found = sorted(self.rows.values(), key=self._place)
        if after is not None:
            return [row for row in found if self._place(row) > after]
        since = position.at if position else None
        return [row for row in found if since is None or row.changed >= since]  # type: ignore[operator]  # both are times

    def _place(self, row: Record) -> tuple[Any, Any]:
        letters = [ord(letter) for letter in row.key]
        return row.changed, [-each for each in letters] if self.turned else letters

    def happen(self) -> None:
        """Let happen what was to happen meanwhile."""
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            self.has_happened = True
            happens()


@dataclass
class Reader:
    """The adapter of one process over the table."""

    name: ClassVar[str] = "restless_table"
    Settings: ClassVar[type[SourceSettings]] = SourceSettings

    table: RestlessTable
    process: MortalStore

    async def latest(self) -> Position | None:
        return await self.table.latest()

    async def check(self) -> str:
        return await self.table.check()

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        readers = self.table.readers
        self.table.was_shared |= any(not other.dead for other in readers)
        readers.append(self.process)
        try:
            async for page in self.table.poll(request):
                yield page
        finally:
            readers.remove(self.process)
