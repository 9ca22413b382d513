"""Our own pace holds in every span of time, whatever comes when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.units import Rate, parse_rate
from sync.delivery.pace import Pace

RATES = st.builds(
    lambda count, seconds: Rate(count, timedelta(seconds=seconds)),
    st.integers(1, 500),
    st.sampled_from([1, 10, 60]),
)


@given(RATES, st.lists(st.tuples(st.floats(0, 5), st.integers(1, 50)), min_size=1, max_size=80))
def test_a_rate_holds_in_every_span(rate: Rate, visits: list[tuple[float, int]]) -> None:
    pace, now, sent = Pace(rate), 1_000_000.0, list[float]()
    for later, wanted in visits:
        now += later
        going = min(wanted, pace.available(now))
        pace.take(going, now)
        sent += [now] * going
    span, together = rate.per.total_seconds(), 0.02
    for number, begun in enumerate(sent):
        inside = sum(1 for moment in sent[number:] if moment < begun + span)
        assert inside <= rate.count + rate.per_second * together + 2


@given(RATES)
def test_what_is_refused_now_may_go_when_it_opens(rate: Rate) -> None:
    pace, now = Pace(rate), 1_000_000.0
    pace.take(pace.available(now), now)
    assert pace.available(now) == 0
    assert pace.available(pace.opens_at(now) + 1e-6) >= 1


def test_without_a_rate_there_is_no_limit() -> None:
    pace = Pace(None)
    pace.take(10_000, 1.0)
    assert pace.available(1.0) > 10_000


@pytest.mark.parametrize("rate", ["10/s", "100/10s"])
def test_requests_are_spaced_evenly(rate: str) -> None:
    pace = Pace(parse_rate(rate))
    assert pace.available(100.0) == 1
    pace.take(1, 100.0)
    assert pace.opens_at(100.0) == pytest.approx(100.1, abs=0.021)


def test_a_clock_that_is_set_back_costs_one_turn_at_most() -> None:
    pace = Pace(parse_rate("1/s"))
    pace.take(1, 5000.0)
    assert pace.opens_at(1000.0) <= 1001.0
