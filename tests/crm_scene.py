"""A source for a CRM over the double of its vendor, as it would stand in connector.yaml."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sources.base import PollRequest, Position
from tests.rest_server import context, keys, pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sources.base import Page, Record, Source
    from tests.doubles.base import Double

__all__ = ["keys", "opened", "pages", "polled", "position_of", "records_of"]


@asynccontextmanager
async def opened(
    kind: type[Source], double: Double, cache: Path | None = None, **said: Any
) -> AsyncIterator[Any]:
    """Build a source from its settings, with the double's clock, and close it afterwards."""
    make: Any = kind
    settings = kind.Settings.model_validate(said)
    source = make(settings, context(cache), double.clock)
    try:
        yield source
    finally:
        await source.close()


async def polled(source: Any, position: Position | None = None, **wanted: Any) -> list[Page]:
    """Poll to the end, from a position on."""
    return await pages(source, PollRequest(position, **wanted))


def records_of(found: list[Page]) -> list[Record]:
    """Return the records of all pages."""
    return [record for page in found for record in page.records]


def position_of(found: list[Page]) -> Position | None:
    """Return the last position that a poll gave."""
    return next((page.position for page in reversed(found) if page.position is not None), None)
