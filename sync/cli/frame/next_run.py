"""When a source is polled next, as its schedule says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.config import SourceConfig


def next_run(source: SourceConfig, last_started: float | None, now: float) -> float | None:
    """Return when the schedule wants the next run, in seconds since the epoch; None without a schedule.

    It only comes about where `leadrelay run` is running. An interval counts from the last run's start,
    so the time may have passed.
    """
    schedule = source.options.schedule
    if schedule is None:
        return None
    if schedule.every is not None:
        return now if last_started is None else last_started + schedule.every.total_seconds()
    moment = datetime.fromtimestamp(now, UTC)
    fires = schedule.trigger(source.options.timezone).get_next_fire_time(None, moment)
    return float(fires.timestamp()) if fires else None
