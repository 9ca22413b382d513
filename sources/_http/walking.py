"""Reading page after page, and never for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sources._http.guard import PageGuard
from sources.errors import BadConfig, Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from sources._http.call import Answer, Call
    from sources._http.client import ApiClient

T = TypeVar("T")


async def walk(
    client: ApiClient,
    first: Call,
    turn: Callable[[Answer], tuple[T, Call | None]],
    *,
    items: Callable[[T], Sequence[Any]] | None = None,
    guard: PageGuard | None = None,
) -> AsyncGenerator[tuple[T, bool], None]:
    """Ask for page after page; yield what `turn` makes of each, and whether it was the last.

    Args:
        client: what sends.
        first: the request for the first page.
        turn: takes an answer; returns what to yield and the request for the next page, None at the end.
        items: returns what a page holds, as JSON-like values. With it, a server is found out that makes up
            cursors for ever and gives nothing with them, or the same.
        guard: other limits than the usual ones.

    Raises:
        Unavailable: when the pages have no end, or a later page is refused.
        BadConfig: when the first page is refused, or there are more than a setting allows.

    """
    guard = guard or PageGuard()
    call, number = first, 0
    while True:
        number += 1
        guard.count(first.where)
        guard.ask(call.digest(), f"{call.where}, page {number}")
        answer = await _page(client, call, number)
        found, following = turn(answer)
        if items is not None and following is not None:
            guard.take(items(found), answer.where)
        yield found, following is None
        if following is None:
            return
        call = following


async def _page(client: ApiClient, call: Call, number: int) -> Answer:
    """Read one page. The settings served for the pages before it, so a later refusal is not theirs."""
    try:
        return await client.request(call)
    except BadConfig as error:
        if number == 1 or error.setting not in (None, "url"):
            raise
        raise Unavailable(f"page {number} was refused: {error}") from error
