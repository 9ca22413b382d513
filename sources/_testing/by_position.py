"""What holds for sources that can be asked for what changed."""

# ruff: noqa: S101 - a conformance suite asserts
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from sources._testing.reading import PAGE_SIZE, names_of, opened, poll, reached, records_of
from sources._testing.rig import EPOCH, Lead, Rig, leads
from sources.base import HasLookback, KnowsLatest, Position, Window

_MANY = 3 * PAGE_SIZE + 1
_MINUTE = timedelta(minutes=1)
#: As far ahead as a TIMESTAMP of MySQL reaches.
_NEVER = datetime(2037, 1, 1, tzinfo=UTC)
#: How far a source may trust the clocks of those who write to it.
_TOLERANCE = timedelta(minutes=10)
#: Far east and far west of any server, one of them at half an hour.
_ZONES = (timezone(timedelta(hours=13)), timezone(-timedelta(hours=9, minutes=30)))


class ByPosition:
    """Tests of positions that are times."""

    async def test_the_position_is_the_newest_time(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        position = reached(await poll(rig))
        assert position is not None
        assert position.at == leads(_MANY)[-1].changed

    async def test_p9_an_unchanged_system_gives_nothing_but_the_newest(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        position = reached(await poll(rig))
        again = await poll(rig, position)
        assert set(names_of(again)) <= {str(_MANY)}
        assert reached(again, position) == position

    async def test_p1_leads_of_one_moment_fill_more_than_a_page(self, rig: Rig) -> None:
        tied = [*leads(2), *leads(_MANY, each=timedelta(0), first=11)]
        rig.put([*tied[:2], *(replace(lead, changed=EPOCH + 2 * _MINUTE) for lead in tied[2:])])
        pages = await poll(rig)
        assert len(records_of(pages)) == _MANY + 2
        for count in range(1, len(pages)):
            first = await poll(rig, pages=count)
            rest = await poll(rig, reached(first))
            assert len({**names_of(first), **names_of(rest)}) == _MANY + 2, f"broken off after {count} pages"

    async def test_p1_the_moment_of_the_position_is_read_again(self, rig: Rig) -> None:
        first, *others = leads(5)
        rig.put(others)
        position = reached(await poll(rig))
        rig.put([replace(first, changed=others[-1].changed)])
        assert "1" in names_of(await poll(rig, position))

    async def test_p1_a_lead_that_turns_up_late_is_found_by_looking_back(self, rig: Rig) -> None:
        async with opened(rig) as source:
            back = source.default_lookback if isinstance(source, HasLookback) else 5 * _MINUTE
        rig.put(leads(_MANY))
        position = reached(await poll(rig))
        assert position is not None
        rig.put([Lead("500", "Late", leads(_MANY)[-1].changed - back / 2)])
        assert names_of(await poll(rig, position.moved_back(back))).get("500") == "Late"

    async def test_p1_a_lead_from_the_future_blinds_nobody(self, rig: Rig) -> None:
        rig.put([*leads(3), Lead("900", "Typing error", _NEVER)])
        position = reached(await poll(rig))
        assert position is not None
        assert isinstance(position.at, datetime)
        assert position.at <= datetime.now(UTC) + _TOLERANCE
        rig.put([Lead("2", "Changed", max(position.at, EPOCH + 60 * _MINUTE))])
        assert names_of(await poll(rig, position.moved_back(timedelta(0)))).get("2") == "Changed"

    async def test_records_say_when_they_changed(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        told = {record.key: record.changed for record in records_of(await poll(rig))}
        assert told == {lead.key: lead.changed for lead in leads(_MANY)}

    async def test_it_can_begin_at_a_moment(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        moment = leads(_MANY)[_MANY - 3].changed
        found = {record.key: record.changed for record in records_of(await poll(rig, Position(at=moment)))}
        assert {str(_MANY - 2), str(_MANY - 1), str(_MANY)} <= set(found)

    @pytest.mark.parametrize(("since", "until"), [(2, 5), (2, None), (None, 5), (3, 4), (4, 4)])
    async def test_a_window_holds_its_beginning_and_not_its_end(
        self, rig: Rig, since: int | None, until: int | None
    ) -> None:
        there = leads(_MANY)
        rig.put(there)
        window = Window(
            there[since].changed if since is not None else None,
            there[until].changed if until is not None else None,
        )
        found = names_of(await poll(rig, window=window))
        assert sorted(found, key=int) == [lead.key for lead in there[since:until]]

    async def test_a_window_means_the_same_moments_in_every_zone(self, rig: Rig) -> None:
        there = leads(_MANY)
        rig.put(there)
        for zone in _ZONES:
            window = Window(there[2].changed.astimezone(zone), there[5].changed.astimezone(zone))
            found = names_of(await poll(rig, window=window))
            assert sorted(found, key=int) == [lead.key for lead in there[2:5]], str(zone)

    async def test_a_window_broken_off_goes_on(self, rig: Rig) -> None:
        there = leads(3 * _MANY)
        rig.put(there)
        window = Window(there[1].changed, there[-1].changed)
        first = await poll(rig, window=window, pages=2)
        rest = await poll(rig, reached(first), window)
        assert set({**names_of(first), **names_of(rest)}) == {lead.key for lead in there[1:-1]}

    async def test_it_knows_its_newest_moment_if_it_says_so(self, rig: Rig) -> None:
        rig.put([*leads(3), Lead("900", "Typing error", _NEVER)])
        async with opened(rig) as source:
            if not isinstance(source, KnowsLatest):
                return
            latest = await source.latest()
        assert latest is not None
        assert isinstance(latest.at, datetime)
        assert leads(3)[-1].changed <= latest.at <= datetime.now(UTC) + _TOLERANCE
