"""Reading contacts in the order of their changes, from a moment on.

The search's own cursor is the time and the id of a contact, so a place for any moment can be written, and
nobody has to know how its filters work. A contact that changes while it is read moves to the end, and is
read again there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sources._gohighlevel.records import CURSOR, record, wants_quiet
from sources._http.jsontext import stable_bytes
from sources._rest.requests import bounds, is_within
from sources._wording import counted
from sources.base import Page, Position, Record
from sources.errors import BadRecord, Unavailable
from sources.http import PageGuard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sources._gohighlevel.api import Found, GohighlevelApi
    from sources.base import PollRequest

#: Milliseconds since 1970, and what tells contacts of one millisecond apart.
Cursor: TypeAlias = "list[Any]"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass
class Searching:
    """One poll."""

    api: GohighlevelApi
    request: PollRequest
    #: Whether contacts who are not to be disturbed are read.
    include_dnd: bool
    _left_out: int = field(default=0, init=False)
    _reached: datetime | None = field(default=None, init=False)
    #: GoHighLevel's clock when the poll began. What changed later moves no position.
    _began: datetime | None = field(default=None, init=False)

    async def pages(self) -> AsyncGenerator[Page, None]:
        """Yield all that changed; the end is a page without contacts, whatever the pages before held.

        Raises:
            Unavailable: when the order or the cursors are not such that nothing is lost.

        """
        low, high = bounds(self.request)
        until = None if high is None else _ceiled(high)
        cursor = None if low is None else _just_before(low)
        guard = PageGuard()
        while True:
            guard.count(self.api.base)
            found = await self.api.search(cursor, self.request.page_size)
            self._began = self._began or found.present
            following = _following(found, cursor)
            last = following is None or (until is not None and following[0] >= until)
            yield self._page(found, last=last)
            if last:
                return
            guard.ask(stable_bytes(following), found.where)
            cursor = following

    def _page(self, found: Found, *, last: bool) -> Page:
        records: list[Record] = []
        bad: list[BadRecord] = []
        for number, item in enumerate(found.items, 1):
            try:
                each = record(item, f"item {number}")
            except BadRecord as error:
                bad.append(error)
                continue
            if is_within(each, self.request.window):
                self._take(each, item, records)
        self._see(found.items)
        notes = [self._told()] if last and self._left_out else []
        return Page(records, self._position(), last, bad, notes)

    def _take(self, each: Record, item: Any, records: list[Record]) -> None:
        if wants_quiet(item) and not self.include_dnd:
            self._left_out += 1
        else:
            records.append(each)

    def _see(self, items: Sequence[Any]) -> None:
        """Move on by where contacts stand in the search: one that has changed since says a later time."""
        times = [_time(cursor) for cursor in map(_cursor, items) if cursor is not None]
        past = [at for at in times if self._began is not None and at <= self._began]
        self._reached = max([at for at in (self._reached, *past) if at is not None], default=None)

    def _position(self) -> Position | None:
        """Return the moment that was reached: all of it is read again by the next poll."""
        start = self.request.position
        if self._reached is None:
            return start
        here = Position(at=self._reached)
        return start if start is not None and here.is_before(start) else here

    def _told(self) -> str:
        verb = "is" if self._left_out == 1 else "are"
        about = f"{counted(self._left_out, 'contact')} not to be disturbed {verb} left out"
        return f"{about}; `include_dnd: true` reads them too"


def _just_before(at: datetime) -> Cursor:
    """Return a cursor before everything of a moment, whichever way ids are sorted within one."""
    return [(at - _EPOCH) // _MILLISECOND - 1, "0"]


def _ceiled(at: datetime) -> int:
    """Return the millisecond at or after a moment."""
    return -((_EPOCH - at) // _MILLISECOND)


def _time(cursor: Cursor) -> datetime:
    return _EPOCH + int(cursor[0]) * _MILLISECOND


def _cursor(item: Any) -> Cursor | None:
    """Return where a contact stands in the search; None when it does not say."""
    told = item.get(CURSOR) if isinstance(item, dict) else None
    if not isinstance(told, list) or not told:
        return None
    first = told[0]
    return told if isinstance(first, int) and not isinstance(first, bool) else None


def _following(found: Found, cursor: Cursor | None) -> Cursor | None:
    """Return the cursor to go on with; None at the end.

    Raises:
        Unavailable: when contacts are not sorted by their changes, or don't say where they stand: going
            on would lose some.

    """
    if not found.items:
        return None
    before = cursor[0] if cursor is not None else None
    for item in found.items:
        here = _cursor(item)
        if here is None:
            continue
        if before is not None and here[0] < before:
            raise Unavailable(f"{found.where}: the contacts are not sorted by dateUpdated, as was asked for")
        before = here[0]
    last = _cursor(found.items[-1])
    if last is None:
        raise Unavailable(f"{found.where}: the last contact has no {CURSOR} to go on with; stopped there")
    return last
