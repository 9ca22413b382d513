"""Cursor values and instants: hours that come twice or never, text, and keys in positions."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources._sql.cursors import (
    CursorKind,
    Dates,
    Integers,
    LocalTimes,
    Texts,
    Unlike,
    UtcTimes,
    ZonedTimes,
    fitting,
)
from sources._sql.key_values import pack, unpack
from sources._sql.local_time import instants, wall_at, wall_from, wall_until
from sources._sql.stored_text import Form, StoredText, form_of
from sources.errors import BadConfig

NEW_YORK = ZoneInfo("America/New_York")
ZONES = [NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Africa/Casablanca"), UTC]
moments = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
walls = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1))


def test_an_hour_that_comes_twice_means_two_instants() -> None:
    assert instants(datetime(2026, 11, 1, 1, 30), NEW_YORK) == (
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
        datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
    )
    earliest, latest = instants(datetime(2026, 11, 1, 2, 30), NEW_YORK)
    assert earliest == latest


def test_p1_reading_in_the_repeated_hour_begins_before_it() -> None:
    second_pass = datetime(2026, 11, 1, 6, 10, tzinfo=UTC)
    assert wall_at(second_pass, NEW_YORK) == datetime(2026, 11, 1, 1, 10)
    assert wall_from(second_pass, NEW_YORK) == datetime(2026, 11, 1, 0, 10)
    assert wall_until(second_pass, NEW_YORK) == datetime(2026, 11, 1, 2, 10)


@pytest.mark.parametrize("zone", ZONES, ids=str)
@given(at=moments, wall=walls)
def test_p1_nothing_from_a_moment_on_is_left_out(zone: Any, at: datetime, wall: datetime) -> None:
    kind = LocalTimes(zone)
    written = wall_at(at + (wall - datetime(2000, 1, 1)), zone)  # by a clock of that zone, later
    assert written >= kind.lower(at)


@given(seconds=st.integers(-7200, 7200), later=st.integers(0, 7200))
def test_p1_nothing_is_left_out_around_a_change_of_clocks(seconds: int, later: int) -> None:
    kind = LocalTimes(NEW_YORK)
    for change in (datetime(2026, 11, 1, 6, tzinfo=UTC), datetime(2026, 3, 8, 7, tzinfo=UTC)):
        at = change + timedelta(seconds=seconds)
        reached, _ = kind.moments(wall_at(at, NEW_YORK))
        assert wall_at(at + timedelta(seconds=later), NEW_YORK) >= kind.lower(reached)


@given(at=moments, earlier=st.timedeltas(timedelta(microseconds=1), timedelta(hours=3)))
def test_p1_nothing_before_the_end_of_a_window_is_left_out(at: datetime, earlier: timedelta) -> None:
    assert wall_at(at - earlier, NEW_YORK) < LocalTimes(NEW_YORK).upper(at)


def test_times_at_the_ends_of_the_calendar_are_no_failure() -> None:
    for wall in (datetime(1, 1, 1), datetime(9999, 12, 31, 23)):
        earliest, latest = instants(wall, NEW_YORK)
        assert earliest <= latest
    assert wall_at(datetime(1, 1, 2, tzinfo=UTC), NEW_YORK).year == 1


@pytest.mark.parametrize(
    ("kind", "raw", "at"),
    [
        (ZonedTimes(), datetime(2026, 1, 1, 7, tzinfo=NEW_YORK), datetime(2026, 1, 1, 12, tzinfo=UTC)),
        (UtcTimes(), datetime(2026, 1, 1, 12), datetime(2026, 1, 1, 12, tzinfo=UTC)),
        (LocalTimes(NEW_YORK), datetime(2026, 1, 1, 7), datetime(2026, 1, 1, 12, tzinfo=UTC)),
        (Dates(NEW_YORK), date(2026, 1, 1), datetime(2026, 1, 1, 5, tzinfo=UTC)),
        (Integers(), Decimal("7.0"), 7),
        (Texts(), "v7", "v7"),
    ],
)
def test_a_value_becomes_a_cursor_and_is_found_again(kind: CursorKind, raw: Any, at: Any) -> None:
    assert kind.moments(raw) == (at, at)
    assert kind.exact(at) == raw
    assert kind.lower(at) <= raw


@pytest.mark.parametrize(
    ("kind", "raw", "message"),
    [
        (ZonedTimes(), "infinity", "text instead of one with a zone"),
        (ZonedTimes(), datetime(2026, 1, 1), "a timestamp instead of one with a zone"),
        (UtcTimes(), "0000-00-00", "text instead"),
        (LocalTimes(UTC), date(2026, 1, 1), "a date instead"),
        (Dates(UTC), datetime(2026, 1, 1), "a timestamp instead of a date"),
        (Integers(), True, "true or false instead of an integer"),
        (Integers(), 1.5, "a number with a fraction"),
        (Integers(), Decimal("NaN"), "a number instead"),
        (Texts(), 7, "an integer instead of text"),
    ],
)
def test_a_value_of_another_kind_is_said_to_be_so(kind: CursorKind, raw: Any, message: str) -> None:
    with pytest.raises(Unlike, match=message):
        kind.moments(raw)


def test_a_position_of_another_kind_is_refused() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert fitting(ZonedTimes(), now) == now
    for kind, at in ((Integers(), now), (ZonedTimes(), 7), (Texts(), 7)):
        with pytest.raises(BadConfig, match="reset the source's state"):
            fitting(kind, at)


FORMS = [Form("T", "none"), Form(" ", "none"), Form("T", "UTC"), Form(" ", "offset"), Form("", "none")]
WRITTEN = {
    FORMS[0]: ["2026-01-31T10:00", "2026-01-31T10:00:00", "2026-01-31T10:00:00.123456789"],
    FORMS[1]: ["2026-01-31 10:00:00", "2026-01-31 10:00:00.5"],
    FORMS[2]: ["2026-01-31T10:00:00Z", "2026-01-31T10:00:00.123+00:00", "2026-01-31T10:00:00+0000"],
    FORMS[3]: ["2026-01-31 10:00:00-05:00", "2026-01-31 10:00:00.5+05:30", "2026-01-31 10:00:00-05"],
    FORMS[4]: ["2026-01-31"],
}


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_text_is_recognised_and_read_again_from_its_time_on(form: Form) -> None:
    kind = StoredText(form, NEW_YORK)
    for text in WRITTEN[form]:
        assert form_of([text], "at") == form
        earliest, _ = kind.moments(text)
        assert kind.lower(earliest) <= text
        assert kind.upper(earliest + timedelta(microseconds=1)) > text


@given(at=moments, later=st.timedeltas(timedelta(0), timedelta(days=2)), hours=st.integers(-12, 14))
def test_p1_text_with_offsets_is_never_passed_over(at: datetime, later: timedelta, hours: int) -> None:
    offset = timedelta(hours=hours)
    wall = (at + later + offset).replace(tzinfo=None)
    text = f"{wall.isoformat(' ', 'seconds')}{'-' if hours < 0 else '+'}{abs(hours):02}:00"
    kind = StoredText(Form(" ", "offset"), UTC)
    at_seconds = at.replace(microsecond=0)
    assert text >= kind.lower(at_seconds)


@pytest.mark.parametrize(
    "other", ["2026-01-31T10:00:00", "2026-01-31 10:00:00Z", "31/01/2026", 7, "2026-02-30 10:00:00"]
)
def test_text_of_another_form_is_no_time(other: Any) -> None:
    with pytest.raises(Unlike):
        StoredText(FORMS[1], UTC).moments(other)


def test_several_forms_do_not_sort_and_are_refused() -> None:
    with pytest.raises(BadConfig, match=r"2026-01-31T10:00:00 and like 2026-01-31 10:00:00"):
        form_of(["2026-01-01T10:00:00", "2026-01-02T10:00:00", "2026-01-01 10:00:00"], "at")
    mostly = ["2026-01-01T10:00:00"] * 99 + ["2026-01-01 10:00:00"]
    assert form_of(mostly, "at") == Form("T", "none")
    assert form_of(["soon", None, 7], "at") is None


@pytest.mark.parametrize(
    "key",
    [
        (1, "a"),
        (Decimal("1.50"), UUID(int=7)),
        (datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1)),
        (b"\x00\xff", True),
        ("uuid", ""),
        (timedelta(hours=-30, microseconds=5), 7),
    ],
)
def test_keys_survive_json(key: tuple[Any, ...]) -> None:
    packed = tuple(json.loads(json.dumps(list(pack(key)))))
    assert unpack(packed) == key
    assert pack(key) == packed
