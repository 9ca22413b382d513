"""When an endpoint counts as down or halted, and when it is tried again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.delivery.health import Health, Status
from sync.delivery.policy import Policy
from sync.endpoints.base import Outcome, Receipt
from tests.delivery_kit import ACCEPTED, BUSY, NO_ANSWER, NO_LINE, REFUSED, REJECTED, THROTTLED

NOW = 1_000_000.0


def health(**changes: object) -> Health:
    return Health(Policy(**changes), lambda: 0.5)  # type: ignore[arg-type]


def test_up_has_the_whole_window() -> None:
    assert health(max_in_flight=7).slots(NOW) == 7


@pytest.mark.parametrize("receipt", [NO_LINE, THROTTLED], ids=["no line", "429"])
def test_a_dead_line_and_a_full_queue_are_about_the_endpoint_at_once(receipt: Receipt) -> None:
    found = health()
    found.learn(receipt, found.epoch, NOW)
    assert found.condition.status is Status.DOWN
    assert found.slots(NOW) == 0
    assert found.slots(found.condition.not_before) == 1


@pytest.mark.parametrize("receipt", [BUSY, NO_ANSWER], ids=["503", "no answer"])
def test_a_bad_answer_is_about_the_endpoint_only_in_a_row(receipt: Receipt) -> None:
    found = health(failures_in_a_row=3)
    found.learn(receipt, found.epoch, NOW)
    found.learn(receipt, found.epoch, NOW)
    found.learn(ACCEPTED, found.epoch, NOW)
    found.learn(receipt, found.epoch, NOW)
    found.learn(receipt, found.epoch, NOW)
    assert found.is_up
    found.learn(receipt, found.epoch, NOW)
    assert found.condition.status is Status.DOWN


def test_what_was_in_the_air_when_it_went_down_says_nothing_new() -> None:
    found = health()
    before = found.epoch
    found.learn(NO_LINE, before, NOW)
    until = found.condition.not_before
    for _ in range(50):
        found.learn(NO_LINE, before, NOW)
    assert found.condition.not_before == until


def test_each_try_in_vain_doubles_the_pause_up_to_the_longest() -> None:
    found, now, pauses = health(first_pause=1.0, longest_pause=8.0), NOW, []
    for _ in range(6):
        found.learn(NO_LINE, found.epoch, now)
        pauses.append(found.condition.not_before - now)
        now = found.condition.not_before
    assert pauses == pytest.approx([1, 2, 4, 8, 8, 8])


@pytest.mark.parametrize("receipt", [ACCEPTED, REJECTED], ids=["accepted", "rejected"])
def test_any_answer_about_a_lead_means_that_it_is_up(receipt: Receipt) -> None:
    found = health()
    found.learn(REFUSED, found.epoch, NOW)
    assert found.condition.status is Status.HALTED
    found.learn(receipt, found.epoch, NOW + 60)
    assert found.is_up
    assert found.failing_since is None


def test_a_lead_is_not_spent_on_a_try_whose_outcome_may_be_unknown() -> None:
    found = health(failures_in_a_row=1)
    found.learn(NO_ANSWER, found.epoch, NOW)
    assert found.ask_first
    found = health()
    found.learn(REFUSED, found.epoch, NOW)
    assert not found.ask_first  # refused for certain: nothing is spent


@given(st.lists(st.tuples(st.sampled_from(list(Outcome)), st.none() | st.floats(0, 1e6), st.floats(0, 100))))
def test_p7_a_retry_after_is_never_cut_short(
    steps: list[tuple[Outcome, float | None, float]],
) -> None:
    found, now, asked = health(), NOW, 0.0
    for outcome, after, later in steps:
        now += later
        found.learn(Receipt(outcome, status=503, retry_after=after), found.epoch, now)
        if outcome not in (Outcome.ACCEPTED, Outcome.REJECTED, Outcome.HALT) and after is not None:
            asked = max(asked, now + after)
        if found.slots(now):
            assert now >= asked


def test_after_many_questions_in_vain_one_lead_is_risked() -> None:
    found = health(failures_in_a_row=1)
    found.learn(NO_ANSWER, found.epoch, NOW)
    for _ in range(20):
        found.learn(NO_LINE, found.epoch, NOW)
    assert not found.ask_first


def test_the_window_is_that_of_what_was_found_while_it_is_up() -> None:
    found = health(max_in_flight=8)
    load = found.window.load(8)
    found.learn(THROTTLED, found.epoch, NOW, load)
    found.learn(ACCEPTED, 0, NOW, load)  # from before: it never was away
    assert found.is_up
    assert found.slots(NOW) == 4


def test_after_it_was_down_it_gets_one_then_two_and_is_soon_back() -> None:
    found = health(max_in_flight=16)
    found.learn(NO_LINE, found.epoch, NOW, found.window.load(16))
    now = found.condition.not_before
    assert found.slots(now) == 1
    found.learn(ACCEPTED, found.epoch, now, found.window.load(1))
    assert found.slots(now) == 2
    round_trips = 0
    while found.slots(now) < 16:
        for _ in range(found.slots(now)):
            found.learn(ACCEPTED, found.epoch, now, found.window.load(found.slots(now)))
        round_trips += 1
    assert round_trips <= 4


def test_a_question_without_a_lead_says_nothing_about_the_window() -> None:
    found = health(max_in_flight=16, failures_in_a_row=100)
    for _ in range(50):
        found.learn(BUSY, found.epoch, NOW)
    assert found.slots(NOW) == 16
