"""The conformance suite finds what it is there to find: adapters with one flaw each."""

from __future__ import annotations

import inspect
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from sources.base import Page, PollRequest, Position, Record, SourceContext, SourceSettings
from sources.errors import Unavailable
from sources.testing import Lead, PositionContract, SnapshotContract

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Sequence

SECRET = "made-up-token"


class Shelf:
    """Leads in memory, and an adapter over them that may have a flaw."""

    secrets = (SECRET,)

    def __init__(self, flaw: str = "") -> None:
        self.flaw = flaw
        self.leads: dict[str, Lead] = {}
        self.broken = False

    def put(self, leads: Sequence[Lead]) -> None:
        self.leads.update((lead.key, lead) for lead in leads)

    def source(self) -> ShelfSource:
        return ShelfSource(ShelfSource.Settings(), self)

    def break_down(self) -> None:
        self.broken = True


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
        self._look()
        rows = self._rows(request)
        size = len(rows) + 1 if self._flaw == "one huge page" else request.page_size
        chunks = [rows[at : at + size] for at in range(0, len(rows), size)] or [[]]
        position = request.position
        for number, chunk in enumerate(chunks):
            last = number == len(chunks) - 1 and self._flaw != "no last page"
            position = self._position(chunk, position, last=last)
            yield Page([self._record(lead) for lead in chunk], position, last=last)

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
        if self._shelf.broken:
            if self._flaw == "raises what it likes":
                raise KeyError(SECRET)
            raise Unavailable(f"the shelf fell ({SECRET})" if self._flaw == "tells" else "the shelf fell")

    def _sorted(self) -> list[Lead]:
        leads = sorted(self._shelf.leads.values(), key=lambda lead: (lead.changed, lead.key))
        return leads[1:] if self._flaw == "loses one" else leads

    def _rows(self, request: PollRequest) -> list[Lead]:
        at, window = request.position, request.window
        rows = [lead for lead in self._sorted() if at is None or self._is_after(lead, at)]
        if window and window.since:
            rows = [lead for lead in rows if lead.changed >= window.since]
        if window and window.until:
            inclusive = self._flaw == "closed window"
            rows = [r for r in rows if r.changed < window.until or (inclusive and r.changed == window.until)]
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
            return Position(self._sorted()[-1].changed)
        if not known:
            return before
        return Position(known[-1].changed, () if last else (known[-1].key,))

    def _record(self, lead: Lead) -> Record:
        key = f"{int(lead.key):04}.0 " if self._flaw == "odd keys" else lead.key
        naive = lead.changed.replace(tzinfo=None)
        changed = naive if self._flaw == "no zone" else lead.changed
        value: Any = {1, 2} if self._flaw == "sets" else 1
        name = None if self._flaw == "loses fields" else lead.name
        return Record(key, {"id": value, "name": name}, changed)


def _in_the_future(lead: Lead) -> bool:
    return lead.changed > datetime.now(lead.changed.tzinfo)


def _tests(contract: type) -> dict[str, Callable[..., Any]]:
    named = inspect.getmembers(contract, inspect.isfunction)
    return {name: test for name, test in named if name.startswith("test_")}


class TestASourceWithoutAFlaw(PositionContract):
    @pytest.fixture
    def rig(self) -> Shelf:
        return Shelf()


FLAWS = {
    "exclusive": "test_p1_the_moment_of_the_position_is_read_again",
    "loses one": "test_all_records_are_read_once",
    "loses fields": "test_records_hold_what_the_system_holds",
    "odd keys": "test_keys_are_canonical",
    "no zone": "test_times_of_change_have_a_zone",
    "sets": "test_values_are_those_that_a_mapping_knows",
    "one huge page": "test_pages_are_of_the_size_asked_for_and_one_is_the_last",
    "no last page": "test_pages_are_of_the_size_asked_for_and_one_is_the_last",
    "runs ahead": "test_p1_a_poll_broken_off_goes_on_from_any_page",
    "blinded": "test_p1_a_lead_from_the_future_blinds_nobody",
    "talks": "test_check_says_one_line",
    "tells": "test_a_system_that_fails_is_a_source_error",
    "hides fields": "test_it_knows_its_fields_if_it_says_so",
    "fetches all": "test_it_fetches_by_key_if_it_says_so",
}


@pytest.mark.parametrize("flaw", FLAWS)
async def test_a_flaw_is_found(flaw: str) -> None:
    with pytest.raises(AssertionError):
        await _tests(PositionContract)[FLAWS[flaw]](PositionContract(), Shelf(flaw))


async def test_an_error_of_another_kind_is_found() -> None:
    with pytest.raises(KeyError):
        await PositionContract().test_a_system_that_fails_is_a_source_error(Shelf("raises what it likes"))


@pytest.mark.parametrize(("since", "until"), [(2, 5), (None, 5), (3, 4)])
async def test_a_window_that_holds_its_end_is_found(since: int | None, until: int) -> None:
    with pytest.raises(AssertionError):
        await PositionContract().test_a_window_holds_its_beginning_and_not_its_end(
            Shelf("closed window"), since, until
        )


async def test_a_source_by_position_is_no_snapshot() -> None:
    with pytest.raises(AssertionError):
        await SnapshotContract().test_only_the_last_page_has_a_position(Shelf())
