"""Reading a source so that whatever its adapter raises is told as what it is."""

from __future__ import annotations

import traceback
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sources.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterator

    from sources.base import Page, PollRequest, Source


class Faulty(SourceError):
    """An adapter raised what no adapter may raise: that is a bug in it."""


@contextmanager
def blaming(source: Source) -> Iterator[None]:
    """Turn what an adapter may not raise into `Faulty`, without the message, which may hold values."""
    try:
        yield
    except SourceError:
        raise
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        raise Faulty(
            f"the adapter {source.name} failed with {type(error).__name__} at {Path(frame.filename).name}:"
            f"{frame.lineno}; that is a bug in it"
        ) from error


async def read_pages(source: Source, request: PollRequest) -> AsyncGenerator[Page, None]:
    """Yield a poll's pages; closing this closes the poll.

    Raises:
        SourceError: what the adapter raised, or `Faulty`.

    """
    with blaming(source):
        async with aclosing(_closable(source.poll(request))) as pages:
            async for page in pages:
                yield page


def _closable(pages: AsyncIterator[Page]) -> AsyncGenerator[Page, None]:
    """Let any iterator be closed; most are generators, which can be."""

    async def through() -> AsyncGenerator[Page, None]:
        async for page in pages:
            yield page

    return cast("AsyncGenerator[Page, None]", pages) if hasattr(pages, "aclose") else through()
