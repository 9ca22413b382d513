"""Reading page after page, and never for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sources.errors import BadConfig, Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from sources._http.call import Answer, Call
    from sources._http.client import ApiClient

T = TypeVar("T")

#: More pages than any poll has reason to read.
MAX_PAGES = 100_000


class LoopGuard:
    """Notices a sequence that has begun to repeat, in constant memory.

    It remembers the mark before this one, and one anchor that moves up at every power of two
    (Brent's algorithm), so a cycle of any length is noticed within three times round.
    """

    def __init__(self) -> None:
        self._count = 0
        self._anchor: bytes | None = None
        self._previous: bytes | None = None

    def repeats(self, mark: bytes) -> bool:
        """Take the next mark, and tell whether it has been here before."""
        known = mark in (self._previous, self._anchor)
        self._previous = mark
        self._count += 1
        if self._count & (self._count - 1) == 0:
            self._anchor = mark
        return known


async def walk(
    client: ApiClient,
    first: Call,
    turn: Callable[[Answer], tuple[T, Call | None]],
    *,
    max_pages: int = MAX_PAGES,
) -> AsyncGenerator[tuple[T, bool], None]:
    """Ask for page after page; yield what `turn` makes of each, and whether it was the last.

    Args:
        client: what sends.
        first: the request for the first page.
        turn: takes an answer; returns what to yield and the request for the next page, None at the end.
        max_pages: an error after this many.

    Raises:
        Unavailable: when the same page is asked for again, or a later page is refused.
        BadConfig: after `max_pages`, or when the first page is refused.

    """
    guard = LoopGuard()
    call = first
    for number in range(1, max_pages + 1):
        if guard.repeats(call.digest()):
            raise Unavailable(f"{call.where}: page {number} is one that was read already; stopped there")
        answer = await _page(client, call, number)
        found, following = turn(answer)
        yield found, following is None
        if following is None:
            return
        call = following
    raise BadConfig(f"{first.where}: still more after {max_pages} pages; stopped there", "paging.max_pages")


async def _page(client: ApiClient, call: Call, number: int) -> Answer:
    """Read one page. The settings served for the pages before it, so a later refusal is not theirs."""
    try:
        return await client.request(call)
    except BadConfig as error:
        if number == 1 or error.setting not in (None, "url"):
            raise
        raise Unavailable(f"page {number} was refused: {error}") from error
