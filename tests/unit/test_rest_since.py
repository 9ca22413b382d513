"""Asking for what changed since a time: never later than meant, whatever the format can say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from sources._rest.since import SinceParam, TimeParam
from sources.http import Call

CALL = Call("https://api.example.com/")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Kathmandu"]
PATTERNS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%m/%d/%Y %H:%M", "%Y%m%d%H", "%d.%m.%Y"]
FORMATS = ["iso_z", "iso", "epoch_s", "epoch_ms", "date", *PATTERNS]


def _earliest(text: str, form: str, zone: str) -> datetime:
    """Return the earliest time that an API could take this text for."""
    if form.startswith("epoch"):
        return EPOCH + timedelta(milliseconds=int(text) * (1000 if form == "epoch_s" else 1))
    return min(_meanings(text, form, zone))


def _meanings(text: str, form: str, zone: str) -> list[datetime]:
    if form in ("iso", "iso_z"):
        return [datetime.fromisoformat(text)]
    naive = datetime.strptime(text, "%Y-%m-%d" if form == "date" else form)  # noqa: DTZ007 the point of it
    return [naive.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1)]


def _latest(text: str, form: str, zone: str) -> datetime:
    return _earliest(text, form, zone) if form.startswith("epoch") else max(_meanings(text, form, zone))


@given(
    at=st.datetimes(datetime(1971, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    form=st.sampled_from(FORMATS),
    zone=st.sampled_from(ZONES),
)
@example(datetime(2026, 11, 1, 5, 30, 0, 1, UTC), PATTERNS[0], "America/New_York")
@example(datetime(2026, 11, 1, 6, 30, 0, 0, UTC), PATTERNS[0], "America/New_York")
@example(datetime(2026, 11, 1, 6, 30, 0, 0, UTC), PATTERNS[3], "America/New_York")
@example(datetime(2026, 3, 4, 0, 0, 0, 0, UTC), "date", "UTC")
def test_p1_the_lower_bound_is_always_before(at: datetime, form: str, zone: str) -> None:
    call = TimeParam(param="s", format=form, timezone=zone).write_lower(CALL, at)
    assert _latest(call.params["s"], form, zone) < at


@given(
    at=st.datetimes(datetime(1971, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    form=st.sampled_from(FORMATS),
    zone=st.sampled_from(ZONES),
)
@example(datetime(2026, 11, 1, 5, 30, 0, 0, UTC), PATTERNS[0], "America/New_York")
@example(datetime(2026, 11, 1, 5, 30, 0, 0, UTC), PATTERNS[3], "America/New_York")
def test_p1_the_upper_bound_is_never_before(at: datetime, form: str, zone: str) -> None:
    call = TimeParam(param="u", format=form, timezone=zone).write_upper(CALL, at)
    assert _earliest(call.params["u"], form, zone) >= at


def test_never_before_the_epoch() -> None:
    call = TimeParam(param="s").write_lower(CALL, datetime(1, 1, 2, tzinfo=UTC))
    assert call.params["s"] == "1970-01-01T00:00:00Z"


def test_the_end_of_time_is_no_error() -> None:
    spec = TimeParam(param="u", format="date", timezone="America/New_York")
    assert spec.write_upper(CALL, datetime.max.replace(tzinfo=UTC)).params["u"] == "9000-01-01"


def test_numbers_in_a_body_are_numbers() -> None:
    spec = TimeParam.model_validate({"param": "a.b", "in": "json", "format": "epoch_s"})
    assert spec.write_lower(CALL, EPOCH + timedelta(seconds=100.5)).body == {"a": {"b": 100}}


def test_braces_of_the_vendors_own_stay() -> None:
    spec = TimeParam(param="f", value="IS_AFTER({Last Modified}, '{time}')")
    call = spec.write_lower(CALL, EPOCH + timedelta(days=1, seconds=0.5))
    assert call.params["f"] == "IS_AFTER({Last Modified}, '1970-01-02T00:00:00Z')"


@pytest.mark.parametrize(
    "said",
    [
        {"format": "isoz"},
        {"timezone": "Mars/Olympus"},
        {"value": "no place"},
        {"in": "body"},
        {"start": "soon"},
    ],
)
def test_settings_that_cannot_be(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SinceParam.model_validate({"param": "s", **said})
