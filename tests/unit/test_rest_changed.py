"""Reading change times in every dress."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources._rest.changed import read_changed, shape

NEW_YORK = ZoneInfo("America/New_York")
AT = datetime(2026, 5, 1, 7, 25, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2026-05-01T07:25:37.000+0000",  # Salesforce
        "2026-05-01T07:25:37Z",
        "2026-05-01t07:25:37z",
        "2026-05-01T07:25:37.000000000Z",
        "2026-05-01T13:55:37+06:30",
        "2026-05-01 03:25:37",  # no zone: New York, four hours behind
        "2026-05-01 07:25:37 UTC",
        "2026-05-01 07:25:37 +0000",
        " 20260501032537 ",
        "Fri, 01 May 2026 07:25:37 GMT",
        "/Date(1777620337000)/",
        "/Date(1777620337000-0500)/",
        1777620337,
        1777620337.0,
        "1777620337",
        1777620337000,
        "1777620337000",
        1777620337000000,
        1777620337000000000,
        "1777620337.0",
    ],
)
def test_all_say_the_same(value: Any) -> None:
    assert read_changed(value, "auto", NEW_YORK) == AT


NONSENSE: list[Any] = [
    *(None, "", "yesterday", "0000-00-00 00:00:00", True, 0, 7, "12", 20260304, {}, []),
    *(float("inf"), 1e300, "2026-13-01", "05/01/2026", "9" * 30, "-5", "2026-05-01T25:00:00Z"),
]


@pytest.mark.parametrize("value", NONSENSE)
def test_what_cannot_be_read_is_none(value: Any) -> None:
    assert read_changed(value, "auto", UTC) is None


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        ("05/01/2026 3:25 AM", "%m/%d/%Y %I:%M %p", AT.replace(second=0)),
        ("20260501", "auto", datetime(2026, 5, 1, tzinfo=NEW_YORK)),
        ("2026-05-01", "auto", datetime(2026, 5, 1, tzinfo=NEW_YORK)),
        (86400, "epoch_s", datetime(1970, 1, 2, tzinfo=UTC)),
        ("86400000", "epoch_ms", datetime(1970, 1, 2, tzinfo=UTC)),
        (86400.5, "epoch_s", datetime(1970, 1, 2, 0, 0, 0, 500000, tzinfo=UTC)),
        ("x", "epoch_s", None),
        ("2026-05-01", "%m/%d/%Y", None),
    ],
)
def test_declared_formats(value: Any, form: str, expected: datetime | None) -> None:
    assert read_changed(value, form, NEW_YORK) == expected


@given(at=st.datetimes(datetime(1974, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_iso_and_epoch_read_back(at: datetime) -> None:
    assert read_changed(at.isoformat(), "auto", UTC) == at
    milliseconds = int((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))
    found = read_changed(milliseconds, "auto", UTC)
    assert found is not None
    assert abs(found - at) <= timedelta(milliseconds=1)


@given(value=st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers()))
def test_nothing_makes_it_fail_and_shapes_repeat_nothing(value: Any) -> None:
    for form in ("auto", "epoch_s", "epoch_ms", "%Y-%m-%d"):
        found = read_changed(value, form, NEW_YORK)
        assert found is None or found.tzinfo is not None
    assert shape(value)


@pytest.mark.parametrize(
    ("value", "said"),
    [("Ada", "text of 3 characters"), ("", "empty text"), (5551234, "number of 7 digits"), (None, "empty")],
)
def test_shapes(value: Any, said: str) -> None:
    assert shape(value) == said
