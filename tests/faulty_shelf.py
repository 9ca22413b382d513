"""A system of leads in memory, and an adapter over it that has the flaw that it is told to have."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from sources.base import Page, PollRequest, Position, Record, SourceContext, SourceSettings, Window
from sources.errors import Denied, RateLimited, SourceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Sequence

    from sources.testing import Lead

SECRET = "made-up-token"


class Shelf:
    """Leads in memory, and an adapter over them that may have a flaw."""

    secrets = (SECRET,)

    def __init__(self, flaw: str = "") -> None:
        self.flaw = flaw
        self.leads: dict[str, Lead] = {}
        self.refusal: SourceError | None = None
        self.loops = False
        #: What flawed adapters remember, against the rules, from one to the next.
        self.seen: set[str] = set()
        self.newest = datetime.min.replace(tzinfo=UTC)

    def put(self, leads: Sequence[Lead]) -> None:
        self.leads.update((lead.key, lead) for lead in leads)

    def source(self) -> ShelfSource:
        kind: type[ShelfSource] = _KINDS.get(self.flaw, ShelfSource)
        return kind(SourceSettings(), self)

    def break_down(self) -> None:
        self.refusal = Unavailable(f"the shelf fell ({SECRET})" if self.flaw == "tells" else "the shelf fell")

    def limit(self) -> float:
        wait = None if self.flaw == "forgets the wait" else 3600.0
        told = f"not so often ({SECRET})" if self.flaw == "tells of limits" else "not so often"
        limited = Unavailable(told) if self.flaw == "takes limits for failures" else RateLimited(told, wait)
        self.refusal = limited
        return 3600.0

    def deny(self) -> None:
        told = f"not you ({SECRET})" if self.flaw == "tells who we are" else "not you"
        self.refusal = Unavailable(told) if self.flaw == "hopes" else Denied(told)

    def loop(self) -> None:
        self.loops = True


class ShelfSource:
    """Reads a shelf by position."""

    name: ClassVar[str] = "shelf"
    Settings: ClassVar[type[SourceSettings]] = SourceSettings
    default_lookback: ClassVar[timedelta] = timedelta(minutes=10)

    def __init__(self, settings: Any, context: SourceContext | Shelf) -> None:
        assert isinstance(context, Shelf)
        self._shelf = context

    @property
    def _flaw(self) -> str:
        return self._shelf.flaw

    async def poll(self, request: PollRequest) -> AsyncIterator[Page]:
        self._task = asyncio.create_task(asyncio.sleep(60)) if self._flaw == "leaves tasks" else None
        if self._flaw == "moves on first" and self._shelf.refusal:
            yield Page([], Position(datetime.now(UTC)), last=False)
        self._look()
        request = self._misread(request)
        position, place, number = request.position, None, 0
        while True:
            if self._flaw == "ends when refused" and number and self._shelf.refusal:
                yield Page([], self._end(), last=True)
                return
            self._look()
            chunk, more = self._chunk(request, place, number)
            last = not more and self._flaw != "no last page"
            place, number = (_place(chunk[-1]) if chunk else place), number + 1
            position = self._position(chunk, position, last=last)
            yield Page([self._record(lead, request.fields) for lead in chunk], position, last=last)
            if not more:
                return

    def _misread(self, request: PollRequest) -> PollRequest:
        """Return the request as an adapter with a flaw understands it."""
        if request.position and self._flaw == "begins again":
            return replace(request, position=None)
        if request.position and self._flaw == "loses its window":
            return replace(request, window=None)
        if request.position and self._flaw == "reads once":
            return replace(request, position=Position(datetime.now(UTC)))
        return request

    def _chunk(self, request: PollRequest, place: Any, number: int) -> tuple[list[Lead], bool]:
        """Return the leads of the next page, and whether there are more: by place, or counted."""
        rows = self._rows(request)
        size = len(rows) + 1 if self._flaw == "one huge page" else request.page_size
        if self._shelf.loops and number:
            if self._flaw != "goes round":
                raise Unavailable("the same page again")
            return rows[:size], True
        if self._flaw == "counts":
            return rows[number * size : number * size + size], len(rows) > number * size + size
        left = [lead for lead in rows if place is None or _place(lead) > place]
        return left[:size], len(left) > size

    def _end(self) -> Position:
        return Position(self._sorted()[-1].changed)

    async def check(self) -> str:
        self._look()
        return f"{len(self._shelf.leads)} leads" + (f" with {SECRET}" if self._flaw == "talks" else "")

    async def latest(self) -> Position | None:
        leads = [lead for lead in self._sorted() if self._flaw == "blinded" or not _in_the_future(lead)]
        return Position(leads[-1].changed) if leads else None

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        found = (
            self._sorted() if self._flaw == "fetches all" else [self._shelf.leads.get(key) for key in keys]
        )
        return [self._record(lead) for lead in found if lead]

    async def fields(self) -> Sequence[str]:
        return ["id"] if self._flaw == "hides fields" else ["id", "name"]

    def _look(self) -> None:
        if self._flaw == "fears the void" and not self._shelf.leads:
            raise Unavailable("there is nothing")
        if self._shelf.refusal is not None:
            if self._flaw == "raises what it likes":
                raise KeyError(SECRET)
            raise self._shelf.refusal

    def _sorted(self) -> list[Lead]:
        leads = sorted(self._shelf.leads.values(), key=_place)
        return leads[1:] if self._flaw == "loses one" else leads

    def _rows(self, request: PollRequest) -> list[Lead]:
        at, window = request.position, request.window
        rows = [lead for lead in self._sorted() if at is None or self._is_after(lead, at)]
        rows = self._remembering(rows)
        if window and self._flaw == "forgets zones":
            window = Window(*(at and at.replace(tzinfo=UTC) for at in (window.since, window.until)))
        if window and window.since:
            rows = [lead for lead in rows if lead.changed >= window.since]
        if window and window.until:
            inclusive = self._flaw == "closed window"
            rows = [r for r in rows if r.changed < window.until or (inclusive and r.changed == window.until)]
        return rows

    def _remembering(self, rows: list[Lead]) -> list[Lead]:
        if self._flaw == "never looks back":
            rows = [lead for lead in rows if lead.changed >= self._shelf.newest]
        if self._flaw == "never twice":
            rows = [lead for lead in rows if lead.key not in self._shelf.seen]
        return rows

    def _is_after(self, lead: Lead, position: Position) -> bool:
        if self._flaw == "exclusive":
            return lead.changed > position.at  # type: ignore[operator] # positions here are times
        if position.key:
            return (lead.changed, lead.key) > (position.at, *position.key)  # type: ignore[operator] # the same
        return lead.changed >= position.at  # type: ignore[operator] # the same

    def _position(self, chunk: list[Lead], before: Position | None, *, last: bool) -> Position | None:
        known = [lead for lead in chunk if self._flaw == "blinded" or not _in_the_future(lead)]
        if self._flaw == "runs ahead" and self._shelf.leads:
            return self._end()
        if self._flaw == "begins now" and not self._shelf.leads:
            return Position(datetime.now(UTC))
        if self._flaw == "stands still" and known:
            return before or Position(known[0].changed)
        if not known or (self._flaw == "marks time" and before is not None and not last):
            return before
        if self._flaw == "odd positions":
            return Position(known[-1].changed, ((known[-1].key,),))
        return Position(known[-1].changed, () if last else (known[-1].key,))

    def _record(self, lead: Lead, asked: Collection[str] | None = None) -> Record:
        self._shelf.seen.add(lead.key)
        self._shelf.newest = max(self._shelf.newest, lead.changed)
        key = f"{int(lead.key):04}.0 " if self._flaw == "odd keys" else lead.key
        if self._flaw == "counts rows":
            key = str(self._sorted().index(lead) + 1)
        naive = lead.changed.replace(tzinfo=None)
        changed = naive if self._flaw == "no zone" else lead.changed
        value: Any = {1, 2} if self._flaw == "sets" else 1
        loses = self._flaw == "loses fields" or (asked and self._flaw == "loses what is asked for")
        if self._flaw == "takes ways for fields":
            loses = not {"id", "name"} >= set(asked or ())
        name = None if loses else lead.name
        return Record(key, {"id": value, "name": name}, changed)


def _place(lead: Lead) -> tuple[datetime, str]:
    return lead.changed, lead.key


def _in_the_future(lead: Lead) -> bool:
    return lead.changed > datetime.now(lead.changed.tzinfo)


class _OddlyCalled(ShelfSource):
    name: ClassVar[str] = "Shelf "


class _Silent(ShelfSource):
    class Settings(SourceSettings):
        shelf: str = "without a description"


class _Talkative(ShelfSource):
    def __repr__(self) -> str:
        return f"<Shelf {SECRET}>"


_KINDS: dict[str, type[ShelfSource]] = {
    "is called oddly": _OddlyCalled,
    "explains nothing": _Silent,
    "shows itself": _Talkative,
}
