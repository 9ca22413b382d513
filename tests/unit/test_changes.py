"""Change times: what is older, and that their text form keeps them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.changes import is_older, newest, read_changed, write_changed

if TYPE_CHECKING:
    from sources.position import Cursor

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CURSORS = (
    st.datetimes(timezones=st.timezones())
    | st.integers()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
)


@given(CURSORS)
def test_what_is_written_is_read_back_equal(changed: Cursor) -> None:
    found = read_changed(write_changed(changed))
    if isinstance(changed, datetime):  # Python finds no time of another zone equal to one that occurs twice
        assert isinstance(found, datetime)
        changed = changed.astimezone(UTC)
    assert found == changed


def test_nothing_stays_nothing() -> None:
    assert write_changed(None) is None
    assert read_changed(None) is None


@pytest.mark.parametrize("first_or_last", [datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59)])
@pytest.mark.parametrize("hours", [-14, 14])
def test_the_ends_of_time_can_be_written(first_or_last: datetime, hours: int) -> None:
    changed = first_or_last.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert read_changed(write_changed(changed)) == changed


def test_text_no_database_takes_is_made_harmless() -> None:
    assert write_changed("a\0b\ud800") == "sa\N{REPLACEMENT CHARACTER}b?"


@pytest.mark.parametrize(
    ("changed", "known", "older"),
    [
        (NOON, NOON, False),
        (NOON - timedelta(seconds=1), NOON, True),
        (NOON, NOON - timedelta(seconds=1), False),
        (NOON.astimezone(timezone(timedelta(hours=-5))), NOON, False),
        (6, 7, True),
        ("2024-01-01", "2024-01-02", True),
        (None, NOON, False),
        (NOON, None, False),
        (7, NOON, False),
        ("7", 8, False),
    ],
)
def test_p4_older_is_what_certainly_is(changed: Cursor | None, known: Cursor | None, older: bool) -> None:
    assert is_older(changed, known) is older


def test_p1_text_that_databases_sort_in_more_than_one_way_is_not_called_older() -> None:
    assert not is_older("B", "a")
    assert not is_older("a", "B")
    assert is_older("a", "b")


@given(st.one_of(st.none(), CURSORS), st.one_of(st.none(), CURSORS))
def test_the_newest_is_never_older_than_either(changed: Cursor | None, known: Cursor | None) -> None:
    found = newest(changed, known)
    assert found in (changed, known)
    assert not is_older(found, known)
    assert found is not None or (changed is None and known is None)
