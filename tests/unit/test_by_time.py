"""The helpers for adapters of systems that can be asked for what changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sources.base import PollRequest, Position, Record, Window
from sources.by_time import bounds, key_of, moment, position_after, records_from
from sources.errors import BadRecord

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("at", "window", "expected"),
    [
        (None, None, (None, None)),
        (NOON, None, (NOON, None)),
        (None, Window(NOON, NOON + HOUR), (NOON, NOON + HOUR)),
        (NOON + HOUR, Window(NOON, NOON + 2 * HOUR), (NOON + HOUR, NOON + 2 * HOUR)),
        (NOON - HOUR, Window(NOON, None), (NOON, None)),
        (NOON, Window(None, NOON + HOUR), (NOON, NOON + HOUR)),
        (7, Window(), (None, None)),
    ],
)
def test_bounds_are_the_later_beginning_and_the_end_of_the_window(
    at: Any, window: Window | None, expected: tuple[Any, Any]
) -> None:
    assert bounds(PollRequest(Position(at=at), window)) == expected
    assert bounds(PollRequest(None, window))[1] == expected[1]


def test_a_position_is_the_newest_change_and_never_in_the_future() -> None:
    records = [Record("1", {}, NOON), Record("2", {}, NOON + HOUR), Record("3", {}, None)]
    assert position_after(records, NOON + 2 * HOUR) == Position(at=NOON + HOUR)
    assert position_after(records, NOON + HOUR / 2) == Position(at=NOON + HOUR / 2)
    assert position_after(records[2:], NOON) is None
    assert position_after([], NOON) is None


def record(item: dict[str, Any]) -> Record:
    if item.get("gone"):
        raise BadRecord("it was merged", "lead 9")
    return Record(key_of(item["id"]), item, moment(item["at"], UTC))


def test_what_can_be_made_no_record_of_is_set_aside_with_the_reason_and_without_its_values() -> None:
    good = {"id": 7.0, "at": "2026-03-02T12:00:00Z"}
    items = [good, {"id": 1}, {"id": 2, "at": "the 804-555-0123th"}, "text", {"id": " ", "at": ""}]
    records, bad = records_from([*items, {"gone": True}], record)
    assert records == [Record("7", good, NOON)]
    assert [error.where for error in bad] == [f"number {n} of its page" for n in (2, 3, 4, 5)] + ["lead 9"]
    assert "it has no at" in str(bad[0])
    assert not any("0123" in str(error) or "text" in str(error) for error in bad)
    assert bad[0].fields == {"id": 1}
    assert bad[2].fields == {}


def test_a_time_without_a_zone_is_in_the_one_of_the_settings() -> None:
    zone = ZoneInfo("America/New_York")
    assert moment("2026-03-02T07:00:00", zone) == NOON
    assert moment("2026-03-02T12:00:00+00:00", zone) == NOON
