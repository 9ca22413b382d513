"""When a source is polled: ``every 30s``, ``every 2h``, or a cron line of five fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from sources.units import format_duration, parse_duration

if TYPE_CHECKING:
    from datetime import tzinfo

EXAMPLES = "every 30s, every 2h, or a cron line as in */5 7-19 * * mon-fri"
_SHORTEST = timedelta(seconds=1)
_LONGEST = timedelta(days=366)
_WORDS = {"second": "1s", "minute": "1m", "hour": "1h", "day": "1d", "week": "1w"}


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a source is polled; exactly one of ``every`` and ``cron`` is there."""

    #: As it was written.
    text: str
    every: timedelta | None = None
    #: A cron line: minute, hour, day, month, weekday, with cron's meaning of each.
    cron: str | None = None

    def __str__(self) -> str:
        """Return it as it was written."""
        return self.text

    def trigger(self, timezone: tzinfo, jitter: timedelta | None = None) -> Any:
        """Return the APScheduler trigger that keeps this schedule in a zone."""
        seconds = int(jitter.total_seconds()) if jitter else None
        if self.every is not None:
            from apscheduler.triggers.interval import IntervalTrigger

            return IntervalTrigger(seconds=self.every.total_seconds(), timezone=timezone, jitter=seconds)
        from sync.config.cron import cron_trigger

        return cron_trigger(str(self.cron), timezone, seconds)


def parse_schedule(value: Any) -> Schedule:
    """Read a schedule.

    Raises:
        ValueError: when it is none, with what would be one.

    """
    if isinstance(value, Schedule):
        return value
    if not isinstance(value, str):
        raise ValueError(f"expected text like {EXAMPLES}")  # noqa: TRY004 - pydantic reports ValueError
    text = " ".join(value.split())
    first, _, rest = text.partition(" ")
    if first.lower() == "every":
        return Schedule(text, every=_interval(rest))
    if len(text.split()) == 1:
        raise ValueError(f"is not a schedule; expected {EXAMPLES}")
    from sync.config.cron import check_cron

    check_cron(text)
    return Schedule(text, cron=text)


def _interval(text: str) -> timedelta:
    span = parse_duration(_WORDS.get(text.lower().rstrip("s"), text))
    if not _SHORTEST <= span <= _LONGEST:
        limits = f"{format_duration(_SHORTEST)} and {format_duration(_LONGEST)}"
        raise ValueError(f"the time after every must be between {limits}")
    return span


ScheduleField = Annotated[
    Schedule,
    BeforeValidator(parse_schedule),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\s*([Ee]very\s+\S.*|\S+(\s+\S+){4})\s*$",
            "examples": ["every 1m", "*/5 7-19 * * mon-fri"],
        }
    ),
]
