"""Polling as the engine does it: page by page, with positions that go through JSON."""

from __future__ import annotations

import json
from contextlib import aclosing, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sources._testing.rig import EPOCH
from sources.base import Closes, KnowsLatest, Page, PollRequest, Position
from sources.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from sources._testing.rig import Rig
    from sources.base import Record, Source, Window

#: Small enough that the suite's leads fill several pages.
PAGE_SIZE = 3


@asynccontextmanager
async def opened(rig: Rig) -> AsyncIterator[Source]:
    """Make a source, and close it after the block."""
    source = rig.source()
    try:
        yield source
    finally:
        if isinstance(source, Closes):
            await source.close()


async def poll(
    rig: Rig,
    position: Position | None = None,
    window: Window | None = None,
    *,
    fields: frozenset[str] | None = None,
    pages: int | None = None,
) -> list[Page]:
    """Poll a new source, as after a restart; after so many pages the poll is broken off."""
    request = PollRequest(through_json(position), window, fields, PAGE_SIZE)
    found: list[Page] = []
    async with opened(rig) as source:
        iterator: Any = source.poll(request)
        async with aclosing(iterator):
            async for page in iterator:
                found.append(page)
                if page.last or len(found) == pages:
                    break
    return found


async def failed(
    rig: Rig, position: Position | None = None, *, most: int | None = None
) -> tuple[list[Page], SourceError | None]:
    """Poll until it ends, fails, or has given so many pages; return the pages, and how it failed."""
    return await _with_a_change(rig, position, most, None)


async def change_after_a_page(
    rig: Rig, change: Callable[[], object]
) -> tuple[list[Page], SourceError | None]:
    """Poll from the beginning, with a change of the system after the first page."""
    return await _with_a_change(rig, None, None, change)


async def _with_a_change(
    rig: Rig, position: Position | None, most: int | None, change: Callable[[], object] | None
) -> tuple[list[Page], SourceError | None]:
    found: list[Page] = []
    async with opened(rig) as source:
        iterator: Any = source.poll(PollRequest(through_json(position), page_size=PAGE_SIZE))
        async with aclosing(iterator):
            try:
                async for page in iterator:
                    found.append(page)
                    if change is not None and len(found) == 1:
                        change()
                    if page.last or len(found) == most:
                        break
            except SourceError as error:
                return found, error
    return found, None


async def present(rig: Rig) -> datetime:
    """Return the second that the source has reached: no change from now on is dated before it."""
    times = [record.changed for record in records_of(await poll(rig))]
    async with opened(rig) as source:
        latest = await source.latest() if isinstance(source, KnowsLatest) else None
    newest = max(at for at in [EPOCH, latest and latest.at, *times] if isinstance(at, datetime))
    return newest.replace(microsecond=0)


def through_json(position: Position | None) -> Position | None:
    """Return a position as it comes back from the state store."""
    if position is None:
        return None
    return Position.from_json(json.loads(json.dumps(position.to_json())))


def reached(pages: Sequence[Page], start: Position | None = None) -> Position | None:
    """Return the position that holds once these pages are staged; it never moves back."""
    position = start
    for page in pages:
        moves_back = page.position and position and page.position.is_before(position)
        if page.position is not None and not moves_back:
            position = page.position
    return position


def records_of(pages: Sequence[Page]) -> list[Record]:
    """Return the records of all pages."""
    return [record for page in pages for record in page.records]


def names_of(pages: Sequence[Page]) -> dict[str, Any]:
    """Return what the field ``name`` of each record says, by key."""
    return {record.key: record.fields.get("name") for record in records_of(pages)}
