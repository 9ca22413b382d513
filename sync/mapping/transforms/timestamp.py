"""Points in time, in the one form that Hatch documents."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from sync.mapping.timestamps import Normaliser, time_normaliser
from sync.mapping.transforms._options import TimeFormat, ZoneName
from sync.mapping.zones import zone_of


def timestamp(
    value: object,
    *,
    formats: TimeFormat | list[TimeFormat] | None = None,
    timezone: ZoneName = "UTC",
    to: ZoneName | None = None,
) -> str | None:
    """A point in time as 2020-01-02T15:04:05-0700, of a date, a time, a number or text.

    Args:
        value: text, seconds or milliseconds since 1970, or a real date of a database or a spreadsheet.
        formats: how text and numbers are written: iso, epoch_s, epoch_ms, excel, day_first, month_first or
            a pattern as %d.%m.%Y; or a list, the first that fits. Without it, whatever is not ambiguous.
        timezone: the zone of values without an offset. Without it, that of the source.
        to: the zone in which it is written. Without it, the offset that the value has.

    Returns:
        The time; fractions of a second are cut off.

    Raises:
        ValueError: when it is no date, or may be either of two.

    Examples:
        >>> timestamp("2026-01-31 3:04 PM", timezone="America/New_York")
        '2026-01-31T15:04:00-0500'
        >>> timestamp("31.01.2026", formats="day_first", timezone="Europe/Berlin")
        '2026-01-31T00:00:00+0100'
        >>> timestamp(45292.5, formats=["iso", "excel"])
        '2024-01-01T12:00:00+0000'
        >>> timestamp("2026-07-01T12:00:00Z", to="America/Chicago")
        '2026-07-01T07:00:00-0500'
        >>> timestamp("1/2/2026")
        Traceback (most recent call last):
        ValueError: looks like a date whose order of day and month is not certain; ...

    """
    names = (formats,) if isinstance(formats, str) else tuple(formats or ())
    found = _normaliser(names, timezone)(value)
    return found if found is None or to is None else _normaliser((), to)(_in_zone(found, to))


@lru_cache(maxsize=64)
def _normaliser(formats: tuple[str, ...], timezone: str) -> Normaliser:
    return time_normaliser(zone_of(timezone), formats, option="formats")


def _in_zone(found: str, to: str) -> datetime:
    return datetime.fromisoformat(found).astimezone(zone_of(to))
