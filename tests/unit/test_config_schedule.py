from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.config import parse_schedule

#: A Saturday.
START = datetime(2026, 8, 1, 12, 30, tzinfo=UTC)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def fires(text, count=1, zone=UTC, start=START):
    trigger = parse_schedule(text).trigger(zone)
    found, previous = [], None
    for _ in range(count):
        previous = trigger.get_next_fire_time(previous, (previous or start) + timedelta(seconds=1))
        found.append(previous)
    return found


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("every 30s", timedelta(seconds=30)),
        ("Every  1h30m", timedelta(minutes=90)),
        ("every minute", timedelta(minutes=1)),
        ("every 2 d", timedelta(days=2)),
    ],
)
def test_intervals(text, every):
    schedule = parse_schedule(text)
    assert schedule.every == every
    first, second = fires(text, 2)
    assert second - first == every


@pytest.mark.parametrize(
    ("weekdays", "expected"),
    [
        ("0", "sun"), ("7", "sun"), ("1", "mon"), ("6", "sat"), ("1-5", "mon tue wed thu fri"),
        ("5-7", "fri sat sun"),
        ("0-2", "sun mon tue"), ("sun-tue", "sun mon tue"), ("*/2", "sun tue thu sat"), ("0,6", "sun sat"),
        ("1-5/2", "mon wed fri"), ("Mon,WED", "mon wed"), ("0-7", " ".join(DAYS)), ("*", " ".join(DAYS)),
    ],
)  # fmt: skip
def test_weekdays_mean_what_cron_means(weekdays, expected):
    found = {DAYS[when.weekday()] for when in fires(f"0 9 * * {weekdays}", 14)}
    assert found == set(expected.split())


def test_day_of_month_and_weekday_are_either_as_in_cron():
    found = fires("0 9 13 * fri", 6)
    assert [(when.month, when.day) for when in found] == [(8, 7), (8, 13), (8, 14), (8, 21), (8, 28), (9, 4)]
    assert all(when.day in (1, 15) for when in fires("0 9 1,15 * *", 5))
    assert all(when.weekday() == 4 and when.day % 2 for when in fires("0 9 */2 * fri", 5))


def test_the_zone_holds_over_a_change_of_clocks():
    zone = ZoneInfo("America/New_York")
    found = fires("0 9 * * *", 3, zone, datetime(2026, 10, 31, 0, 0, tzinfo=zone))
    assert [when.hour for when in found] == [9, 9, 9]
    assert found[1].astimezone(UTC) - found[0].astimezone(UTC) == timedelta(hours=25)


def test_jitter_reaches_the_trigger():
    for text in ("every 1m", "* * * * *"):
        assert parse_schedule(text).trigger(UTC, timedelta(seconds=7)).jitter == 7
    either = parse_schedule("0 9 1 * mon").trigger(UTC, timedelta(seconds=7))
    assert [one.jitter for one in either.triggers] == [7, 7]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("60 * * * *", "minute '60' must be 0 to 59"),
        ("* 24 * * *", "hour '24' must be 0 to 23"),
        ("* * 0 * *", "day of month '0' must be 1 to 31"),
        ("* * * 13 *", "month '13' must be 1 to 12 or jan to dec"),
        ("* * * * 8", "weekday '8' must be 0 to 7 or sun to sat"),
        ("5/2 * * * *", "minute '5/2': a step follows * or a range, as in */5, and is at least 1"),
        ("*/0 * * * *", "minute '*/0': a step follows"),
        ("9-5 * * * *", "minute '9-5' goes backwards; write it as two ranges"),
        ("* * * * fri-mon", "weekday 'fri-mon' goes backwards"),
        ("1,,2 * * * *", "minute '' must be"),
        ("* * 31 2,4 *", "never comes due"),
        ("* * * *", "has 4 fields"),
        ("@daily", "is not a schedule"),
        ("every", "is not a duration"),
        ("every 400d", "must be between 1s and 366d"),
    ],
)
def test_what_is_no_schedule_says_why(line, reason):
    with pytest.raises(ValueError) as caught:
        parse_schedule(line)
    assert reason in str(caught.value)


FIELD = st.sampled_from(["*", "*/3", "1", "2-4", "1,3", "2-5/2"])


@given(fields=st.tuples(FIELD, FIELD, FIELD, FIELD, FIELD))
@settings(max_examples=40, deadline=None)
def test_every_line_that_is_taken_fires_and_goes_forward(fields):
    found = fires(" ".join(fields), 3)
    assert all(one < other for one, other in pairwise(found))
