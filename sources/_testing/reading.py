"""Polling as the engine does it: page by page, with positions that go through JSON."""

from __future__ import annotations

import json
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any

from sources.base import Closes, Page, PollRequest, Position

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

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
