"""Reading what changed in spans of time that are small enough, for searches that stop at so many results.

A long span is halved until each part holds few enough records, so that a position can be saved after each.
Within a span an adapter goes on by id, which has no ties: the order of times is not relied on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

T = TypeVar("T")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open in change time: since <= changed < until. None: open to that side."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ruler:
    """What spans are measured by."""

    #: Nothing in any account changed before this.
    beginning: datetime
    #: The source's own clock when the poll began. What lies beyond it is not cut further.
    present: datetime
    #: What the source's times are exact to.
    unit: timedelta

    def halves(self, span: Span) -> tuple[Span, Span] | None:
        """Return the earlier and the later half of a span; None when it can't be cut."""
        low = max(span.since or self.beginning, self.beginning)
        high = span.until if span.until is not None else max(self.present, low + self.unit)
        middle = max(self._rounded(low + (high - low) / 2), low + self.unit)
        if middle > self.present or (span.until is not None and middle >= span.until):
            return None
        return Span(span.since, middle), Span(middle, span.until)

    def _rounded(self, at: datetime) -> datetime:
        return _EPOCH + (at - _EPOCH) // self.unit * self.unit


@dataclass(frozen=True, slots=True)
class Look(Generic[T]):
    """A first look at a span."""

    #: How many records it holds.
    count: int
    #: Whatever came with the count: the first page, as a rule.
    first: T


async def small_spans(
    whole: Span, ruler: Ruler, look: Callable[[Span], Awaitable[Look[T]]], most: int
) -> AsyncGenerator[tuple[Span, T], None]:
    """Yield parts of a span, oldest first, with what came with the look at each.

    A part holds at most `most` records, unless its times can't be told apart any further.

    Args:
        whole: what to cut up.
        ruler: see `Ruler`.
        look: asks the source about a span.
        most: the largest count that is not cut.

    """
    waiting = [whole]
    while waiting:
        span = waiting.pop()
        seen = await look(span)
        halves = ruler.halves(span) if seen.count > most else None
        if halves is None:
            yield span, seen.first
        else:
            waiting += reversed(halves)
