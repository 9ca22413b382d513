"""How the window finds what an endpoint takes at once, in simulated time."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.delivery.window import Window
from sync.endpoints.base import Outcome, Receipt
from tests.delivery_kit import ACCEPTED, BUSY, NO_ANSWER, NO_LINE, REFUSED, REJECTED, THROTTLED
from tests.endpoint_with_limit import LimitedEndpoint

NOW = 1_000_000.0
SOON = replace(ACCEPTED, seconds=0.1)
RECEIPTS = [SOON, REJECTED, REFUSED, THROTTLED, BUSY, NO_LINE, NO_ANSWER, replace(ACCEPTED, seconds=5.0)]


def after(window: Window, receipts: list[Receipt], now: float = NOW) -> int:
    """Return the size of the window after these came back, each sent with the window full."""
    for receipt in receipts:
        window.learn(receipt, window.load(window.size), now)
    return window.size


@settings(deadline=None)
@given(
    st.integers(1, 300),
    st.lists(
        st.tuples(st.sampled_from(RECEIPTS), st.integers(0, 400), st.integers(0, 3), st.floats(-60, 60)),
        max_size=300,
    ),
)
def test_it_is_always_between_1_and_what_the_user_allows(
    most: int, steps: list[tuple[Receipt, int, int, float]]
) -> None:
    window, now = Window(most), NOW
    loads = [window.load(1)]
    for receipt, in_flight, ago, later in steps:
        now += later
        loads.append(window.load(in_flight))
        window.learn(receipt, loads[-1 - min(ago, len(loads) - 1)], now)
        if receipt is NO_LINE:
            window.restart()
        assert 1 <= window.size <= most


@given(st.integers(1, 200))
def test_a_healthy_endpoint_gets_all_that_is_allowed(most: int) -> None:
    assert after(Window(most), [SOON] * 2 * most) == most


@given(st.integers(1, 200), st.sampled_from([THROTTLED, BUSY, NO_ANSWER]))
def test_one_that_always_has_too_much_gets_one_at_a_time(most: int, receipt: Receipt) -> None:
    assert after(Window(most), [receipt] * 300) == 1


@settings(deadline=None, max_examples=50)  # many steps, on a machine that may be busy
@given(st.integers(1, 60), st.integers(0, 300), st.integers(0, 2**32))
def test_it_recovers_from_whatever_was(most: int, length: int, seed: int) -> None:
    chosen = random.Random(seed)
    window, now = Window(most), NOW
    for _ in range(length):
        now += chosen.random()
        after(window, [chosen.choice(RECEIPTS)], now)
    for _ in range(2000):
        now += 1.0
        after(window, [SOON], now)
    assert window.size == most


def test_it_is_halved_once_for_all_that_was_in_the_air() -> None:
    window = Window(16)
    load = window.load(16)
    for _ in range(16):
        window.learn(THROTTLED, load, NOW)
    assert window.size == 8


def test_a_few_failures_among_many_are_about_their_leads() -> None:
    window = Window(50)
    after(window, [SOON] * 100)
    assert after(window, ([SOON] * 24 + [BUSY] + [SOON] * 24 + [NO_ANSWER]) * 20) == 50


@pytest.mark.parametrize("receipt", [REJECTED, REFUSED, NO_LINE, Receipt(Outcome.UNKNOWN, "500", 500)])
def test_what_is_not_about_how_many_there_are_changes_nothing(receipt: Receipt) -> None:
    assert after(Window(16), [receipt] * 100) == 16


def test_it_does_not_grow_while_nobody_needs_it() -> None:
    window = Window(100)
    for _ in range(1000):
        window.learn(SOON, window.load(2), NOW)
    assert window.size == 16


def test_after_it_was_down_it_begins_with_little_and_grows_quickly() -> None:
    window = Window(64)
    after(window, [SOON] * 200)
    window.restart()
    assert window.size == 2
    sizes = [window.size]
    while window.size < 64:
        after(window, [SOON] * window.size)  # one round trip
        sizes.append(window.size)
    assert len(sizes) <= 7


def test_20_ms_and_a_window_of_50_are_not_slowed_down() -> None:
    endpoint = LimitedEndpoint(Window(50), limit=1000, service=lambda: 0.02)
    endpoint.run(10.0)
    assert endpoint.taken >= 0.98 * 10 * 50 / 0.02


@pytest.mark.parametrize("spread", [0.2, 0.5, 1.0])
def test_jitter_alone_takes_nothing_away(spread: float) -> None:
    chance = random.Random(7)
    endpoint = LimitedEndpoint(Window(50), limit=1000, service=lambda: 0.1 * chance.lognormvariate(0, spread))
    endpoint.run(2.0)
    sizes = endpoint.run(30.0)
    assert min(sizes) >= 35
    assert sum(sizes) / len(sizes) >= 45


@pytest.mark.parametrize("limit", [1, 3, 10, 30])
@pytest.mark.parametrize("service", [0.02, 0.3])
def test_it_settles_at_a_limit_beyond_which_it_is_refused(limit: int, service: float) -> None:
    endpoint = LimitedEndpoint(Window(50), limit, service=lambda: service, refuses=True)
    endpoint.run(30.0)
    endpoint.taken = endpoint.refused = 0
    sizes = endpoint.run(60.0)
    assert max(sizes) <= limit + 1
    assert endpoint.taken >= 0.93 * 60 * limit / service
    assert endpoint.refused <= 12  # in a minute


@pytest.mark.parametrize("most", [16, 50, 200])
@pytest.mark.parametrize("jitter", [0.0, 0.3])
def test_it_settles_near_a_limit_beyond_which_there_is_a_queue(most: int, jitter: float) -> None:
    chance = random.Random(7)
    endpoint = LimitedEndpoint(Window(most), limit=10, service=lambda: 0.1 * chance.lognormvariate(0, jitter))
    endpoint.run(60.0)
    endpoint.taken = 0
    sizes = endpoint.run(60.0)
    assert min(sizes) >= 10
    assert max(sizes) <= 30
    assert endpoint.taken >= 0.9 * 60 * 10 / 0.1


def test_a_limit_that_is_lifted_is_noticed_within_two_minutes() -> None:
    endpoint = LimitedEndpoint(Window(50), limit=5, refuses=True)
    assert endpoint.run(300.0)[-1] <= 6
    endpoint.limit = 1000
    assert endpoint.run(120.0)[-1] == 50


def test_an_endpoint_that_has_become_slow_for_everybody_is_not_given_less_for_ever() -> None:
    pace = [0.05]
    endpoint = LimitedEndpoint(Window(50), limit=1000, service=lambda: pace[0])
    endpoint.run(10.0)
    pace[0] = 0.4
    sizes = endpoint.run(120.0)
    assert min(sizes) < 50  # it was tried whether less helps
    assert sizes[-1] == 50
