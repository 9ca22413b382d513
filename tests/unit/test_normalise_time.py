"""Points in time: every way of writing, one way of sending, and no guesses."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.mapping.text import Unfit
from sync.mapping.time_formats import check_format
from sync.mapping.timestamps import time_normaliser

NEW_YORK = ZoneInfo("America/New_York")
VALID = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}")
normalise = time_normaliser(NEW_YORK)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2020-01-02T15:04:05-0700", "2020-01-02T15:04:05-0700"),
        ("2020-01-02T15:04:05-07:00", "2020-01-02T15:04:05-0700"),
        ("2020-01-02T15:04:05Z", "2020-01-02T15:04:05+0000"),
        ("2020-01-02T15:04:05.999999Z", "2020-01-02T15:04:05+0000"),
        ("2020-01-02T15:04:05.1234567Z", "2020-01-02T15:04:05+0000"),
        ("2020-01-02 15:04:05+00", "2020-01-02T15:04:05+0000"),
        ("2020-01-02 15:04:05 +0000", "2020-01-02T15:04:05+0000"),
        ("2020-01-02 15:04:05 UTC", "2020-01-02T15:04:05+0000"),
        ("2020-01-02 15:04:05", "2020-01-02T15:04:05-0500"),
        ("2020-07-02 15:04", "2020-07-02T15:04:00-0400"),
        ("2020-07-02", "2020-07-02T00:00:00-0400"),
        ("2020-7-2", "2020-07-02T00:00:00-0400"),
        ("2020/07/02 3:04 PM", "2020-07-02T15:04:00-0400"),
        ("2020/07/02 12:04 am", "2020-07-02T00:04:00-0400"),
        ("20200702", "2020-07-02T00:00:00-0400"),
        ("Jul 2, 2020", "2020-07-02T00:00:00-0400"),
        ("July 2nd, 2020 3:04 PM", "2020-07-02T15:04:00-0400"),
        ("2 Jul 2020", "2020-07-02T00:00:00-0400"),
        ("2-Sept-2020", "2020-09-02T00:00:00-0400"),
        ("Thu, 02 Jul 2020 15:04:05 +0200", "2020-07-02T15:04:05+0200"),
        ("Thu, 02 Jul 2020 15:04:05 GMT", "2020-07-02T15:04:05+0000"),
        ("1577977445", "2020-01-02T15:04:05+0000"),
        ("1577977445123", "2020-01-02T15:04:05+0000"),
        ("1712011200000", "2024-04-01T22:40:00+0000"),
        (1577977445, "2020-01-02T15:04:05+0000"),
        (1577977445.9, "2020-01-02T15:04:05+0000"),
        (1577977445999, "2020-01-02T15:04:05+0000"),
        (Decimal("1577977445.5"), "2020-01-02T15:04:05+0000"),
        (datetime(2020, 1, 2, 15, 4, 5, 6), "2020-01-02T15:04:05-0500"),
        (datetime(2020, 1, 2, 15, 4, 5, tzinfo=UTC), "2020-01-02T15:04:05+0000"),
        (datetime(2020, 7, 2, 15, 4, 5, tzinfo=NEW_YORK), "2020-07-02T15:04:05-0400"),
        (date(2020, 7, 2), "2020-07-02T00:00:00-0400"),
        ("2020-01-02T15:04:05+05:30:10", "2020-01-02T09:33:55+0000"),
        ("\uff12\uff10\uff12\uff10-\uff10\uff17-02", "2020-07-02T00:00:00-0400"),
        ("2020\u201107\u201102 3:04\u202fPM", "2020-07-02T15:04:00-0400"),
        ("\u200e2020/07/02", "2020-07-02T00:00:00-0400"),
    ],
)
def test_every_certain_spelling_is_read(value: Any, expected: str) -> None:
    assert normalise(value) == expected
    assert normalise(expected) == expected


@pytest.mark.parametrize(
    "value", ["11/24/2026", "24/11/2026", "11-24-2026 10:00", "1.2.2026", "1/2/26", "1/2/2026 3:04:05 PM"]
)
def test_a_date_whose_order_is_uncertain_is_not_guessed(value: str) -> None:
    message = (
        "^looks like a date whose order of day and month is not certain; add format: day_first or month_"
    )
    with pytest.raises(Unfit, match=message):
        normalise(value)


@pytest.mark.parametrize(
    ("formats", "value", "expected"),
    [
        (["month_first"], "11/24/2026", "2026-11-24T00:00:00-0500"),
        (["month_first"], "1/2/26 3:04 PM", "2026-01-02T15:04:00-0500"),
        (["month_first"], "2026-11-24", "2026-11-24T00:00:00-0500"),
        (["day_first"], "24.11.2026 09:30:15", "2026-11-24T09:30:15-0500"),
        (["day_first"], "1/2/1999", "1999-02-01T00:00:00-0500"),
        (["day_first"], "1/2/99", "1999-02-01T00:00:00-0500"),
        (["%d %b %Y|%H"], "24 Nov 2026|9", "2026-11-24T09:00:00-0500"),
        (["%Y-%m-%dT%H:%M:%S%z"], "2026-11-24T09:00:00+0200", "2026-11-24T09:00:00+0200"),
        (["iso"], "2026-11-24", "2026-11-24T00:00:00-0500"),
        (["day_first"], "\uff12\uff14.\uff11\uff11.2026", "2026-11-24T00:00:00-0500"),
        (["%d\u2013%m\u2013%Y"], "24\u201311\u20132026", "2026-11-24T00:00:00-0500"),
        (["epoch_s"], "86400", "1970-01-02T00:00:00+0000"),
        (["epoch_ms"], 86400000, "1970-01-02T00:00:00+0000"),
        (["excel"], 45292, "2024-01-01T00:00:00-0500"),
        (["excel"], "45292.520833333336", "2024-01-01T12:30:00-0500"),
        (["excel"], 45292.52083333333, "2024-01-01T12:30:00-0500"),
        (["month_first", "excel"], 45292, "2024-01-01T00:00:00-0500"),
        (["%d/%m/%Y", "%m-%d-%Y"], "11-24-2026", "2026-11-24T00:00:00-0500"),
        (["day_first"], date(2026, 11, 24), "2026-11-24T00:00:00-0500"),
    ],
)
def test_a_format_says_how_to_read(formats: list[str], value: Any, expected: str) -> None:
    assert time_normaliser(NEW_YORK, formats)(value) == expected


@pytest.mark.parametrize(
    ("formats", "value"),
    [
        (["day_first"], "31/02/2024"),
        (["month_first"], "24/11/2026"),
        (["day_first"], "1/2/2024 25:00"),
        (["day_first"], "1/2/2024 13:00 PM"),
        (["iso"], "1577977445"),
        (["excel"], "n/a"),
        (["excel"], 1e300),
        (["epoch_s"], "2026-11-24"),
        (["epoch_s"], 1e300),
        (["%d.%m.%Y"], "2026-11-24"),
    ],
)
def test_what_does_not_fit_its_format_is_refused(formats: list[str], value: Any) -> None:
    with pytest.raises(Unfit, match=f"not a time in the format {formats[0]}, or no such day|of this field"):
        time_normaliser(NEW_YORK, formats)(value)


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("soon", "text of 4 characters: not a date, or no such day; expected ISO 8601 as in"),
        ("2024-02-31", "8 digits: not a date, or no such day"),
        ("0000-00-00 00:00:00", "14 digits: not a date"),
        ("31 Foo 2024", "text of 11 characters, 6 of them digits: not a date"),
        ("123456789012345", "15 digits: not a date"),
        ("20241301", "8 digits: not a date"),
        ("0001-01-01T00:00:00", "the year is not between 1900 and 2100"),
        ("9999-12-31T23:59:59Z", "the year is not between 1900 and 2100"),
        (45292, "a number of 5 digits: not seconds or milliseconds since 1970"),
        (20240131, "a number of 8 digits: not seconds or milliseconds since 1970"),
        (True, "true or false: not a point in time"),
        (time(12), "a time of day: not a point in time"),
        (["2024-01-01"], "a list of 1 value: not a point in time"),
    ],
)
def test_what_is_no_time_is_refused(value: Any, complaint: str) -> None:
    with pytest.raises(Unfit) as refused:
        normalise(value)
    assert str(refused.value).startswith(complaint)


@pytest.mark.parametrize("value", [None, "", " ", float("nan"), Decimal("nan"), [], {}])
def test_nothing_is_nothing(value: Any) -> None:
    assert normalise(value) is None


def test_a_time_that_spring_leaves_out_is_moved_forward() -> None:
    assert normalise("2024-03-10 02:30:00") == "2024-03-10T03:30:00-0400"


def test_of_a_time_that_autumn_has_twice_the_first_is_meant() -> None:
    assert normalise("2024-11-03 01:30:00") == "2024-11-03T01:30:00-0400"
    assert normalise(datetime(2024, 11, 3, 1, 30, fold=1)) == "2024-11-03T01:30:00-0400"


def test_an_offset_with_seconds_becomes_utc() -> None:
    amsterdam = time_normaliser(ZoneInfo("Africa/Monrovia"))
    assert amsterdam("1930-01-01 00:00:00") == "1930-01-01T00:44:30+0000"


@pytest.mark.parametrize("name", ["iso", "epoch_s", "%d.%m.%Y", "%m/%d/%y %I:%M %p", "%x", "%Y%j"])
def test_formats_that_give_a_date_pass(name: str) -> None:
    assert check_format(name) == name


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("dayfirst", "'dayfirst' is no time format; use iso, epoch_s"),
        ("%d/%m", "'%d/%m' does not give a year, a month and a day"),
        ("%H:%M", "'%H:%M' does not give a year, a month and a day"),
        ("%Y-%Q", "'%Y-%Q' is no strptime pattern"),
    ],
)
def test_formats_that_do_not_are_refused(name: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        check_format(name)


_zones = st.one_of(
    st.none(), st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
)


@given(st.datetimes(datetime(1900, 1, 2), datetime(2100, 12, 30), timezones=_zones))
def test_every_iso_spelling_of_a_moment_is_the_same_moment(moment: datetime) -> None:
    found = normalise(moment)
    assert found
    assert VALID.fullmatch(found)
    assert normalise(found) == found
    assert normalise(moment.isoformat()) == found
    assert normalise(moment.isoformat(sep=" ")) == found
    if moment.tzinfo:
        assert datetime.fromisoformat(found) == moment.replace(microsecond=0)


@given(
    st.one_of(st.text(), st.integers(), st.floats(), st.dates(), st.datetimes(), st.booleans(), st.binary())
)
def test_whatever_comes_out_is_valid(value: Any) -> None:
    for normaliser in (normalise, time_normaliser(UTC, ["month_first", "excel", "epoch_ms", "%d %B %Y"])):
        try:
            found = normaliser(value)
        except Unfit:
            continue
        assert found is None or VALID.fullmatch(found)
