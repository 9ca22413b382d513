from __future__ import annotations

import pytest

from sync.sandbox.limits import Rate, Window
from sync.sandbox.rules import Grade, RuleError, Rules


def test_a_rule_is_switched_by_name_and_the_rest_stays():
    rules = Rules().but(
        {"dedup": "none", "text_on_update": "true", "rate_limit": "100/10s", "body_limit": "99"}
    )
    assert (rules.dedup, rules.text_on_update, rules.rate_limit, rules.body_limit) == (
        "none",
        True,
        Rate(100, 10),
        99,
    )
    assert rules.timestamps == "strict"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dedupe": "none"}, 'no rule "dedupe" \\(did you mean "dedup"'),
        ({"dedup": "sometimes"}, 'match or none, found "sometimes"'),
        ({"dedup": None}, 'match or none, found "None"'),
        ({"retry_after": "perhaps"}, "true or false"),
        ({"rate_limit": "ten"}, "rate like 100/10s"),
        ({"rate_limit": "5/0s"}, "rate like 100/10s"),
        ({"body_limit": "0"}, "bytes above 0"),
        ({"body_limit": True}, "bytes above 0"),
        ({"flatten_joiner": 1}, "expected a text"),
    ],
)
def test_what_is_no_rule_or_no_value_of_it_is_said(changes, said):
    with pytest.raises(RuleError, match=said):
        Rules().but(changes)


def test_every_rule_says_what_it_is_about_and_how_well_it_is_known():
    described = Rules().described()
    assert all(each["doc"].endswith(".") and Grade(each["grade"]) for each in described)
    assert Rules().but({each["name"]: each["value"] for each in described}) == Rules()


@pytest.mark.parametrize(
    ("text", "rate"), [("10/s", Rate(10, 1)), ("5/2m", Rate(5, 120)), ("off", Rate(0, 0))]
)
def test_a_rate_is_read_and_written(text, rate):
    assert Rate.read(text) == rate
    assert Rate.read(str(rate)) == rate


def test_a_sliding_window_admits_again_when_the_oldest_request_has_left_it():
    window, rate = Window(), Rate(2, 10)
    assert [window.admit(rate, now) for now in (0.0, 4.0)] == [0.0, 0.0]
    assert window.admit(rate, 6.0) == pytest.approx(4.0)
    assert window.admit(rate, 10.0) == 0.0
    assert window.admit(rate, 10.0) == pytest.approx(4.0)


def test_a_window_that_was_wider_when_it_filled_still_tells_the_wait():
    window = Window()
    assert [window.admit(Rate(3, 10), 0.0 + n) for n in range(3)] == [0.0, 0.0, 0.0]
    assert window.admit(Rate(1, 10), 3.0) == pytest.approx(9.0)
