"""Points in time as a transform; what is read as one is tested in test_normalise_time.py."""

from __future__ import annotations

from datetime import datetime

import pytest

from sync.mapping.transforms.timestamp import timestamp


def test_zone_and_formats() -> None:
    assert timestamp("2026-01-31 15:04", timezone="America/New_York") == "2026-01-31T15:04:00-0500"
    assert timestamp("31.01.2026", formats="day_first") == "2026-01-31T00:00:00+0000"
    assert timestamp("01-31-2026", formats=["%d.%m.%Y", "%m-%d-%Y"]) == "2026-01-31T00:00:00+0000"
    assert timestamp(datetime(2026, 1, 31, 15), timezone="+05:30") == "2026-01-31T15:00:00+0530"


def test_another_zone_is_the_same_moment() -> None:
    assert timestamp("2026-01-31T23:30:00-05:00", to="Europe/Berlin") == "2026-02-01T05:30:00+0100"
    assert timestamp("2026-07-01T12:00:00Z", to="America/New_York") == "2026-07-01T08:00:00-0400"


def test_messages_name_the_option() -> None:
    with pytest.raises(ValueError, match=r"add formats: day_first or month_first$"):
        timestamp("1/2/2026")
    with pytest.raises(ValueError, match=r"or add formats:$"):
        timestamp("soon")
