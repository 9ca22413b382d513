"""What delivery notes of itself: about once a second, and at once when the endpoint's condition changes."""

from __future__ import annotations

from sync.delivery.health import Health
from sync.delivery.policy import Policy
from sync.delivery.working import Working
from tests.delivery_kit import ACCEPTED, NO_LINE

NOW = 1_000_000.0


def health() -> Health:
    return Health(Policy(max_in_flight=8, first_pause=2.0), lambda: 0.5)


def test_the_first_turn_is_noted_and_then_one_a_second() -> None:
    working, found = Working(), health()
    noted = [working.note(found, 8, 0, NOW + number / 100) is not None for number in range(250)]
    assert noted[0]
    assert sum(noted) == 3


def test_nothing_is_noted_while_there_is_nothing_to_do() -> None:
    working, found = Working(), health()
    assert working.note(found, 0, 0, NOW) is not None
    assert all(working.note(found, 0, 0, NOW + second) is None for second in range(1, 100))


def test_that_nothing_is_left_is_noted_once() -> None:
    working, found = Working(), health()
    working.note(found, 8, 0, NOW)
    assert working.note(found, 0, 0, NOW + 0.5) is None
    last = working.note(found, 0, 100, NOW + 1)
    assert last is not None
    assert last["in_flight"] == 0
    assert working.note(found, 0, 100, NOW + 2) is None


def test_a_change_of_condition_is_noted_at_once() -> None:
    working, found = Working(), health()
    working.note(found, 8, 0, NOW)
    found.learn(NO_LINE, found.epoch, NOW + 0.1)
    noted = working.note(found, 0, 0, NOW + 0.1)
    assert noted is not None
    assert noted["next_try"] == found.condition.not_before == NOW + 2.1
    found.learn(ACCEPTED, found.epoch, NOW + 3)
    noted = working.note(found, 1, 1, NOW + 3)
    assert noted is not None
    assert noted["next_try"] is None


def test_the_rate_is_that_of_the_last_seconds() -> None:
    working, found = Working(), health()
    for second in range(60):
        noted = working.note(found, 8, 100 * min(second, 30) + 7 * max(0, second - 30), NOW + second)
        assert noted is not None
        if second == 30:
            assert noted["rate"] == 100.0
    assert noted["rate"] == 7.0
    assert (noted["window"], noted["max_in_flight"], noted["at"]) == (8, 8, NOW + 59)


def test_an_idle_hour_is_not_part_of_the_rate() -> None:
    working, found = Working(), health()
    working.note(found, 8, 0, NOW)
    working.note(found, 8, 0, NOW + 3600)
    noted = working.note(found, 8, 50, NOW + 3601)
    assert noted is not None
    assert noted["rate"] == 50.0


def test_a_clock_set_back_keeps_nothing_from_being_noted() -> None:
    working, found = Working(), health()
    working.note(found, 8, 0, NOW)
    noted = working.note(found, 8, 50, NOW - 3600)
    assert noted is not None
    assert noted["rate"] == 0.0
