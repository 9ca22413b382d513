"""How far a poll of Dynamics 365 has come, where the present is being written to while it is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sources._dynamics.progress import Progress
from sources.base import Position, Record

BEGAN = datetime(2026, 3, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def seen(progress: Progress, at: datetime, key: str, present: datetime) -> Position | None:
    """Take a page with one record, and return the position that it carries."""
    progress.see([(Record(key, {}, at, key), key)], present)
    return progress.position(last=False)


def test_p1_no_position_lies_behind_the_second_in_which_a_poll_began() -> None:
    progress = Progress(None)
    assert seen(progress, BEGAN - SECOND, "c", BEGAN) == Position(BEGAN - SECOND, ("c",))
    # More may change in a second that is not over, with ids that come before this one.
    assert seen(progress, BEGAN, "b", BEGAN) == Position(BEGAN)
    assert seen(progress, BEGAN + SECOND, "a", BEGAN + 9 * SECOND) == Position(BEGAN)
    assert progress.position(last=True) == Position(BEGAN)
    assert progress.place == (BEGAN + SECOND, "a")  # where this poll goes on if a link is not taken
