"""Who goes first, and that nobody waits for ever."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.states import Lane
from sync.store.lanes import ASKED_AGAIN_AFTER, EVERY, Shares


def claims(waiting: dict[Lane, int], slots: list[int]) -> list[list[Lane]]:
    """Return who was claimed in each turn, given how many wait in each lane: as the outbox does it."""
    shares, turns = Shares(), []
    for free in slots:
        owed = shares.owed(free)
        got = {lane: min(most, waiting[lane]) for lane, most in owed.items()}
        for lane in Lane:
            left = free - sum(number for other, number in got.items() if other is not lane)
            got[lane] = max(got.get(lane, 0), min(left, waiting[lane]))
        shares.note(free, got, owed)
        waiting = {lane: number - got[lane] for lane, number in waiting.items()}
        turns.append([lane for lane in Lane for _ in range(got[lane])])
    return turns


def test_p11_what_is_fresh_goes_first() -> None:
    turns = claims({Lane.LIVE: 5, Lane.RETRY: 100, Lane.BACKFILL: 1_000_000}, [1] * 9)
    assert [lane for turn in turns for lane in turn] == [Lane.LIVE] * 5 + [Lane.RETRY] * 4


def test_p11_each_lane_gets_one_of_twenty_when_the_others_would_fill_every_slot() -> None:
    many = dict.fromkeys(Lane, 10_000)
    found = [lane for turn in claims(many, [1] * 2000) for lane in turn]
    assert found.count(Lane.RETRY) == found.count(Lane.BACKFILL) == 2000 // EVERY
    for lane in (Lane.RETRY, Lane.BACKFILL):
        places = [index for index, each in enumerate(found) if each is lane]
        assert max(after - before for before, after in itertools.pairwise(places)) <= EVERY


def test_p11_retries_do_not_starve_a_backfill() -> None:
    waiting = {Lane.LIVE: 0, Lane.RETRY: 10_000, Lane.BACKFILL: 10_000}
    found = [lane for turn in claims(waiting, [4] * 500) for lane in turn]
    assert found.count(Lane.BACKFILL) == 2000 // EVERY


def test_a_lane_with_nothing_to_send_is_seldom_asked() -> None:
    shares, asked = Shares(), 0
    for _ in range(10_000):
        owed = shares.owed(1)
        asked += len(owed)
        shares.note(1, {Lane.LIVE: 1}, owed)
    assert asked <= 2 * (1 + 10_000 // ASKED_AGAIN_AFTER)


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=60),
    st.fixed_dictionaries({lane: st.integers(0, 400) for lane in Lane}),
)
def test_no_slot_is_left_empty_nor_filled_twice(slots: list[int], waiting: dict[Lane, int]) -> None:
    left = sum(waiting.values())
    for free, turn in zip(slots, claims(waiting, slots), strict=True):
        assert len(turn) == min(free, left)
        left -= len(turn)


@settings(deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=200))
def test_p11_a_share_is_kept_whatever_the_size_of_a_turn(slots: list[int]) -> None:
    found = [lane for turn in claims(dict.fromkeys(Lane, 20_000), slots) for lane in turn]
    for lane in (Lane.RETRY, Lane.BACKFILL):
        assert found.count(lane) >= len(found) // EVERY - 1
    assert found.count(Lane.LIVE) >= len(found) * (EVERY - 3) // EVERY - 2
