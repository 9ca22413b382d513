"""Time zones by their IANA names."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from sync.located_yaml import did_you_mean

#: Abbreviations that are taken for a place's clock and are not: EST has no daylight saving time.
_ABBREVIATIONS = {
    "EST": "America/New_York", "EDT": "America/New_York", "ET": "America/New_York",
    "CST": "America/Chicago", "CDT": "America/Chicago", "CT": "America/Chicago",
    "MST": "America/Denver", "MDT": "America/Denver", "MT": "America/Denver",
    "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "PT": "America/Los_Angeles",
    "HST": "Pacific/Honolulu", "AKST": "America/Anchorage", "AKDT": "America/Anchorage",
    "CET": "Europe/Berlin", "CEST": "Europe/Berlin", "BST": "Europe/London", "EET": "Europe/Helsinki",
}  # fmt: skip


def parse_zone(value: Any) -> ZoneInfo:
    """Return the zone of an IANA name.

    Raises:
        ValueError: when there is none, with the one that may be meant.

    """
    if isinstance(value, ZoneInfo):
        return value
    if not isinstance(value, str):
        raise ValueError("expected a time zone as in America/New_York")  # noqa: TRY004 - pydantic's way
    name = value.strip()
    if name.upper() in _ABBREVIATIONS:
        place = _ABBREVIATIONS[name.upper()]
        raise ValueError(f"{value!r} says nothing about daylight saving time; name a place, as in {place}")
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # no such name; a name that leads outside; a directory
        raise ValueError(
            f"{value!r} is not a time zone{_close(name)}; expected one as in America/New_York"
        ) from None


def _close(name: str) -> str:
    from zoneinfo import available_timezones

    zones = available_timezones()
    city = name.replace(" ", "_").casefold()
    same = sorted(zone for zone in zones if zone.rpartition("/")[2].casefold() == city and "/" in zone)
    return f' (did you mean "{same[0]}"?)' if same else did_you_mean(name.replace(" ", "_"), zones)


Zone = Annotated[
    ZoneInfo,
    BeforeValidator(parse_zone),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["America/New_York", "UTC"]}),
]
