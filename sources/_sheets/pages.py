"""From the files of a poll to its pages."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from sources._sheets.notes import Notes
from sources._sheets.reading import Batch, read_all
from sources._threads import each_in_thread
from sources.base import Page

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from sources._sheets.locate import Found
    from sources._sheets.plan import Plan


async def pages_of(found: Found, plan: Plan) -> AsyncGenerator[Page, None]:
    """Yield the rows of all files; the last page, which has the position, once all have been read.

    Raises:
        SourceError: when one can't be read.

    """
    notes = Notes()
    held: Batch | None = None
    async with aclosing(each_in_thread(read_all(found.files, plan, notes, many=found.many))) as batches:
        async for batch in batches:
            if held is not None:
                yield Page(held.records, None, last=False, bad=held.bad)
            held = batch
    held = held or Batch()
    position = found.revision.position()
    yield Page(held.records, position, last=True, bad=held.bad, notes=notes.texts())
