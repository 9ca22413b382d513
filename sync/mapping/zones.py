"""Time zones as text and back, so that a mapping can be kept and read again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from sync.located_yaml import did_you_mean

_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


def zone_name(zone: tzinfo) -> str:
    """Return the name of a zone, as `zone_of` reads it.

    Raises:
        ValueError: when it is neither of the IANA database nor a constant offset in minutes.

    """
    if isinstance(zone, ZoneInfo) and zone.key:
        return zone.key
    if zone is UTC:
        return "UTC"
    if isinstance(zone, timezone):
        return datetime(2000, 1, 1, tzinfo=zone).isoformat()[19:]
    raise ValueError(f"a time zone of type {type(zone).__name__} has no name to keep; use zoneinfo.ZoneInfo")


def zone_of(name: str) -> tzinfo:
    """Return the zone of a name like America/New_York, UTC or +05:30.

    Raises:
        ValueError: when there is none.

    """
    match = _OFFSET.fullmatch(name)
    if match:
        span = timedelta(hours=int(match[2]), minutes=int(match[3]))
        return timezone(-span if match[1] == "-" else span)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"there is no time zone {name}{did_you_mean(name, available_timezones())}; "
            "expected a name as in America/New_York"
        ) from error


def check_zone(name: str) -> str:
    """Return the name of a zone as it is, when there is such a zone.

    Raises:
        ValueError: when there is none.

    """
    zone_of(name)
    return name
