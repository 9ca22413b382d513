"""`send_window`: what is read, when it opens and closes, and what a moved clock does to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sync.delivery.doors import Hours, clock
from sync.gates.send_window import parse_send_window

NEW_YORK = ZoneInfo("America/New_York")


def at(text: str, fold: int = 0) -> float:
    """Return a time that New York's clocks show."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK, fold=fold).timestamp()


def shown(moment: float) -> str:
    return datetime.fromtimestamp(moment, NEW_YORK).strftime("%a %Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("written", "moment", "opens"),
    [
        ("8:00-20:00", "2026-05-06 07:59:59", "Wed 2026-05-06 08:00:00"),
        ("8:00-20:00", "2026-05-06 20:00:00", "Thu 2026-05-07 08:00:00"),
        ("mon-fri 8:00-20:00", "2026-05-08 20:00", "Mon 2026-05-11 08:00:00"),
        ("sat-mon 8:00-20:00", "2026-05-05 09:00", "Sat 2026-05-09 08:00:00"),
        ("tue,thu 8:00 - 9:30", "2026-05-05 09:30", "Thu 2026-05-07 08:00:00"),
        ("20:00-6:00", "2026-05-06 06:00", "Wed 2026-05-06 20:00:00"),
        # The night that begins on Friday ends on Saturday, which is not one of the days.
        ("mon-fri 20:00-6:00", "2026-05-09 06:00", "Mon 2026-05-11 20:00:00"),
    ],
)
def test_closed_until_it_opens(written: str, moment: str, opens: str) -> None:
    window, now = parse_send_window(written), at(moment)
    assert not window.is_open(now, NEW_YORK)
    assert shown(window.opening(now, NEW_YORK)) == opens
    assert window.is_open(window.opening(now, NEW_YORK), NEW_YORK), "to the second"


@pytest.mark.parametrize(
    ("written", "moment", "closes"),
    [
        ("8:00-20:00", "2026-05-06 08:00:00", "Wed 2026-05-06 20:00:00"),
        ("20:00-6:00", "2026-05-06 02:00", "Wed 2026-05-06 06:00:00"),
        ("mon-fri 20:00-6:00", "2026-05-09 05:59:59", "Sat 2026-05-09 06:00:00"),
        ("8:00-24:00", "2026-05-06 23:59:59", "Thu 2026-05-07 00:00:00"),
        ("0:00-24:00", "2026-05-06 12:00", "Thu 2026-05-07 00:00:00"),
    ],
)
def test_open_until_it_closes(written: str, moment: str, closes: str) -> None:
    window, now = parse_send_window(written), at(moment)
    assert window.is_open(now, NEW_YORK)
    assert shown(window.closing(now, NEW_YORK)) == closes


def test_the_whole_day_is_never_closed() -> None:
    window = parse_send_window("0:00-24:00")
    start = at("2026-10-31 00:00")
    assert all(window.is_open(start + minutes * 60, NEW_YORK) for minutes in range(0, 3 * 24 * 60, 7))


def test_it_keeps_to_the_clock_on_the_wall_when_that_is_moved() -> None:
    window = parse_send_window("8:00-20:00")
    before = window.opening(at("2026-03-07 21:00"), NEW_YORK)
    after = window.opening(at("2026-03-08 21:00"), NEW_YORK)
    assert (shown(before), shown(after)) == ("Sun 2026-03-08 08:00:00", "Mon 2026-03-09 08:00:00")
    assert at("2026-03-08 08:00") - at("2026-03-07 08:00") == timedelta(hours=23).total_seconds()


def test_a_time_that_the_clock_leaves_out_is_the_moment_at_which_it_is_moved() -> None:
    opens = parse_send_window("2:30-20:00").opening(at("2026-03-08 00:00"), NEW_YORK)
    closes = parse_send_window("0:10-2:30").closing(at("2026-03-08 00:30"), NEW_YORK)
    assert shown(opens) == shown(closes) == "Sun 2026-03-08 03:00:00"


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Africa/Cairo", "2026-04-23"), ("America/Santiago", "2026-09-05"), ("Asia/Beirut", "2026-03-28")],
)
def test_the_whole_day_is_never_closed_where_midnight_is_left_out(zone: str, day: str) -> None:
    window, place = parse_send_window("0:00-24:00"), ZoneInfo(zone)
    start = datetime.fromisoformat(f"{day} 12:00").replace(tzinfo=place).timestamp()
    assert datetime.fromisoformat(f"{day} 00:00").date() < datetime.fromtimestamp(start + 43200, place).date()
    assert all(window.is_open(start + minutes * 60, place) for minutes in range(0, 24 * 60, 7))
    assert parse_send_window("8:00-24:00").closing(start, place) == start + 12 * 3600


def test_a_day_that_the_calendar_leaves_out_has_no_window() -> None:
    place = ZoneInfo("Pacific/Apia")
    start = datetime(2011, 12, 29, 21, tzinfo=place).timestamp()
    opens = parse_send_window("8:00-20:00").opening(start, place)
    assert datetime.fromtimestamp(opens, place) == datetime(2011, 12, 31, 8, tzinfo=place)


def test_of_times_that_come_twice_it_takes_those_that_make_it_narrower() -> None:
    opens = parse_send_window("1:30-20:00").opening(at("2026-11-01 00:00"), NEW_YORK)
    closes = parse_send_window("0:10-1:30").closing(at("2026-11-01 00:30"), NEW_YORK)
    assert (opens, closes) == (at("2026-11-01 01:30", fold=1), at("2026-11-01 01:30", fold=0))


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("8-20", "expected times as in 8:00-20:00"),
        ("8:00-25:00", "25:00 is not a time of day"),
        ("8:00-8:00", "opens and closes at the same time"),
        ("weekdays 8:00-20:00", "days are mon, tue"),
        ("mon-wed-fri 8:00-20:00", "days are mon, tue"),
        (800, "expected times"),
    ],
)
def test_what_is_no_window_is_refused(written: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_send_window(written)


def test_people_are_told_until_when() -> None:
    now = at("2026-05-08 21:00")
    assert Hours(parse_send_window("8:00-20:00"), NEW_YORK).closed(now).until == "08:00"
    weekdays = Hours(parse_send_window("mon-fri 8:00-20:00"), NEW_YORK).closed(now)
    assert weekdays.of(3) == "outside of send_window, 3 leads wait until Mon 08:00"
    assert weekdays.of(1) == "outside of send_window, 1 lead waits until Mon 08:00"
    assert clock(at("2026-05-20 08:00"), now, NEW_YORK) == "2026-05-20 08:00"
    assert Hours(parse_send_window("8:00-20:00"), NEW_YORK).closed(at("2026-05-08 19:59:59")) is None
