"""Wall-clock times of a zone and the instants they may mean, through the hours that clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta, tzinfo

#: Far enough from the ends of the calendar for any zone.
_FIRST, _LAST = datetime(1, 1, 3), datetime(9999, 12, 29)  # noqa: DTZ001 - wall-clock times


def instants(wall: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the earliest and the latest instant, in UTC, that a wall-clock time may mean.

    They differ in the hour that is repeated in autumn, and for times that are skipped in spring.
    """
    wall = min(max(wall, _FIRST), _LAST)
    first = wall.replace(tzinfo=zone, fold=0)
    second = first.replace(fold=1)
    one, other = first.astimezone(UTC), second.astimezone(UTC)
    return (one, other) if one <= other else (other, one)


def wall_at(moment: datetime, zone: tzinfo) -> datetime:
    """Return what the clock on the wall shows at an instant."""
    return _within(moment).astimezone(zone).replace(tzinfo=None, fold=0)


def wall_from(moment: datetime, zone: tzinfo) -> datetime:
    """Return a wall-clock time that nothing from this instant on is earlier than.

    In the repeated hour the clock runs back: reading begins before that hour.
    """
    wall = wall_at(moment, zone)
    return wall - _doubt(wall, zone)


def wall_until(moment: datetime, zone: tzinfo) -> datetime:
    """Return a wall-clock time that nothing before this instant reaches."""
    wall = wall_at(moment, zone)
    return wall + _doubt(wall, zone)


def _doubt(wall: datetime, zone: tzinfo) -> timedelta:
    earliest, latest = instants(wall, zone)
    return latest - earliest


def _within(moment: datetime) -> datetime:
    return min(max(moment, _FIRST.replace(tzinfo=UTC)), _LAST.replace(tzinfo=UTC))
